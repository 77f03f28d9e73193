/** Parts that sentences share: where, on what, how sure. */
import {armId, type Arm, type Mode} from "../arms.js";
import type {EffectRow, LevelRow, MeasureId, StudyFacts} from "../cubes.js";
import {formatCount, formatCounted, formatEffectInterval, formatLevelInterval} from "../format.js";
import {formatEffect, formatMeasure, measureOf} from "../measures.js";
import {recipeTitle} from "../palette.js";
import {rowsWhere} from "../cube-index.js";
import {shownKind} from "../intervals.js";
import type {Selection} from "../selection.js";

/** An answer and what it rests on: pages say the first above their first figure and the second below it. */
export interface Told {
  lead: string;
  evidence: string;
}

/** Sentences that there are, as one text. */
export function joined(...sentences: string[]): string {
  return sentences.filter(Boolean).join(" ");
}

/** The title of a measure inside a sentence: acronyms stay as they are. */
export function measureName(id: MeasureId): string {
  const {title} = measureOf(id);
  return title.charAt(0).toLowerCase() + title.slice(1);
}

export function corpusName(study: StudyFacts, id: string): string {
  return study.corpora.find((corpus) => corpus.id === id)?.title ?? id;
}

export function axisName(study: StudyFacts, id: string): string {
  return study.axes.find((axis) => axis.id === id)?.title ?? id;
}

/** `Support desk, Naturalness`. */
export function settingName(study: StudyFacts, {corpus, axis}: {corpus: string; axis: string}): string {
  return `${corpusName(study, corpus)}, ${axisName(study, axis)}`;
}

/** Settings that a selection's cell is pooled from. */
export function settingsIn(
  study: StudyFacts,
  {corpus, axis}: Pick<Selection, "corpus" | "axis">
): StudyFacts["settings"] {
  return study.settings.filter(
    (setting) => (corpus === "all" || setting.corpus === corpus) && (axis === "all" || setting.axis === axis)
  );
}

/** `pooled over 18 settings`, or the setting's name. */
export function placeName(study: StudyFacts, selection: Pick<Selection, "corpus" | "axis">): string {
  const settings = settingsIn(study, selection);
  return settings.length === 1 ? settingName(study, settings[0]!) : `pooled over ${settings.length} settings`;
}

/** `label first, token mean`, and the token budget where it is not the study's first. */
export const recipeName: (recipe: Omit<Arm, "mode">) => string = recipeTitle;

/** Id of the arm of a mode under the selected order, reduction and token budget. */
export function armOf(mode: Mode, {order, reduction, tokens}: Omit<Arm, "mode">): string {
  return armId({mode, order, reduction, tokens});
}

/** `1,800 test rows in 300 dialogues`. */
export function rowsName({n, dialogues}: {n: number; dialogues: number}): string {
  return `${formatCounted(n, "test row")} in ${formatCounted(dialogues, "dialogue")}`;
}

/** `mean of 3 seeds`, `1 seed`, or `seed 2` where one was chosen. */
export function seedsName(selection: Pick<Selection, "seed">, seeds: number): string {
  if (selection.seed !== "all") return `seed ${selection.seed}`;
  return seeds === 1 ? "1 seed" : `mean of ${formatCount(seeds)} seeds`;
}

/** `+4.2 points [+2.1, +6.3]`. */
export function effectText(
  measure: MeasureId,
  effect: number,
  low: number | null,
  high: number | null
): string {
  return [formatEffect(measure, effect), formatEffectInterval(low, high, measure)].filter(Boolean).join(" ");
}

/** `81.3 % [79.4, 83.1]`. */
export function levelText({
  measure,
  value,
  low,
  high
}: Pick<LevelRow, "measure" | "value" | "low" | "high">): string {
  return [formatMeasure(measure, value), formatLevelInterval(low, high, measure)].filter(Boolean).join(" ");
}

/** What the shown intervals generalise to: `over other dialogues and other trainings`. */
export function intervalScope(
  {seeds}: Pick<StudyFacts, "seeds">,
  selection: Pick<Selection, "interval" | "seed">
): string {
  if (shownKind(selection) === "trainings") return "over other dialogues and other trainings";
  if (selection.seed !== "all")
    return `over other dialogues, for the training with seed ${selection.seed} alone; one training says nothing of others`;
  return seeds.length === 1
    ? "over other dialogues, for this one training; a single seed says nothing of others"
    : "over other dialogues, for these trained models";
}

/** `a, b and c`. */
export function listOf(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** The effect of an arm in the selected cell. */
export function findEffect(
  effects: readonly EffectRow[],
  arm: string,
  {corpus, axis, seed, measure}: Pick<Selection, "corpus" | "axis" | "seed" | "measure">
): EffectRow | undefined {
  return rowsWhere(effects, {arm, corpus, axis, seed, measure})[0];
}

/** Effects of an arm in the selected cell, seed by seed; those that are known. */
export function effectsBySeed(
  effects: readonly EffectRow[],
  arm: string,
  {corpus, axis, measure}: Pick<Selection, "corpus" | "axis" | "measure">
): (EffectRow & {effect: number})[] {
  return rowsWhere(effects, {arm, corpus, axis, measure}).filter(
    (row): row is EffectRow & {effect: number} => row.seed !== "all" && row.effect !== null
  );
}

/** Seeds whose effects are named one by one, at most. */
const NAMED = 5;

/**
 * A warning where the trainings with different seeds differ in sign: an interval over dialogues holds nothing of the
 * training, so it is too sure there. Empty where they agree, or where there is but one.
 */
export function seedsDisagree(
  effects: (number | null | undefined)[],
  textOf: (effect: number) => string
): string {
  const known = effects.filter((effect) => typeof effect === "number");
  if (new Set(known.map(Math.sign)).size < 2) return "";
  const told =
    known.length <= NAMED
      ? listOf(known.map(textOf))
      : `${known.filter((effect) => effect < 0).length} of ${known.length} are below zero; from ${textOf(Math.min(...known))} to ${textOf(Math.max(...known))}`;
  return `But the seeds do not agree on it (${told}): read it as undecided.`;
}
