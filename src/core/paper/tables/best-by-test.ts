/** Which arms of a row are best, by test and not by eye. */
import {parseArm} from "../../arms.js";
import type {EffectRow, IntervalKind, MeasureId} from "../../cubes.js";
import {versusInterval} from "../../intervals.js";
import {gainSign} from "../../measures.js";
import {studentTQuantile, studentTTwoSided} from "../../statistics/distributions.js";
import {holm} from "../../statistics/multiple-comparisons.js";

/** Level of all tests in tables. */
export const ALPHA = 0.05;

/** An estimate with its standard error and degrees of freedom, of the kind that is shown. */
interface Estimate {
  value: number;
  se: number;
  df: number;
}

/** Standard error of an effect, of one kind; null where the tables hold none. */
export function estimateOf(row: EffectRow, kind: IntervalKind): Estimate | null {
  const [se, df] = kind === "dialogues" ? [row.se, row.df] : [row.se_trainings, row.df_trainings];
  return row.effect === null || se == null || df == null || !(se > 0) ? null : {value: row.effect, se, df};
}

/** Two-sided p of no effect by Student's t, the test of the interval that is shown; null where it has none. */
export function effectP(row: EffectRow, kind: IntervalKind): number | null {
  const found = estimateOf(row, kind);
  return found && studentTTwoSided(found.value / found.se, found.df);
}

/**
 * Arms of a row, label-only among them, that are not surely worse than the best: the best, and those whose difference
 * to it is not told from zero by a t test, Holm over the row's comparisons. Differences to label-only and to the
 * explanation are paired; of any other two, each one's difference to label-only is taken, as if they were independent,
 * which finds less than a paired test would. Empty where the measure has no better direction, or nothing is told apart.
 *
 * @param rows effects of arms in one cell; label-only is what they differ from
 * @returns arm ids; `label-only` for label-only
 */
export function bestByTest(
  rows: readonly EffectRow[],
  {measure, kind}: {measure: MeasureId; kind: IntervalKind}
): Set<string> {
  const sign = gainSign(measure);
  const known = rows.filter(({effect}) => effect !== null);
  if (sign === 0 || known.length === 0) return new Set();
  const arms = [
    {id: BASE, effect: 0, row: null},
    ...known.map((row) => ({id: row.arm, effect: row.effect!, row}))
  ];
  const best = arms.reduce((a, b) => (sign * b.effect > sign * a.effect ? b : a));
  const others = arms.filter((arm) => arm !== best);
  const ps = holm(others.map((other) => differenceP(best.row, other.row, kind)));
  const worse = others.filter((_, i) => ps[i] !== null && ps[i]! < ALPHA);
  if (worse.length === 0) return new Set();
  return new Set(arms.filter((arm) => !worse.includes(arm)).map(({id}) => id));
}

/** Id of label-only, which is in no effect's row. */
export const BASE = "label-only";

/** p of no difference between two arms of a cell; null stands for label-only. */
function differenceP(a: EffectRow | null, b: EffectRow | null, kind: IntervalKind): number | null {
  if (a === null || b === null) return effectP((a ?? b)!, kind);
  for (const [one, other] of [
    [a, b],
    [b, a]
  ] as const)
    if (isExplanationOf(one, other)) return versusP(other, kind);
  const [x, y] = [estimateOf(a, kind), estimateOf(b, kind)];
  if (!x || !y) return null;
  return studentTTwoSided((x.value - y.value) / Math.hypot(x.se, y.se), Math.min(x.df, y.df));
}

/** Whether one is the explanation arm that the other's `versus_explanation` is about. */
function isExplanationOf(one: EffectRow, other: EffectRow): boolean {
  const [a, b] = [parseArm(one.arm), parseArm(other.arm)];
  return (
    a.mode === "explanation" &&
    b.mode !== "explanation" &&
    a.order === b.order &&
    a.reduction === b.reduction &&
    a.tokens === b.tokens &&
    other.versus_explanation != null
  );
}

function versusP(row: EffectRow, kind: IntervalKind): number | null {
  const {low, high} = versusInterval(row, kind);
  const df = kind === "dialogues" ? row.df : row.df_trainings;
  if (low === null || high === null || df == null || !(high > low)) return null;
  const se = (high - low) / 2 / studentTQuantile(0.975, df);
  return studentTTwoSided(row.versus_explanation! / se, df);
}
