/**
 * Hypotheses that a study declares, judged. The tables stage collects the evidence; everything else is here and in
 * `hypotheses/`:
 *
 *     const declaration = declaredHypotheses(study);
 *     const evidence = declaration.hypotheses.map(collect); // by the tables stage
 *     const rows = judgeHypotheses(declaration, evidence);  // verdicts.json
 *
 * Tests are two-sided whatever the direction, so that an effect the other way is seen, too: `better` is supported by
 * p ≤ α and a better value, contradicted by p ≤ α and a worse one. `equivalent` is supported by two one-sided tests.
 * p is corrected over all declared hypotheses, judged or not.
 *
 * Not for pages: the distributions behind the p-values are heavy. Pages read the finished rows.
 */
import type {Uncertain, VerdictRow} from "./cubes.js";
import type {DeclaredHypothesis, Declaration} from "./hypotheses/declared.js";
import {errorOf, testHypothesis, type TestResult} from "./hypotheses/test-results.js";
import {isBetter, verdictReason} from "./sentences/hypotheses.js";
import {studentTQuantile, studentTTwoSided} from "./statistics/distributions.js";
import {twoOneSidedTests} from "./statistics/equivalence.js";
import {benjaminiHochberg, holm} from "./statistics/multiple-comparisons.js";

export {declaredHypotheses, type DeclaredHypothesis, type Declaration} from "./hypotheses/declared.js";

/**
 * What is known of one hypothesis. All differences are arm − against, on test rows that both scored with the same seed,
 * in the hypothesis' cell (corpus or all, axis or all), in the measure's own sign and unit.
 */
export interface HypothesisEvidence extends Pick<Uncertain, "se" | "df" | "se_trainings" | "df_trainings"> {
  /** Why there is nothing to judge: an arm without a finished run, a measure that the cell can't have. Null otherwise. */
  missing: string | null;
  /** Paired effect, mean over seeds, as `effect` of {@link EffectRow} where `seed` is `all`. */
  effect: number | null;
  /** Test rows that both arms scored, and the dialogues they lie in. */
  n: number;
  dialogues: number;
  /**
   * Effects of the cell's single settings, mean over seeds; null where the measure is undefined. One entry where the
   * cell is itself a setting.
   */
  settings: {corpus: string; axis: string; effect: number | null}[];
  /** One entry a seed that both arms have. */
  seeds: SeedEvidence[];
  /**
   * Test rows that the arm got right with more (`gained`), and with fewer (`lost`) seeds than `against`, counted over
   * the seeds that both have. With one seed: McNemar's discordant pairs.
   */
  gained: number;
  lost: number;
}

/** One seed's side of the evidence. */
export interface SeedEvidence {
  seed: string;
  /** Paired effect with this seed. */
  effect: number | null;
  /**
   * Each dialogue's contribution to this seed's effect; they add up to it. In the same order and number for all seeds;
   * 0 for a dialogue without rows. For the mean of an item statistic (accuracy, NLL, …): the dialogue's sum of
   * differences / n. For other measures: its sum of differences of influences + effect × its rows / n.
   */
  clusterDifferences: Float64Array | readonly number[];
}

/** Convenience for whoever collects evidence: the measure's rows of one hypothesis that can't be judged. */
export function noEvidence(missing: string): HypothesisEvidence {
  const uncertainty = {se: null, df: null, se_trainings: null, df_trainings: null};
  return {
    missing,
    effect: null,
    ...uncertainty,
    n: 0,
    dialogues: 0,
    settings: [],
    seeds: [],
    gained: 0,
    lost: 0
  };
}

/** The verdicts, in the order of the declaration; `evidence` has one entry a hypothesis in the same order. */
export function judgeHypotheses(
  {hypotheses, correction, alpha}: Declaration,
  evidence: readonly HypothesisEvidence[]
): VerdictRow[] {
  const results = hypotheses.map((hypothesis, i) => testHypothesis(hypothesis, evidence[i]!));
  const ps = results.map((result) => (typeof result === "string" ? null : result.p));
  const adjusted = CORRECTIONS[correction](ps);
  return hypotheses.map((hypothesis, i) =>
    judge({
      ...{hypothesis, evidence: evidence[i]!, result: results[i]!, adjusted: adjusted[i]!},
      ...{correction, alpha, family: hypotheses.length}
    })
  );
}

const CORRECTIONS: Record<Declaration["correction"], (ps: (number | null)[]) => (number | null)[]> = {
  holm,
  "benjamini-hochberg": benjaminiHochberg,
  none: (ps) => ps
};

/** One hypothesis among its family, tested. */
interface Case {
  hypothesis: DeclaredHypothesis;
  evidence: HypothesisEvidence;
  /** In words where there is none. */
  result: TestResult | string;
  /** p after the correction. */
  adjusted: number | null;
  correction: Declaration["correction"];
  alpha: number;
  family: number;
}

function judge(judged: Case): VerdictRow {
  const {hypothesis, evidence, result, adjusted, correction, alpha, family} = judged;
  const {effect, n, dialogues} = evidence;
  const settings = evidence.settings.filter((setting) => setting.effect !== null).length;
  const tested = typeof result === "string" ? null : result;
  const row = {
    ...hypothesis,
    ...{correction, alpha, effect, ...intervalOf(judged)},
    ...{p: tested?.p ?? null, p_adjusted: adjusted, smallest_p: tested?.smallestP ?? null},
    verdict: tested === null ? ("untestable" as const) : verdictOf(judged, tested),
    ...{n, dialogues, settings}
  };
  const untestable = typeof result === "string" ? result : null;
  const {units, towards, caution, doubt = ""} = tested ?? {units: "", towards: 0, caution: ""};
  return {...row, reason: verdictReason({row, untestable, units, towards, caution, doubt, family})};
}

function intervalOf({hypothesis, evidence, alpha}: Case): {low: number | null; high: number | null} {
  const {se, df} = errorOf(hypothesis, evidence);
  if (evidence.effect === null || se === null || df === null || !(df > 0)) return {low: null, high: null};
  const reach = studentTQuantile(1 - alpha / 2, df) * se;
  return {low: evidence.effect - reach, high: evidence.effect + reach};
}

function verdictOf(judged: Case, {towards, doubt}: TestResult): VerdictRow["verdict"] {
  const {hypothesis, adjusted, alpha} = judged;
  const decided = adjusted !== null && adjusted <= alpha;
  if (hypothesis.direction === "equivalent")
    return decided ? "supported" : isLarger(judged) ? "contradicted" : "undecided";
  if (isSmaller(judged)) return "equivalent";
  if (!decided || doubt) return "undecided";
  if (hypothesis.direction === "different") return "supported";
  const better = isBetter(hypothesis.measure, towards);
  return better === (hypothesis.direction === "better") ? "supported" : "contradicted";
}

/** Whether the difference is shown to be smaller than the smallest of interest. Not the declared test, so Bonferroni. */
function isSmaller(judged: Case): boolean {
  const {hypothesis, evidence} = judged;
  const {se, df} = errorOf(hypothesis, evidence);
  if (hypothesis.smallest === null || !(se! > 0) || !(df! > 0)) return false;
  return twoOneSidedTests(evidence.effect!, se!, df!, hypothesis.smallest).p <= sideLevel(judged);
}

/** Whether it is shown to be larger than that, either way. */
function isLarger(judged: Case): boolean {
  const {hypothesis, evidence} = judged;
  const {se, df} = errorOf(hypothesis, evidence);
  const beyond = Math.abs(evidence.effect!) - hypothesis.smallest!;
  return beyond > 0 && studentTTwoSided(beyond / se!, df!) <= sideLevel(judged);
}

/** The level for findings that are not the declared test's. */
function sideLevel({alpha, correction, family}: Case): number {
  return correction === "none" ? alpha : alpha / family;
}
