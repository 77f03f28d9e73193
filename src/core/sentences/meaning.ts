/** Sentences on meaning: does the reason have to mean anything, and what does each text keep of its gain? */
import {MODES, parseArm, type Mode} from "../arms.js";
import type {AllCubes} from "../cubes-reader.js";
import type {EffectRow} from "../cubes.js";
import {formatEffectInterval, formatShare} from "../format.js";
import {gainShares, type GainShare} from "../gain-shares.js";
import {shownInterval, shownKind, versusInterval} from "../intervals.js";
import {formatEffect, gainSign} from "../measures.js";
import {MODE_LOOKS, recipeTitle} from "../palette.js";
import type {Selection} from "../selection.js";
import type {Interval} from "../statistics/cluster-bootstrap.js";
import {verdictOf, type Verdict} from "../statistics/win-tie-loss.js";
import {armOf, effectText, effectsBySeed, findEffect, listOf, measureName, seedsDisagree} from "./phrases.js";

/** Modes without the reason's meaning; key words keep part of it. */
const PSEUDO: readonly Mode[] = MODES.filter(
  (mode) => !["label-only", "explanation", "key-words"].includes(mode)
);

interface Rival {
  mode: Mode;
  row: EffectRow;
  versus: number;
  interval: Interval;
}

/** Must the reason mean anything? The explanation against the best of what only looks like one. Over all seeds. */
export function meaningSentence({study, effects}: AllCubes, selection: Selection): string {
  const over = {...selection, seed: "all"};
  const trained = PSEUDO.filter((mode) => study.arms.some(({id}) => id === armOf(mode, selection)));
  if (trained.length === 0)
    return `Nothing can be said of meaning here: this study has no pseudo-explanation with ${recipeTitle(selection, study.arms)}.`;
  const rivals = trained.flatMap((mode): Rival[] => {
    const row = findEffect(effects, armOf(mode, selection), over);
    return row && typeof row.versus_explanation === "number"
      ? [{mode, row, versus: row.versus_explanation, interval: versusInterval(row, over.interval)}]
      : [];
  });
  const sign = gainSign(selection.measure);
  if (rivals.length === 0 || sign === 0)
    return `Nothing can be said of meaning here: no pseudo-explanation can be compared with the explanation in ${measureName(selection.measure)} under ${recipeTitle(selection, study.arms)}.`;
  const best = rivals.reduce((a, b) => (sign * b.versus > sign * a.versus ? b : a));
  const doubt = over.interval === "trainings" ? "" : seedSpread(effects, best.row, over);
  const unsaid = withoutGain(effects, over);
  return [
    `${meaningAnswer(best, rivals.length, {inDoubt: doubt !== "", gains: unsaid === ""})}${selection.seed === "all" ? "" : " (mean over all seeds, whichever is chosen)"}.`,
    verdictOfRival(best) === "undecided" ? "" : doubt,
    unsaid
  ]
    .filter(Boolean)
    .join(" ");
}

function verdictOfRival({row: {measure}, interval: {low, high}}: Rival): Verdict {
  return verdictOf({measure, low, high});
}

/** The best of several was chosen by these data, which flatters it: said where it is what decides. */
function meaningAnswer(
  best: Rival,
  rivals: number,
  {inDoubt, gains}: {inDoubt: boolean; gains: boolean}
): string {
  const {
    mode,
    versus,
    row: {measure},
    interval: {low, high}
  } = best;
  const title = MODE_LOOKS[mode].title.toLowerCase();
  const who = `${title}, ${rivals === 1 ? "the only pseudo-explanation" : `the best of ${rivals} pseudo-explanations`},`;
  const differs = `differs from the explanation by ${effectText(measure, versus, low, high)}`;
  const verdict = verdictOfRival(best);
  if (verdict !== "undecided" && inDoubt) return `Undecided whether meaning matters: ${who} ${differs}`;
  switch (verdict) {
    case "hurts":
      return `Yes, meaning matters: even ${who} is worse than the real reason: it ${differs}`;
    case "helps":
      return `${gains ? "Meaning is not needed" : "No sign that meaning helps"}: ${who} does better than the real reason: it ${differs}${rivals === 1 ? "" : ", flattered by being the best of several"}`;
    case "undecided":
      return `Whether meaning matters is undecided: ${who} ${differs}`;
  }
}

/** Where the explanation is not ahead of label only there is no gain that meaning could have brought about. */
function withoutGain(effects: readonly EffectRow[], selection: Selection): string {
  const row = findEffect(effects, armOf("explanation", selection), selection);
  if (!row || row.effect === null) return "";
  const {measure} = row;
  switch (verdictOf({measure, ...shownInterval(row, selection)})) {
    case "helps":
      return "";
    case "hurts":
      return "The explanation itself does worse than label only, so this tells which text costs less, not which helps.";
    case "undecided":
      return "The real reason itself is not surely ahead of label only, so this tells which text costs less, not which helps.";
  }
}

/**
 * Where the seeds do not agree on which of two arms is better, the interval over dialogues alone is too sure: it holds
 * nothing of the training. Both arms' effects have the same label-only runs, which drop out of their difference.
 */
function seedSpread(effects: readonly EffectRow[], rival: EffectRow, selection: Selection): string {
  const explanation = armOf("explanation", parseArm(rival.arm));
  const ofExplanation = new Map(
    effectsBySeed(effects, explanation, selection).map((row) => [row.seed, row.effect])
  );
  const differences = effectsBySeed(effects, rival.arm, selection).flatMap(({seed, effect}) => {
    const other = ofExplanation.get(seed);
    return other === undefined ? [] : [effect - other];
  });
  return seedsDisagree(differences, (difference) => formatEffect(rival.measure, difference));
}

/** What each text keeps of the explanation's gain, or why there is none to share. */
export function sharesSentence({study, effects}: AllCubes, selection: Selection): string {
  const found = gainShares(study, effects, selection);
  if (found.gain === null) return found.reason;
  const {gain, shares} = found;
  const {measure, effect} = gain;
  const {low, high} = shownInterval(gain, selection);
  const size = `${formatEffect(measure, effect)} ${formatEffectInterval(low, high, measure)}`.trim();
  if (shares.length === 0) return `The explanation gains ${size}; no other mode is shown beside it.`;
  const kept = shares.map((each) => `${MODE_LOOKS[each.arm.mode].title.toLowerCase()} ${keptText(each)}`);
  const scope =
    shownKind(selection) === "trainings" && shares.some(({low: end}) => end !== null)
      ? " Intervals of shares are over other dialogues, for these trained models."
      : "";
  return `Of the explanation’s gain of ${size}, ${listOf(kept)}.${scope}`;
}

/** Below zero a text does harm, where its interval agrees. */
function keptText(share: GainShare): string {
  const said = formatShare(share);
  if (share.share >= 0) return `keeps ${said}`;
  return share.high === null || share.high < 0 ? `does harm (${said})` : `keeps nothing for sure (${said})`;
}
