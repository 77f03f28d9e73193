/** Sentences on the explanation's effect: does it help, how sure and where, what was gained and lost. */
import type {Mode} from "../arms.js";
import {rowsWhere} from "../cube-index.js";
import type {Baseline} from "../contract.js";
import type {AllCubes} from "../cubes-reader.js";
import type {AcrossRow, EffectRow, LevelRow, StudyFacts} from "../cubes.js";
import {formatCount, formatEffectInterval} from "../format.js";
import {shownInterval, shownKind} from "../intervals.js";
import {formatEffect, formatMeasure, gainSign, largestEffect, measureOf} from "../measures.js";
import {BASELINE_TITLES, MODE_LOOKS, recipeTitle} from "../palette.js";
import type {Selection} from "../selection.js";
import {verdictOf, winTieLoss} from "../statistics/win-tie-loss.js";
import {bestOf} from "./levels.js";
import {otherRecipes} from "./other-recipes.js";
import {
  armOf,
  effectText,
  effectsBySeed,
  findEffect,
  intervalScope,
  listOf,
  measureName,
  placeName,
  rowsName,
  seedsDisagree,
  seedsName,
  settingsIn
} from "./phrases.js";

/** Does *because* help? The explanation against the label alone. */
export function overviewSentence({study, effects, levels}: AllCubes, selection: Selection): string {
  const arm = armOf("explanation", selection);
  if (!study.arms.some(({id}) => id === arm)) return notTrained(study, "explanation", selection);
  const row = findEffect(effects, arm, selection);
  if (!row || row.effect === null) return noEffect(selection);
  const {measure} = row;
  const isTooSure = selection.seed === "all" && shownKind(selection) === "dialogues";
  const bySeed = isTooSure ? effectsBySeed(effects, arm, selection) : [];
  const {low, high} = shownInterval(row, selection);
  const isDecided = verdictOf({measure, low, high}) !== "undecided";
  return [
    answer(row, selection),
    isDecided
      ? seedsDisagree(
          bySeed.map(({effect}) => effect),
          (effect) => formatEffect(measure, effect)
        )
      : "",
    measureOf(measure).biased ? BIASED : "",
    besideShortcut(levels, arm, selection)
  ]
    .filter(Boolean)
    .join(" ");
}

/** Under the same calibration, an arm whose confidences fill more bins has the larger error. */
const BIASED =
  "Part of it may be bias: such an error is too high in small samples, and more so for an arm whose confidences spread wider. Read accuracy beside it.";

/** Whoever is no better than a shortcut has learnt nothing that a loss could be a part of. */
function besideShortcut(levels: readonly LevelRow[], arm: string, selection: Selection): string {
  const {measure, corpus, axis, seed} = selection;
  const here = rowsWhere(levels, {measure, corpus, axis}).filter(({value}) => value !== null);
  const [explained, alone] = [arm, "label-only"].map((system) =>
    here.find((row) => row.system === system && row.seed === seed)
  );
  const sign = gainSign(measure);
  const best = bestOf(here.filter(({kind}) => kind === "baseline"));
  if (!explained || !alone || sign === 0 || !best) return "";
  const {low, high} = shownInterval(explained, selection);
  const worst = sign > 0 ? low : high;
  if (worst === null || sign * worst > sign * best.value!) return "";
  const title = BASELINE_TITLES[best.system as Baseline].toLowerCase();
  const said = (row: LevelRow) => formatMeasure(measure, row.value);
  return `At ${said(explained)} it is not surely better than the best shortcut, ${title}, at ${said(best)}; label only reaches ${said(alone)}.`;
}

function answer(row: EffectRow, selection: Selection): string {
  const {measure, effect} = row;
  const {low, high} = shownInterval(row, selection);
  const size = `the explanation changes ${measureName(measure)} by ${effectText(measure, effect!, low, high)} against the label alone`;
  if (gainSign(measure) === 0)
    return `With ${measureName(measure)} the difference alone does not tell what is better: ${size}.`;
  if (low === null) return `Undecided: ${size}, and there is no interval to judge that by.`;
  switch (verdictOf({measure, low, high})) {
    case "helps":
      return `Yes, it helps: ${size}.`;
    case "hurts":
      return `No, it hurts: ${size}.`;
    case "undecided":
      return `Undecided: ${size}, and the interval leaves open whether it helps or hurts.`;
  }
}

/** How sure is that, and where does it hold? What the numbers are over, setting by setting, and trained otherwise. */
export function certaintySentence(
  {study, effects, across, verdicts}: AllCubes,
  selection: Selection
): string {
  const arm = armOf("explanation", selection);
  const row = findEffect(effects, arm, selection);
  if (!row || row.effect === null) return "";
  const evidence = [
    rowsName(row),
    placeName(study, selection),
    recipeTitle(selection, study.arms),
    seedsName(selection, effectsBySeed(effects, arm, selection).length)
  ].join(", ");
  const {low} = shownInterval(row, selection);
  return [
    `This rests on ${evidence}; ${low === null ? "no interval" : `95 % intervals ${intervalScope(study, selection)}`}.`,
    countSettings(effects, arm, selection, settingsIn(study, selection).length),
    selection.seed === "all" ? settingSpread(across, arm, selection) : "",
    otherRecipes(study, effects, selection, row),
    low !== null && verdicts.length > 0
      ? "None of these intervals is corrected for how many there are; the hypotheses below are."
      : ""
  ]
    .filter(Boolean)
    .join(" ");
}

/** In how many settings an arm helps, hurts and is undecided; empty where there is but one, or no better side. */
export function countSettings(
  effects: readonly EffectRow[],
  arm: string,
  selection: Selection,
  settings: number
): string {
  const {seed, measure, corpus, axis} = selection;
  if (settings < 2 || gainSign(measure) === 0) return "";
  const rows = rowsWhere(effects, {arm, seed, measure}).filter(
    (row) =>
      row.corpus !== "all" &&
      row.axis !== "all" &&
      (corpus === "all" || row.corpus === corpus) &&
      (axis === "all" || row.axis === axis)
  );
  const shown = rows.map((row) => ({measure, effect: row.effect, ...shownInterval(row, selection)}));
  const {wins, ties, losses, settings: known} = winTieLoss(shown);
  if (known === 0 || shown.every(({low}) => low === null)) return "";
  const counts = [
    {count: wins, says: "helps in"},
    {count: losses, says: "hurts in"},
    {count: ties, says: "is undecided in"}
  ].filter(({count}) => count > 0);
  if (counts.length === 1) return `Setting by setting it ${counts[0]!.says} all ${known}.`;
  return `Setting by setting it ${listOf(counts.map(({count, says}) => `${says} ${count}`))} of ${known}.`;
}

/** The random-effects mean of settings, and what it lets one expect of a setting not yet seen. */
function settingSpread(
  across: readonly AcrossRow[],
  arm: string,
  {measure, corpus, axis}: Selection
): string {
  const row = rowsWhere(across, {arm, measure, corpus, axis})[0];
  if (!row || row.mean === null) return "";
  const {mean, low, high, predicted_low, predicted_high} = row;
  const most = largestEffect(measure);
  const expected =
    predicted_low === null || predicted_high === null
      ? ""
      : formatEffectInterval(Math.max(-most, predicted_low), Math.min(most, predicted_high), measure);
  return (
    `For these trained models, the mean of ${row.settings} settings is ${effectText(measure, mean, low, high)}` +
    (expected ? `; in a setting not yet seen, expect ${expected}.` : ".")
  );
}

function notTrained(study: StudyFacts, mode: Mode, selection: Selection): string {
  return (
    `Nothing can be said here: this study has no arm “${MODE_LOOKS[mode].title.toLowerCase()}” with ${recipeTitle(selection, study.arms)}. ` +
    "Choose another order or loss."
  );
}

function noEffect({measure}: Selection): string {
  const {pools} = measureOf(measure);
  const why =
    pools === "any"
      ? ""
      : " Some measures aren't defined for every axis, nor across axes with different labels.";
  return (
    `Nothing can be said here: there is no paired difference in ${measureName(measure)} between explanation and label only. ` +
    `Either has no finished run (see Runs), or the measure is undefined.${why}`
  );
}

/** What the explanation arm alone got right, and what label-only alone got right. */
export function examplesSentence({study, effects}: AllCubes, selection: Selection): string {
  const arm = armOf("explanation", selection);
  if (!study.arms.some(({id}) => id === arm)) return notTrained(study, "explanation", selection);
  const shown = {...selection, measure: "accuracy" as const};
  const row = findEffect(effects, arm, shown);
  if (!row || row.effect === null) return noEffect(shown);
  const seeds = selection.seed === "all" ? effectsBySeed(effects, arm, shown).length : 1;
  const more =
    row.gained > row.lost
      ? "more gained than lost"
      : row.gained < row.lost
        ? "more lost than gained"
        : "as many as each other";
  const {low, high} = shownInterval(row, selection);
  const isOpen =
    row.gained !== row.lost && low !== null && verdictOf({measure: "accuracy", low, high}) === "undecided";
  const chance = isOpen ? `, which may be chance: ${effectText("accuracy", row.effect, low, high)}` : "";
  return (
    `Of ${formatCount(row.n * seeds)} answers (${formatCount(row.n)} test rows × ${seeds} ${seeds === 1 ? "seed" : "seeds"}; ` +
    `${placeName(study, selection)}; ${recipeTitle(selection, study.arms)}), training on the explanation gained ${formatCount(row.gained)} that ` +
    `label only gets wrong and lost ${formatCount(row.lost)} that label only gets right: ${more}${chance}.`
  );
}
