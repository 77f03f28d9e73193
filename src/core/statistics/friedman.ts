/** Friedman's test: do arms differ in rank over settings (Friedman 1937; ties: Conover 1999, §5.8)? */
import {chiSquaredSurvival} from "./chi-squared.js";
import {averageRanks, tieSum} from "./ranks.js";

export interface FriedmanResult {
  /** Arms, k, and the settings in which all of them have a value, n. */
  arms: number;
  settings: number;
  /** Settings left out since an arm has no value there. */
  incomplete: number;
  /** Rank of each arm, 1 best, mean over settings; NaN without settings. */
  averageRanks: number[];
  /** Tie-corrected χ²; null where nothing can be tested. */
  statistic: number | null;
  df: number;
  /** By the χ² approximation, as SciPy's `friedmanchisquare`; careful with few settings. */
  p: number | null;
  /** p if all settings ranked the arms alike. */
  smallestP: number | null;
  /** Why there is no p; null where there is one. */
  reason: string | null;
}

/**
 * @param values settings × arms; null where an arm has no value in a setting
 * @param better whether the best arm has the highest or the lowest value
 *
 * Takes settings as independent. With two arms it is a sign test by approximation: use that.
 */
export function friedman(
  values: readonly (readonly (number | null)[])[],
  better: "higher" | "lower"
): FriedmanResult {
  const arms = values[0]?.length ?? 0;
  const complete = values.filter((row): row is number[] => row.every((value) => Number.isFinite(value)));
  const signed = complete.map((row) => row.map((value) => (better === "higher" ? -value : value)));
  const ranks = signed.map(averageRanks);
  const settings = ranks.length;
  const means = Array.from(
    {length: arms},
    (_, arm) => ranks.reduce((sum, row) => sum + row[arm]!, 0) / settings
  );
  const df = Math.max(0, arms - 1);
  const shape = {arms, settings, incomplete: values.length - settings, averageRanks: means, df};
  const tied = signed.reduce((sum, row) => sum + tieSum(row), 0);
  const correction = 1 - tied / (settings * (arms ** 3 - arms));
  const reason = whyUntestable(arms, settings, correction);
  if (reason !== null) return {...shape, statistic: null, p: null, smallestP: null, reason};
  const middle = (arms + 1) / 2;
  const spread = means.reduce((sum, mean) => sum + (mean - middle) ** 2, 0);
  const statistic = (12 * settings * spread) / (arms * (arms + 1)) / correction;
  const p = chiSquaredSurvival(statistic, df);
  return {...shape, statistic, p, smallestP: chiSquaredSurvival(settings * df, df), reason: null};
}

function whyUntestable(arms: number, settings: number, correction: number): string | null {
  if (arms < 3) return "Friedman's test needs three arms at least; for two there is the sign test.";
  if (settings < 2) return "Friedman's test needs two settings at least in which every arm has a value.";
  return correction > 0 ? null : "All arms are equal in every setting.";
}
