/** The sign test on paired differences. */
import {signTest} from "./binomial.js";

export interface SignResult {
  positive: number;
  negative: number;
  /** Differences of exactly 0; they are left out (Dixon & Mood 1946). */
  zeros: number;
  /** Two-sided and exact; 1 where every difference is 0. */
  p: number;
  /** p if all non-zero differences had one sign: .0625 with 5, .03125 with 6. */
  smallestP: number;
}

/** Exact two-sided sign test. Uses directions only, so one huge difference counts no more than a tiny one. */
export function signTestOf(differences: readonly number[]): SignResult {
  const positive = differences.filter((difference) => difference > 0).length;
  const negative = differences.filter((difference) => difference < 0).length;
  const zeros = differences.length - positive - negative;
  return {
    ...{positive, negative, zeros},
    p: signTest(positive, negative),
    smallestP: signTest(positive + negative, 0)
  };
}
