/** Scales that hold when a toggle flips: they span every arm and seed, with intervals of both kinds. */
import type {Uncertain} from "../core/cubes.js";
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
