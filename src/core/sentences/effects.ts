/** Sentences on effects: does the explanation help, must it mean anything, what was gained and lost. */
import {MODES, parseArm, type Mode} from "../arms.js";
import type {AllCubes} from "../cubes-reader.js";
import type {EffectRow} from "../cubes.js";
import {formatCount} from "../format.js";
import {formatEffect, measureOf} from "../measures.js";
import {MODE_LOOKS} from "../palette.js";
import type {Selection} from "../selection.js";
import {verdictOf, winTieLoss} from "../statistics/win-tie-loss.js";
import {otherRecipes} from "./other-recipes.js";
import {
  armOf,
  effectSeeds,
  effectText,
  findEffect,
  intervalNote,
  listOf,
  measureName,
  placeName,
  recipeName,
  rowsName,
  seedsDisagree,
  seedsName,
  settingsIn
} from "./phrases.js";

/** Does *because* help? The explanation against the label alone, and in how many settings. */
export function overviewSentence({study, effects}: AllCubes, selection: Selection): string {
  const arm = armOf("explanation", selection);
  if (!study.arms.some(({id}) => id === arm)) return notTrained("explanation", selection);
  const row = findEffect(effects, arm, selection);
  if (!row || row.effect === null) return noEffect(selection);
  const evidence = [
    placeName(study, selection),
    recipeName(selection),
    rowsName(row),
    seedsName(selection, effectSeeds(effects, arm, selection)),
    intervalNote(row)
  ].join("; ");
  return [
    `${answer(row)} (${evidence}).`,
    verdictOf(row) === "undecided" || selection.seed !== "all" ? "" : effectDoubt(effects, row, selection),
    countSettings(effects, arm, selection, settingsIn(study, selection).length),
    otherRecipes(study, effects, selection, row)
  ]
    .filter(Boolean)
    .join(" ");
}

/** A decided effect whose seeds differ in sign is not decided by the trainings. */
function effectDoubt(effects: EffectRow[], {arm, measure}: EffectRow, selection: Selection): string {
  const seeds = [...new Set(effects.map(({seed}) => seed))].filter((seed) => seed !== "all");
  const bySeed = seeds.map((seed) => findEffect(effects, arm, {...selection, seed})?.effect);
  return seedsDisagree(bySeed, (effect) => formatEffect(measure, effect));
}

function answer(row: EffectRow): string {
  const {measure, effect, low, high} = row;
  const name = measureName(measure);
  const size = effectText(measure, effect!, low, high);
  const differs = `with the explanation, ${name} differs by ${size} from the label alone`;
  switch (verdictOf(row)) {
    case "helps":
      return `Yes, it helps: ${differs}`;
    case "hurts":
      return `No, it hurts: ${differs}`;
    case "undecided":
      return low === null
        ? `Undecided: ${differs}, and there is no interval to judge that by`
        : `Undecided: ${differs}, and the interval leaves open whether it helps or hurts`;
  }
}

function countSettings(
  effects: EffectRow[],
  arm: string,
  {seed, measure, corpus, axis}: Selection,
  settings: number
): string {
  if (settings < 2) return "";
  const rows = effects.filter(
    (row) =>
      row.arm === arm &&
      row.seed === seed &&
      row.measure === measure &&
      row.corpus !== "all" &&
      row.axis !== "all" &&
      (corpus === "all" || row.corpus === corpus) &&
      (axis === "all" || row.axis === axis)
  );
  const {wins, ties, losses, settings: known} = winTieLoss(rows);
  if (known === 0) return "";
  const counts = [
    {count: wins, says: "helps in"},
    {count: losses, says: "hurts in"},
    {count: ties, says: "is undecided in"}
  ].filter(({count}) => count > 0);
  if (counts.length === 1) return `Setting by setting it ${counts[0]!.says} all ${known}.`;
  return `Setting by setting it ${listOf(counts.map(({count, says}) => `${says} ${count}`))} of ${known}.`;
}

function notTrained(mode: Mode, selection: Selection): string {
  return (
    `Nothing can be said here: this study has no arm “${MODE_LOOKS[mode].title.toLowerCase()}” with ${recipeName(selection)}. ` +
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

/** Modes without the reason's meaning; key words keep part of it. */
const PSEUDO: readonly Mode[] = MODES.filter(
  (mode) => !["label-only", "explanation", "key-words"].includes(mode)
);

/** Must the reason mean anything? The explanation against the best of what only looks like one. Over all seeds. */
export function meaningSentence({study, effects}: AllCubes, selection: Selection): string {
  const over = {...selection, seed: "all"};
  const trained = PSEUDO.filter((mode) => study.arms.some(({id}) => id === armOf(mode, selection)));
  if (trained.length === 0)
    return `Nothing can be said here: this study has no pseudo-explanation with ${recipeName(selection)}.`;
  const rivals = trained.flatMap((mode) => {
    const row = findEffect(effects, armOf(mode, selection), over);
    return row && typeof row.versus_explanation === "number"
      ? [{mode, row, versus: row.versus_explanation}]
      : [];
  });
  if (rivals.length === 0)
    return `Nothing can be said here: no pseudo-explanation can be compared with the explanation under ${recipeName(selection)}.`;
  const sign = measureOf(selection.measure).better === "higher" ? 1 : -1;
  const best = rivals.reduce((a, b) => (sign * b.versus > sign * a.versus ? b : a));
  const {row} = best;
  const evidence = [
    placeName(study, selection),
    recipeName(selection),
    rowsName(row),
    seedsName(over, effectSeeds(effects, row.arm, over)),
    intervalNote({low: row.versus_explanation_low ?? null})
  ].join("; ");
  const helping = rivals.filter((rival) => verdictOf(rival.row) === "helps").length;
  const also = `Against the label alone, ${helping === 0 ? "none" : helping} of ${rivals.length} ${helping === 1 ? "helps" : "help"}.`;
  return [`${meaningAnswer(best, rivals.length)} (${evidence}).`, seedSpread(effects, row, over), also]
    .filter(Boolean)
    .join(" ");
}

/**
 * Where the seeds do not agree on which of two arms is better, the interval over dialogues alone is too sure: it holds
 * nothing of the training. Both arms' effects have the same label-only runs, which drop out of their difference.
 */
function seedSpread(effects: EffectRow[], rival: EffectRow, selection: Selection): string {
  const explanation = armOf("explanation", parseArm(rival.arm));
  const seeds = [...new Set(effects.map(({seed}) => seed))].filter((seed) => seed !== "all");
  const differences = seeds.map((seed) => {
    const [a, b] = [rival.arm, explanation].map(
      (arm) => findEffect(effects, arm, {...selection, seed})?.effect
    );
    return typeof a === "number" && typeof b === "number" ? a - b : null;
  });
  return seedsDisagree(differences, (difference) => formatEffect(rival.measure, difference));
}

function meaningAnswer(
  {mode, row, versus}: {mode: Mode; row: EffectRow; versus: number},
  rivals: number
): string {
  const {measure, versus_explanation_low: low = null, versus_explanation_high: high = null} = row;
  const who = `${rivals === 1 ? "the only pseudo-explanation" : `the best of ${rivals} pseudo-explanations`}, ${MODE_LOOKS[mode].title.toLowerCase()},`;
  const differs = `differs from the real explanation by ${effectText(measure, versus, low, high)} in ${measureName(measure)}`;
  switch (verdictOf({measure, low, high})) {
    case "hurts":
      return `Yes, meaning matters: ${who} is worse; it ${differs}`;
    case "helps":
      return `No: ${who} is even better; it ${differs}`;
    case "undecided":
      return `Undecided: ${who} ${differs}, and that isn't decided either way`;
  }
}

/** What the explanation arm alone got right, and what label-only alone got right. */
export function examplesSentence({study, effects}: AllCubes, selection: Selection): string {
  const arm = armOf("explanation", selection);
  if (!study.arms.some(({id}) => id === arm)) return notTrained("explanation", selection);
  const shown = {...selection, measure: "accuracy" as const};
  const row = findEffect(effects, arm, shown);
  if (!row || row.effect === null) return noEffect(shown);
  const seeds = selection.seed === "all" ? effectSeeds(effects, arm, shown) : 1;
  const more =
    row.gained > row.lost
      ? "more gained than lost"
      : row.gained < row.lost
        ? "more lost than gained"
        : "as many as each other";
  return (
    `Of ${formatCount(row.n * seeds)} answers (${formatCount(row.n)} test rows × ${seeds} ${seeds === 1 ? "seed" : "seeds"}; ` +
    `${placeName(study, selection)}; ${recipeName(selection)}), training on the explanation gained ${formatCount(row.gained)} that ` +
    `label only gets wrong and lost ${formatCount(row.lost)} that label only gets right: ${more}.`
  );
}
