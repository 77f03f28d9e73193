/** One made study: two arms with three seeds each, the difference between them, and every method's interval for it. */
import {bcaInterval, resampleClusters} from "../../src/core/statistics/bootstrap-intervals.js";
import {percentileInterval, type Interval} from "../../src/core/statistics/cluster-bootstrap.js";
import {sumByCluster, uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import {
  COVERED,
  drawArm,
  drawLogits,
  drawRows,
  measureModel,
  normalFrom,
  type Covered,
  type Rows
} from "./coverage-model.js";
import type {Truth} from "./coverage-truth.js";

export const SEEDS = 3;
/** Skills of the two arms, and how far trainings of one arm spread around theirs. */
export const BASE_SKILL = 1;
export const ARM_SKILL = 1.15;
export const TRAINING_SPREAD = 0.12;
const DRAWS = 500;

/** `ours` and `trainings` are the notebook's two intervals; the others stand beside them. */
export const METHODS = ["ours", "trainings", "percentile", "bca", "naive"] as const;
export type Method = (typeof METHODS)[number];

/** A difference, arm − base, by measure. */
export interface Judged {
  measure: Covered;
  /** True difference of these very models; of trainings in general it is the same for all studies. */
  truth: number;
  intervals: Partial<Record<Method, Interval>>;
}

/** Draws a study and estimates its effects. The same number gives the same study. */
export function judgeStudy(study: number, dialogues: number, truth: Truth): Judged[] {
  const normal = normalFrom(1000 + study);
  const rows = drawRows(normal, dialogues);
  const arms = [BASE_SKILL, ARM_SKILL].map((skill) => {
    const own = drawArm(normal, rows);
    return Array.from({length: SEEDS}, () => {
      const trained = skill + TRAINING_SPREAD * normal();
      return {skill: trained, measured: measureModel(rows, drawLogits(normal, rows, trained, own))};
    });
  });
  const [base, arm] = arms as [(typeof arms)[0], (typeof arms)[0]];
  return COVERED.map((measure) => {
    const differences = arm.map(({measured}, s) => {
      const [own, other] = [measured[measure], base[s]!.measured[measure]];
      return {
        value: own.value - other.value,
        influence: own.influence.map((moved, i) => moved - other.influence[i]!)
      };
    });
    const trueValue = (models: typeof base) =>
      models.reduce((sum, {skill}) => sum + truth[measure](skill), 0) / SEEDS;
    return {
      measure,
      truth: trueValue(arm) - trueValue(base),
      intervals: intervalsOf(differences, rows, measure === "accuracy" || measure === "nll" ? study : null)
    };
  });
}

interface Difference {
  value: number;
  influence: Float64Array;
}

/** All methods' intervals; bootstraps of means only, where a draw costs no more than its dialogues. */
function intervalsOf(
  seeds: Difference[],
  {dialogue, dialogues}: Rows,
  bootstrapSeed: number | null
): Judged["intervals"] {
  const n = dialogue.length;
  const {value, low, high, low_trainings, high_trainings} = uncertaintyOf({
    seeds: seeds.map((seed) => ({...seed, influence: sumByCluster(seed.influence, dialogue, dialogues)})),
    df: dialogues - 1
  });
  const naive = uncertaintyOf({seeds, df: n - 1});
  const intervals: Judged["intervals"] = {
    ours: {low, high},
    trainings: {low: low_trainings, high: high_trainings},
    naive: {low: naive.low, high: naive.high}
  };
  if (bootstrapSeed === null) return intervals;
  const mean = seeds[0]!.influence.map(
    (_, i) => seeds.reduce((sum, seed) => sum + seed.influence[i]!, 0) / SEEDS
  );
  const moved = sumByCluster(mean, dialogue, dialogues);
  const counts = sumByCluster(new Float64Array(n).fill(1 / n), dialogue, dialogues);
  // Influences of a mean are (item − mean)/n, so that these are ratios of sums, as if made from the items.
  const statistic = (weights: Uint16Array) => {
    let [sum, share] = [0, 0];
    for (let g = 0; g < dialogues; ++g) {
      sum += weights[g]! * moved[g]!;
      share += weights[g]! * counts[g]!;
    }
    return value + sum / share;
  };
  const resampled = resampleClusters(statistic, [{name: "made", clusters: dialogues}], {
    draws: DRAWS,
    seed: bootstrapSeed
  });
  return {...intervals, percentile: percentileInterval(resampled.draws), bca: bcaInterval(resampled)};
}
