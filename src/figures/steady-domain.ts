/** Scales that hold when a toggle flips: they span every arm and seed, with intervals of both kinds. */
import type {Uncertain} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {Selection} from "../core/selection.js";
import {domainOf} from "./marks.js";

/** Domain of estimates in shown units; `through` is inside. */
export function steadyDomain<R extends Uncertain>(
  rows: readonly R[],
  valueOf: (row: R) => number | null,
  {scale, through}: {scale: number; through?: number | undefined}
): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  const hold = (value: number | null | undefined): void => {
    if (value == null || !Number.isFinite(value)) return;
    if (value < least) least = value;
    if (value > most) most = value;
  };
  for (const row of rows) {
    hold(valueOf(row));
    hold(row.low);
    hold(row.high);
    hold(row.low_trainings);
    hold(row.high_trainings);
  }
  return domainOf([least * scale, most * scale], through === undefined ? {} : {through});
}

/** What the order shown must fill of a scale that the other order sets, too. */
const LEAST_SHARE = 0.6;

/** Of which arm a row is, and which of its numbers are drawn. */
interface Holds<R> {
  armOf: (row: R) => string;
  valuesOf: (row: R) => readonly (number | null | undefined)[];
  /** Always on the scale. */
  through?: number;
}

/**
 * Rows that a scale is to hold: those of every mode, length, loss and seed, and of both orders of label and
 * explanation, unless one order is so far off that the other would lie in a corner of the plate. Then each has a scale
 * of its own.
 */
export function rowsOnScale<R>(
  rows: readonly R[],
  {arms}: Pick<AllCubes["study"], "arms">,
  {order}: Pick<Selection, "order">,
  {armOf, valuesOf, through}: Holds<R>
): readonly R[] {
  const others = new Set(
    arms.filter((arm) => arm.mode !== "label-only" && arm.order !== order).map(({id}) => id)
  );
  if (others.size === 0) return rows;
  const own = rows.filter((row) => !others.has(armOf(row)));
  if (own.length === 0 || own.length === rows.length) return rows;
  const spread = (some: readonly R[]) => {
    let [least, most] = through === undefined ? [Infinity, -Infinity] : [through, through];
    for (const row of some)
      for (const value of valuesOf(row)) {
        if (value == null || !Number.isFinite(value)) continue;
        if (value < least) least = value;
        if (value > most) most = value;
      }
    return most - least;
  };
  return spread(own) >= LEAST_SHARE * spread(rows) ? rows : own;
}

/** The numbers of an estimate: itself, and its intervals of both kinds. */
export function estimateValues(value: number | null, row: Uncertain): (number | null | undefined)[] {
  return [value, row.low, row.high, row.low_trainings, row.high_trainings];
}
