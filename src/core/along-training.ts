/** Scores of the test rows along training, by arm. */
import type {Mode} from "./arms.js";
import {rowsWhere} from "./cube-index.js";
import type {AllCubes} from "./cubes-reader.js";
import {trainings} from "./learning-curves.js";
import {selectedArms, type Selection} from "./selection.js";

/** Accuracy after a step: mean over seeds, with the lowest and the highest. */
export interface AlongPoint {
  step: number;
  mean: number;
  low: number;
  high: number;
}

/** The points of an arm by step; the last is the end of training. */
export interface AlongArm {
  arm: string;
  mode: Mode;
  seeds: number;
  points: AlongPoint[];
}

type Cubes = Pick<AllCubes, "study" | "runs" | "along">;

/** Arms of the selection that were scored along their training; an arm trained once a setting counts over all of them. */
export function accuracyAlong(cubes: Cubes, selection: Selection): AlongArm[] {
  return selectedArms(selection, cubes.study).flatMap(({id, mode}) => {
    const own = trainings(cubes, selection, id).filter(({status}) => status === "done");
    const seeds = [...new Set(own.map(({seed}) => seed))];
    const bySeed = seeds
      .map((seed) =>
        pooled(
          cubes,
          own.filter((run) => run.seed === seed).map(({run}) => run)
        )
      ) // prettier-ignore
      .filter(({size}) => size > 0);
    if (bySeed.length === 0) return [];
    const steps = [...new Set(bySeed.flatMap((found) => [...found.keys()]))].sort((a, b) => a - b);
    const points = steps.map((step) => {
      const values = bySeed.flatMap((found) => found.get(step) ?? []);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return {step, mean, low: Math.min(...values), high: Math.max(...values)};
    });
    return [{arm: id, mode, seeds: bySeed.length, points}];
  });
}

/** Step → accuracy over the rows of several runs together. */
function pooled({along}: Cubes, runs: string[]): Map<number, number> {
  const sums = new Map<number, {rows: number; right: number}>();
  for (const run of runs)
    for (const {step, value, rows} of rowsWhere(along, {run, measure: "accuracy"})) {
      const before = sums.get(step) ?? {rows: 0, right: 0};
      sums.set(step, {rows: before.rows + rows, right: before.right + value * rows});
    }
  return new Map([...sums].map(([step, {rows, right}]) => [step, right / rows]));
}
