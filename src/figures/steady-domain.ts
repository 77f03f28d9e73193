/** Scales that hold when a toggle flips: they span every arm and seed, with intervals of both kinds. */
import type {Uncertain} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {Selection} from "../core/selection.js";
import {domainOf} from "./marks.js";

type Ends = Pick<Uncertain, "low" | "high"> & Partial<Pick<Uncertain, "low_trainings" | "high_trainings">>;

interface Shown {
  /** From the tables' unit to the shown one. */
  scale: number;
  /** Always on the scale. */
  through?: number | undefined;
  /** As far from zero as a value can be. */
  most?: number | undefined;
}

/** Domain of estimates in shown units; `through` is inside. */
export function steadyDomain<R extends Uncertain>(
  rows: readonly R[],
  valueOf: (row: R) => number | null,
  {scale, through}: Shown
): [number, number] {
  const [least, most] = spread(rows, (row) => estimateValues(valueOf(row), row));
  return domainOf([least * scale, most * scale], through === undefined ? {} : {through});
}

/** How much further than all else intervals over trainings may stretch a scale to either side, as a share of it. */
const STRETCH = 0.25;
/** Beyond what is possible there is only room for a marker at its end. */
const OVER = 1.03;

/**
 * Domain of estimates and of their intervals over dialogues. Those over trainings, which are many times as wide where
 * there are two or three, stretch it to a bound; beyond it they are cut ({@link "./interval-note.js".cutNote}).
 */
export function boundedDomain<R extends Ends>(
  rows: readonly R[],
  valueOf: (row: R) => number | null,
  {scale, through, most = Infinity}: Shown
): [number, number] {
  const inner = spread(rows, (row) => [valueOf(row), row.low, row.high], through);
  const outer = spread(rows, (row) => estimateValues(valueOf(row), row), through);
  const room = STRETCH * (inner[1] - inner[0]);
  const [least, last] = [Math.max(outer[0], inner[0] - room), Math.min(outer[1], inner[1] + room)];
  const domain = domainOf([least * scale, last * scale]);
  return [Math.max(domain[0], -most * scale * OVER), Math.min(domain[1], most * scale * OVER)];
}

/** The least and the most of the rows' finite numbers. */
function spread<R>(
  rows: readonly R[],
  valuesOf: (row: R) => readonly (number | null | undefined)[],
  through?: number
): [number, number] {
  let [least, most] = through === undefined ? [Infinity, -Infinity] : [through, through];
  for (const row of rows)
    for (const value of valuesOf(row)) {
      if (value == null || !Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return [least, most];
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
  const size = (some: readonly R[]) => {
    const [least, most] = spread(some, valuesOf, through);
    return most - least;
  };
  return size(own) >= LEAST_SHARE * size(rows) ? rows : own;
}

/** The numbers of an estimate: itself, and its intervals of both kinds. */
export function estimateValues(value: number | null, row: Ends): (number | null | undefined)[] {
  return [value, row.low, row.high, row.low_trainings, row.high_trainings];
}
