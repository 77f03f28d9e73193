/**
 * The paired permutation test, over clusters: were the two arms the same, each cluster's difference would be as likely
 * with the other sign. Flipping whole clusters (dialogues) keeps together what isn't independent.
 *
 * As SciPy's `permutation_test((d,), sum, permutation_type="samples")`, two-sided.
 */
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";

/** Sign patterns up to which all are counted. */
export const EXACT_PATTERNS = 1e5;
/** Random sign patterns beyond that. */
export const FLIPS = 9999;
const FLIP_SEED = 20240229;
/** Less than this share of Σ|d| is rounding: such a difference counts as 0, and such sums as equal. */
const TIE = 1e-13;

export interface PermutationResult {
  /** Sum of the differences. */
  statistic: number;
  /** Clusters whose difference isn't 0: the others can't matter. */
  clusters: number;
  /** Two-sided: share of sign patterns whose sum is at least as far from 0; 1 where every difference is 0. */
  p: number;
  /** `exact`: all 2ⁿ patterns; `random`: {@link FLIPS} drawn, p = (b + 1)/(m + 1) (Phipson & Smyth 2010). */
  method: "exact" | "random";
  /** 2/2ⁿ, or 1/(m + 1). */
  smallestP: number;
}

/**
 * @param differences one number a cluster, such as the sum of its rows' differences
 * @param flips random patterns where there are too many to count
 * @param seed of those patterns: the same input gives the same p
 */
export function signFlipTest(
  differences: ArrayLike<number>,
  {flips = FLIPS, seed = FLIP_SEED}: {flips?: number; seed?: number} = {}
): PermutationResult {
  const all = Float64Array.from(differences);
  const rounding = TIE * all.reduce((sum, value) => sum + Math.abs(value), 0);
  const values = all.filter((difference) => Math.abs(difference) > rounding);
  const clusters = values.length;
  const statistic = values.reduce((sum, value) => sum + value, 0);
  const least = Math.abs(statistic) - rounding;
  if (2 ** clusters <= EXACT_PATTERNS)
    return {
      ...{statistic, clusters, method: "exact"},
      p: clusters === 0 ? 1 : countAll(values, least) / 2 ** clusters,
      smallestP: clusters === 0 ? 1 : 2 / 2 ** clusters
    };
  return {
    ...{statistic, clusters, method: "random"},
    p: (countRandom(values, least, flips, seed) + 1) / (flips + 1),
    smallestP: 1 / (flips + 1)
  };
}

/** How many of all sign patterns have a sum at least `least` away from 0. */
function countAll(values: Float64Array, least: number): number {
  let count = 0;
  for (let pattern = 0; pattern < 2 ** values.length; ++pattern) {
    let sum = 0;
    for (let i = 0; i < values.length; ++i) sum += (pattern >> i) & 1 ? values[i]! : -values[i]!;
    if (Math.abs(sum) >= least) ++count;
  }
  return count;
}

/** The same over random patterns, 32 signs from each number drawn. */
function countRandom(values: Float64Array, least: number, flips: number, seed: number): number {
  const random = xoroshiro128plus(seed);
  let count = 0;
  for (let flip = 0; flip < flips; ++flip) {
    let sum = 0;
    let signs = 0;
    for (let i = 0; i < values.length; ++i) {
      if (i % 32 === 0) signs = random.next();
      sum += signs & 1 ? values[i]! : -values[i]!;
      signs >>>= 1;
    }
    if (Math.abs(sum) >= least) ++count;
  }
  return count;
}
