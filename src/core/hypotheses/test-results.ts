/** The test that a hypothesis asks for, made on its evidence. */
import type {HypothesisEvidence} from "../hypotheses.js";
import type {MeasureId} from "../cubes.js";
import {formatCounted} from "../format.js";
import {formatEffect} from "../measures.js";
import {formatP} from "../sentences/hypotheses.js";
import {studentTTwoSided} from "../statistics/distributions.js";
import {twoOneSidedTests} from "../statistics/equivalence.js";
import {mcnemar} from "../statistics/mcnemar.js";
import {signFlipTest} from "../statistics/permutation.js";
import {signTestOf} from "../statistics/sign.js";
import {wilcoxon} from "../statistics/wilcoxon.js";
import type {DeclaredHypothesis} from "./declared.js";

/** What a test says. All p are two-sided, but for equivalence: there it is the larger of two one-sided ones. */
export interface TestResult {
  p: number;
  /** Null where any p is possible. */
  smallestP: number | null;
  /** Sign of the difference by the test's own statistic. */
  towards: number;
  /** What it was made on: `18 settings`. */
  units: string;
  caution: string;
  /** Why the test can't decide whatever its p; absent where it can. */
  doubt?: string;
}

/** The result, or in words why there can be none. */
export function testHypothesis(
  hypothesis: DeclaredHypothesis,
  evidence: HypothesisEvidence
): TestResult | string {
  if (evidence.missing !== null) return evidence.missing;
  if (evidence.effect === null) return "There is no paired difference: the measure is undefined here.";
  return TESTS[hypothesis.test](hypothesis, evidence);
}

type Test = (hypothesis: DeclaredHypothesis, evidence: HypothesisEvidence) => TestResult | string;

const TESTS: Record<DeclaredHypothesis["test"], Test> = {
  interval: testInterval,
  permutation: testPermutation,
  mcnemar: testDiscordant,
  sign: testSigns,
  wilcoxon: testRanks
};

/** Standard error of the kind that a hypothesis asks for, with its degrees of freedom; nulls where there is none. */
export function errorOf(
  {over}: DeclaredHypothesis,
  evidence: HypothesisEvidence
): {se: number | null; df: number | null} {
  return over === "trainings"
    ? {se: evidence.se_trainings, df: evidence.df_trainings}
    : {se: evidence.se, df: evidence.df};
}

function testInterval(hypothesis: DeclaredHypothesis, evidence: HypothesisEvidence): TestResult | string {
  const {se, df} = errorOf(hypothesis, evidence);
  const seeds = formatCounted(evidence.seeds.length, "seed");
  const dialogues = formatCounted(evidence.dialogues, "dialogue");
  if (hypothesis.over === "trainings" && evidence.seeds.length < 2) return tooFewSeeds(seeds);
  if (evidence.dialogues < 2)
    return `Nothing can be said of other dialogues from ${dialogues}: it takes two.`;
  if (se === null || df === null || !(se > 0 && df > 0))
    return "The difference is the same throughout, so there is no spread to judge it by.";
  const effect = evidence.effect!;
  return {
    p:
      hypothesis.direction === "equivalent"
        ? twoOneSidedTests(effect, se, df, hypothesis.smallest!).p
        : studentTTwoSided(effect / se, df),
    smallestP: null,
    towards: effect,
    units: hypothesis.over === "trainings" ? `${seeds} and ${dialogues}` : dialogues,
    caution: ""
  };
}

function tooFewSeeds(seeds: string): string {
  return `Nothing can be said of other trainings from ${seeds} of both arms: it takes two.`;
}

function testPermutation({over}: DeclaredHypothesis, {seeds}: HypothesisEvidence): TestResult | string {
  if (over === "trainings" && seeds.length < 2) return tooFewSeeds(formatCounted(seeds.length, "seed"));
  const differences = over === "trainings" ? seeds.map(({effect}) => effect ?? 0) : meanOverSeeds(seeds);
  const {p, smallestP, statistic, clusters} = signFlipTest(differences);
  const units =
    over === "trainings"
      ? formatCounted(clusters, "seed")
      : `${formatCounted(clusters, "dialogue")} that tell them apart`;
  return {p, smallestP, towards: statistic, units, caution: ""};
}

/** Each dialogue's contribution to the effect, mean over seeds. */
function meanOverSeeds(seeds: HypothesisEvidence["seeds"]): Float64Array {
  const sums = new Float64Array(seeds[0]?.clusterDifferences.length ?? 0);
  for (const {clusterDifferences} of seeds)
    for (let i = 0; i < sums.length; ++i) sums[i]! += clusterDifferences[i]! / seeds.length;
  return sums;
}

function testDiscordant(_: DeclaredHypothesis, {gained, lost, n, dialogues}: HypothesisEvidence): TestResult {
  const {p, smallestP, discordant} = mcnemar(gained, lost);
  const units = `${formatCounted(discordant, "test row")} that tell them apart`;
  const caution =
    n > dialogues ? "It takes rows as independent; those of one dialogue are not, so p is too small." : "";
  return {p, smallestP, towards: gained - lost, units, caution};
}

function testSigns({measure}: DeclaredHypothesis, evidence: HypothesisEvidence): TestResult | string {
  const effects = settingEffects(evidence);
  if (typeof effects === "string") return effects;
  const {p, smallestP, positive, negative} = signTestOf(effects);
  return {
    p,
    smallestP,
    towards: positive - negative,
    ...overSettings(
      positive + negative,
      byCorpus(evidence, (means) => signTestOf(means).p)
    ),
    ...sharedTrainings(measure, evidence)
  };
}

function testRanks({measure}: DeclaredHypothesis, evidence: HypothesisEvidence): TestResult | string {
  const effects = settingEffects(evidence);
  if (typeof effects === "string") return effects;
  const {p, smallestP, positiveRanks, n} = wilcoxon(effects);
  const towards = positiveRanks - (n * (n + 1)) / 4;
  return {
    p,
    smallestP,
    towards,
    ...overSettings(
      n,
      byCorpus(evidence, (means) => wilcoxon(means).p)
    ),
    ...sharedTrainings(measure, evidence)
  };
}

/** Settings' effects without what rounding leaves of means over seeds: it would break ties and give zeros a sign. */
function settingEffects({settings}: HypothesisEvidence): number[] | string {
  const effects = settings.flatMap(({effect}) => (effect === null ? [] : [Number(effect.toFixed(12))]));
  return effects.length > 1
    ? effects
    : "A test over settings needs two at least in which there is a difference to see.";
}

function overSettings(count: number, corpora: string): {units: string; caution: string} {
  return {
    units: formatCounted(count, "setting"),
    caution: `It takes settings as independent; axes of one corpus, and settings of one model, are not.${corpora}`
  };
}

/** What the same test says of means by corpus, which share no dialogue; empty where no corpus has several settings. */
function byCorpus({settings}: HypothesisEvidence, test: (means: number[]) => number): string {
  const known = settings.flatMap(({corpus, effect}) => (effect === null ? [] : [{corpus, effect}]));
  const corpora = [...new Set(known.map(({corpus}) => corpus))];
  if (corpora.length < 2 || corpora.length === known.length) return "";
  const means = corpora.map((corpus) => {
    const own = known.filter((setting) => setting.corpus === corpus);
    return Number((own.reduce((sum, {effect}) => sum + effect, 0) / own.length).toFixed(12));
  });
  return ` Over means of the ${corpora.length} corpora alone, which no correction counts, p ${formatP(test(means))}.`;
}

/**
 * Settings that were judged by the same few trainings agree with each other for that reason alone. Where the trainings
 * themselves differ in sign, the settings' agreement says nothing of another training.
 */
function sharedTrainings(measure: MeasureId, {seeds}: HypothesisEvidence): Pick<TestResult, "doubt"> {
  const effects = seeds.flatMap(({effect}) => (effect === null ? [] : [effect]));
  if (!(Math.min(...effects) < 0 && Math.max(...effects) > 0)) return {};
  return {
    doubt: `the trainings differ in sign (${effects.map((effect) => formatEffect(measure, effect)).join(", ")})`
  };
}
