/** How much of the explanation's gain over label-only each other text keeps, where there is a gain to share. */
import {MODES, armId, type Mode} from "./arms.js";
import {rowsWhere} from "./cube-index.js";
import type {EffectRow, StudyFacts} from "./cubes.js";
import {formatEffectInterval} from "./format.js";
import {shownInterval} from "./intervals.js";
import {formatEffect, gainSign, measureOf} from "./measures.js";
import {selectedArms, type Selection, type StudyArm} from "./selection.js";
import {NO_INTERVAL, type Interval} from "./statistics/cluster-bootstrap.js";
import {shareInterval} from "./statistics/share-of-gain.js";
import {verdictOf} from "./statistics/win-tie-loss.js";

export interface GainShare extends Interval {
  arm: StudyArm;
  row: EffectRow;
  /** 1 is all of the gain; below 0 the text does harm. `low` to `high` is over other dialogues. */
  share: number;
}

/** `gain` with the shares of it, from no meaning to most; or the reason why there is none to share. */
export type GainShares = {gain: EffectRow; shares: GainShare[]} | {gain: null; reason: string};

/** Shares of the selected arms in the selected cell, order, reduction and token budget. */
export function gainShares(
  study: StudyFacts,
  effects: readonly EffectRow[],
  selection: Selection
): GainShares {
  const gain = gainOf(study, effects, selection);
  if (typeof gain === "string") return {gain: null, reason: gain};
  const {measure, seed, corpus, axis} = selection;
  const arms = selectedArms(selection, study)
    .filter(({mode, id}) => mode !== "label-only" && id !== gain.arm)
    .sort((a, b) => stepsFromMeaning(b.mode) - stepsFromMeaning(a.mode));
  const shares = arms.flatMap((arm): GainShare[] => {
    const row = rowsWhere(effects, {arm: arm.id, measure, seed, corpus, axis})[0];
    if (!row || row.effect === null) return [];
    return [{arm, row, share: row.effect / gain.effect!, ...intervalOfShare(row, gain)}];
  });
  return {gain, shares};
}

function stepsFromMeaning(mode: Mode): number {
  return MODES.indexOf(mode);
}

/** The explanation's effect where it is a gain, or why there is none to share. */
function gainOf(study: StudyFacts, effects: readonly EffectRow[], selection: Selection): EffectRow | string {
  const {measure, seed, corpus, axis, order, reduction, tokens} = selection;
  const arm = armId({mode: "explanation", order, reduction, tokens});
  if (!study.arms.some(({id}) => id === arm))
    return "There is no gain to share: no explanation arm of this order and loss reduction was trained.";
  const row = rowsWhere(effects, {arm, measure, seed, corpus, axis})[0];
  if (!row || row.effect === null)
    return "There is no gain to share: the explanation has no paired effect here.";
  if (gainSign(measure) === 0)
    return `There is no gain to share: a difference in ${measureOf(measure).title.toLowerCase()} is none by itself.`;
  const {low, high} = shownInterval(row, selection);
  const size = [formatEffect(measure, row.effect), formatEffectInterval(low, high, measure)]
    .filter(Boolean)
    .join(" ");
  if (low === null) return `Whether there is a gain to share is not known: ${size}, without an interval.`;
  const verdict = verdictOf({measure, low, high});
  if (verdict === "hurts")
    return `There is no gain to share: with the explanation, the difference to label only is ${size}.`;
  if (verdict === "undecided")
    return `Whether there is a gain to share is not decided: with the explanation, the difference to label only is ${size}.`;
  return row;
}

/** Errors and quantile are read from the rows' own intervals over dialogues, which are symmetric. */
function intervalOfShare(row: EffectRow, gain: EffectRow): Interval {
  const {versus_explanation_low: from, versus_explanation_high: to} = row;
  if (!row.se || !gain.se || gain.low === null || gain.high === null || from == null || to == null)
    return NO_INTERVAL;
  const quantile = (gain.high - gain.low) / (2 * gain.se);
  return shareInterval(
    {value: row.effect!, se: row.se},
    {value: gain.effect!, se: gain.se},
    {differenceError: (to - from) / (2 * quantile), quantile}
  );
}
