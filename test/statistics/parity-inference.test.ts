/**
 * Tests and multi-setting statistics against SciPy, statsmodels, scikit-posthocs, rliable and krippendorff: to 1e-9,
 * 1e-6 where both iterate, and within Monte-Carlo error where either draws.
 */
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {describe, test} from "node:test";
import {fileURLToPath} from "node:url";
import {
  chiSquaredSurvival,
  fSurvival,
  normalCdf,
  normalQuantile,
  studentizedRangeCdf,
  studentTCdf,
  studentTQuantile
} from "../../src/core/statistics/distributions.js";
import {twoOneSidedTests} from "../../src/core/statistics/equivalence.js";
import {friedman} from "../../src/core/statistics/friedman.js";
import {krippendorffAlpha, type ScaleLevel} from "../../src/core/statistics/krippendorff.js";
import {mcnemar} from "../../src/core/statistics/mcnemar.js";
import {benjaminiHochberg, holm} from "../../src/core/statistics/multiple-comparisons.js";
import {criticalDifference, nemenyi} from "../../src/core/statistics/nemenyi.js";
import {FLIPS, signFlipTest} from "../../src/core/statistics/permutation.js";
import {randomEffects} from "../../src/core/statistics/random-effects.js";
import {
  interquartileMean,
  performanceProfile,
  probabilityOfImprovement
} from "../../src/core/statistics/robust-aggregates.js";
import {seedBootstrap} from "../../src/core/statistics/seed-bootstrap.js";
import {signTestOf} from "../../src/core/statistics/sign.js";
import {wilcoxon} from "../../src/core/statistics/wilcoxon.js";
import {INFERENCE_CASES, type InferenceCase} from "./inference-cases.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(ROOT, ".because/python/bin/python");
const SCRIPT = join(ROOT, "test/python/reference_inference.py");
const PACKAGES = ["scipy", "statsmodels", "scikit_posthocs", "rliable", "krippendorff"];

/** Why there is no reference to compare with; null where there is one. */
function whyAbsent(): string | null {
  if (!existsSync(PYTHON)) return `there is no ${PYTHON}: statistics were not compared with Python`;
  const {status, stderr} = spawnSync(PYTHON, ["-c", PACKAGES.map((name) => `import ${name}`).join("\n")], {
    encoding: "utf8"
  });
  if (status === 0) return null;
  return `${stderr.trim().split("\n").at(-1)}: statistics were not compared with Python (remote-trainer/requirements-dev.txt)`;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

/** Ours against theirs, by kind; each returns how far apart they may be for every number compared. */
const COMPARISONS: Record<string, (input: Loose, reference: Loose) => void> = {
  distributions({p, x, df, k}, reference) {
    near(studentTQuantile(p, df), reference.t_quantile);
    near(studentTCdf(x, df), reference.t_cdf);
    near(normalQuantile(p), reference.normal_quantile);
    near(normalCdf(x), reference.normal_cdf);
    near(chiSquaredSurvival(Math.abs(x), k - 1), reference.chi_squared);
    near(fSurvival(Math.abs(x), k - 1, df), reference.f);
    near(studentizedRangeCdf(Math.abs(x), k), reference.range_cdf);
  },
  discordant_pairs({gained, lost}, reference) {
    near(mcnemar(gained, lost).p, reference.p);
    near(mcnemar(gained, lost).midP, reference.mid_p);
  },
  signs({differences}, reference) {
    near(signTestOf(differences).p, reference.p);
  },
  signed_ranks({differences}, reference) {
    const ours = wilcoxon(differences);
    near(ours.statistic, reference.statistic);
    near(wilcoxon(differences, "approximate").p, reference.approximate);
    if (ours.method === "exact") near(ours.p, reference.counted);
    // SciPy gives up on exactness where there are ties or zeros among 14 differences or more.
    const alike = !(ours.ties || ours.zeros > 0) || differences.length <= 13 || differences.length > 50;
    if (alike) near(ours.p, reference.auto);
  },
  sign_flips({differences, draws}, reference) {
    const ours = signFlipTest(differences);
    near(ours.statistic, reference.statistic);
    if (draws === 0) return near(ours.p, reference.p);
    const share = Math.max(ours.p, 1 / FLIPS);
    near(ours.p, reference.p, 5 * Math.sqrt(share * (1 / FLIPS + 1 / draws)) + 2 / FLIPS);
  },
  friedman({values, alpha}, reference) {
    const ours = friedman(values, "higher");
    near(ours.statistic!, reference.statistic);
    near(ours.p!, reference.p);
    ours.averageRanks.forEach((rank, i) => near(rank, reference.ranks[i]));
    near(criticalDifference(ours.arms, ours.settings, alpha), reference.difference);
    nemenyi(ours).forEach((row, i) => row.forEach((p, j) => near(p, reference.nemenyi[i][j])));
  },
  corrections({ps}, reference) {
    holm(ps).forEach((p, i) => near(p!, reference.holm[i]));
    benjaminiHochberg(ps).forEach((p, i) => near(p!, reference.fdr_bh[i]));
  },
  equivalence({differences, margin}, reference) {
    const n = differences.length;
    const mean = differences.reduce((sum: number, value: number) => sum + value, 0) / n;
    const squares = differences.reduce((sum: number, value: number) => sum + (value - mean) ** 2, 0);
    const ours = twoOneSidedTests(mean, Math.sqrt(squares / (n - 1) / n), n - 1, margin);
    near(ours.p, reference.p);
    near(ours.pBelow, reference.below);
    near(ours.pAbove, reference.above);
  },
  random_effects({effects, variances}, reference) {
    const diagonal = variances.map((v: number, i: number) =>
      variances.map((_: number, j: number) => (i === j ? v : 0))
    );
    const ours = randomEffects(effects, diagonal);
    near(ours.between! ** 2, reference.tau2, 1e-6 * Math.max(reference.tau2, 1e-4));
    near(ours.mean!, reference.mean, 1e-6);
    near(ours.se! / Math.sqrt(Math.max(1, ours.factor!)), reference.se, 1e-6);
    near(
      (ours.se! / Math.sqrt(Math.max(1, ours.factor!))) * Math.sqrt(ours.factor!),
      reference.se_hartung_knapp,
      1e-6
    );
  },
  correlated_random_effects({effects, covariance}, reference) {
    const ours = randomEffects(effects, covariance);
    near(ours.between! ** 2, reference.tau2);
    near(ours.mean!, reference.mean);
    near(ours.se!, reference.se);
    near(ours.low!, reference.low, 1e-8);
    if (reference.predicted_low === null) assert.equal(ours.predicted_low, null);
    else near(ours.predicted_low!, reference.predicted_low, 1e-8);
  },
  aggregates({x, y, thresholds, reps}, reference) {
    near(interquartileMean(x), reference.iqm);
    near(probabilityOfImprovement(x, y), reference.improvement);
    performanceProfile(x, thresholds).forEach((share, i) => near(share, reference.profile[i]));
    if (reps === 0) return;
    const bootstrap = {regime: "per-setting", draws: reps} as const;
    within(seedBootstrap([x], interquartileMean, bootstrap), reference.iqm_interval);
    within(seedBootstrap([x, y], probabilityOfImprovement, bootstrap), reference.improvement_interval);
  },
  agreement({judgements, level}, reference) {
    near(krippendorffAlpha(judgements, level as ScaleLevel).alpha!, reference.alpha);
  }
};

let compared = 0;

/** Equal but for `tolerance`, relative to 1 or to the reference where that is larger. */
function near(ours: number, reference: number, tolerance = 1e-9): void {
  compared += 1;
  const far = Math.abs(ours - reference);
  assert.ok(far <= tolerance * Math.max(1, Math.abs(reference)), `${ours} against ${reference}`);
}

/** Ends of two bootstrap intervals, within a tenth of their length: some three Monte-Carlo errors with 1,000 draws. */
function within({low, high}: {low: number | null; high: number | null}, [from, to]: [number, number]): void {
  near(low!, from, 0.1 * (to - from));
  near(high!, to, 0.1 * (to - from));
}

const absent = whyAbsent();

describe("agreement with Python", {skip: absent ?? false}, () => {
  const {stdout, stderr, status} =
    absent === null
      ? spawnSync(PYTHON, [SCRIPT], {
          input: JSON.stringify(INFERENCE_CASES),
          encoding: "utf8",
          maxBuffer: 2 ** 28
        })
      : {stdout: "[]", stderr: "", status: 0};
  const answers = status === 0 ? (JSON.parse(stdout) as Record<string, unknown>[]) : [];

  test(`the reference script answers ${INFERENCE_CASES.length} inputs, all different`, () => {
    assert.equal(status, 0, stderr);
    assert.equal(answers.length, INFERENCE_CASES.length);
    assert.ok(INFERENCE_CASES.length >= 1000, `${INFERENCE_CASES.length} inputs`);
  });

  for (const [kind, compare] of Object.entries(COMPARISONS))
    test(kind.replaceAll("_", " "), () => {
      const places = INFERENCE_CASES.flatMap((input, i) => (input.kind === kind ? [i] : []));
      assert.ok(places.length >= 30, `${places.length} inputs`);
      const before = compared;
      for (const i of places) explain(INFERENCE_CASES[i]!, () => compare(INFERENCE_CASES[i]!, answers[i]!));
      assert.ok(compared - before >= places.length);
    });
});

/** Adds the input to whatever failed. */
function explain(input: InferenceCase, compare: () => void): void {
  try {
    compare();
  } catch (error) {
    if (error instanceof Error) error.message += ` for ${JSON.stringify(input)}`;
    throw error;
  }
}
