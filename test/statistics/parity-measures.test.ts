/**
 * Measures, correlations and intervals against scikit-learn, SciPy, statsmodels, relplot and plain NumPy: to 1e-9, and
 * within Monte-Carlo error where both draw.
 */
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {before, describe, test} from "node:test";
import {fileURLToPath} from "node:url";
import {
  bcaInterval,
  biasCorrection,
  resampleClusters,
  type Resampled
} from "../../src/core/statistics/bootstrap-intervals.js";
import {brierDecomposition, sumBins} from "../../src/core/statistics/brier-decomposition.js";
import {auroc, aurocEstimate} from "../../src/core/statistics/auroc.js";
import {measureCell, MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {drawClusters, percentileInterval} from "../../src/core/statistics/cluster-bootstrap.js";
import {pearson, pearsonEstimate, spearmanEstimate} from "../../src/core/statistics/correlation.js";
import {clusterVariance, sumByCluster, uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import {CALIBRATION_BINS} from "../../src/core/measures.js";
import {
  ABSENT_CLASS,
  CLUSTER_CASES,
  DETECTOR_CASES,
  MODEL_CASES,
  PAIR_CASES,
  type ClusterSums,
  type ModelRows
} from "./measure-cases.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(ROOT, ".because/python/bin/python");
const SCRIPT = join(ROOT, "test/python/reference_measures.py");
const PACKAGES = ["scipy", "sklearn", "statsmodels", "relplot"];

/** Why there is no reference to compare with; null where there is one. */
function whyAbsent(): string | null {
  if (!existsSync(PYTHON)) return `there is no ${PYTHON}: measures were not compared with Python`;
  const {status, stderr} = spawnSync(PYTHON, ["-c", PACKAGES.map((name) => `import ${name}`).join("\n")], {
    encoding: "utf8"
  });
  if (status === 0) return null;
  return `${stderr.trim().split("\n").at(-1)}: measures were not compared with Python (remote-trainer/requirements-dev.txt)`;
}

type Answer = Record<string, number | null>;

/** relplot takes a tenth of a second a time. */
const SMOOTHED = 120;
const DRAWS = 20000;
const CLUSTERED_ROWS = CLUSTER_CASES.map(({input: {sums, counts}}) => ({
  values: counts.flatMap((count, g) => Array.from({length: count}, (_, j) => sums[g]! / count + (j % 2))),
  clusters: counts.flatMap((count, g) => Array<number>(count).fill(g))
}));

/** Draws of the case with this number, draw by draw. */
function drawsOf(clusters: number, seed: number): number[][] {
  const {weights, draws} = drawClusters([{name: "x", clusters}], 500, seed);
  return Array.from({length: draws}, (_, d) => [...weights.subarray(d * clusters, (d + 1) * clusters)]);
}

/** Everything that Python is asked, by kind: it is started once. */
const REQUESTS = {
  measures: MODEL_CASES.map(({input}, i) => ({...input, smooth: i < SMOOTHED})),
  correlations: PAIR_CASES.map(({input}) => input),
  cluster_error: CLUSTERED_ROWS,
  detector: DETECTOR_CASES.map(({input}) => input),
  bca: CLUSTER_CASES.map(({input}, i) => ({...input, weights: drawsOf(input.sums.length, i)})),
  bootstrap: CLUSTER_CASES.slice(0, 4).map(({input}, i) => ({...input, draws: DRAWS, seed: i}))
};
type Kind = keyof typeof REQUESTS;

function askAll(): Record<Kind, Answer[]> {
  const kinds = Object.keys(REQUESTS) as Kind[];
  const requests = kinds.flatMap((kind) => REQUESTS[kind].map((request) => ({kind, ...request})));
  const {stdout, stderr, status} = spawnSync(PYTHON, [SCRIPT], {
    input: JSON.stringify(requests),
    encoding: "utf8",
    maxBuffer: 2 ** 28
  });
  assert.equal(status, 0, stderr);
  const answers = JSON.parse(stdout) as Answer[];
  const answered = kinds.map((kind) => [kind, answers.splice(0, REQUESTS[kind].length)] as const);
  return Object.fromEntries(answered) as Record<Kind, Answer[]>;
}

/** Ours, NaN or null where undefined, against theirs, null where undefined. */
function same(
  ours: number | null | undefined,
  theirs: number | null | undefined,
  what: string,
  within = 1e-9
): void {
  const value = ours ?? NaN;
  if (theirs === null || theirs === undefined)
    return assert.ok(!Number.isFinite(value), `${what}: ${value}, not undefined`);
  assert.ok(Math.abs(value - theirs) <= within, `${what}: ours ${value}, theirs ${theirs}`);
}

function measured({gold, predicted, probabilities}: ModelRows): {
  values: Record<string, number>;
  parts: ReturnType<typeof brierDecomposition>;
} {
  const sorted = probabilities.map((row) => [...row].sort((a, b) => b - a));
  const scores = {
    gold,
    predicted,
    nll: probabilities.map((row, i) => -Math.log(row[gold[i]!]!)),
    brier: probabilities.map((row, i) =>
      row.reduce((sum, p, k) => sum + (p - Number(k === gold[i])) ** 2, 0)
    ),
    confidence: sorted.map(([first]) => first!),
    label_entropy: probabilities.map((row) => row.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0)),
    margin: sorted.map(([first, second]) => first! - second!),
    off_label_mass: gold.map(() => 0)
  };
  const cell = measureCell(
    scores,
    gold.map((_, i) => i),
    {labels: probabilities[0]!.length, ordinal: true}
  );
  const values = Object.fromEntries(MEASURE_IDS.map((id, place) => [id, cell.values[place]!]));
  const wrong = cell.correct.map((right) => 1 - right);
  values.auroc =
    auroc(
      cell.confidence.map((sure) => -sure),
      wrong
    ) ?? NaN;
  const bins = sumBins(cell.confidence, cell.correct, cell.widthBin, CALIBRATION_BINS);
  return {values, parts: brierDecomposition(bins)};
}

const COMPARED = [
  ...["accuracy", "macro_f1", "qwk", "mae", "within_one", "nll", "brier", "ece", "ece_mass", "smooth_ece"],
  ...["aurc", "auroc", "sharpness", "overconfidence", "label_entropy"]
];
const PARTS = ["brier", "reliability", "resolution", "uncertainty", "within_bin"] as const;

/** Statistic of a bootstrap over clusters: mean over rows. */
function ratioOf({sums, counts}: ClusterSums): (weights: ArrayLike<number>) => number {
  return (weights) => {
    let [sum, count] = [0, 0];
    for (let g = 0; g < sums.length; ++g) {
      sum += weights[g]! * sums[g]!;
      count += weights[g]! * counts[g]!;
    }
    return sum / count;
  };
}

const absent = whyAbsent();

describe("parity of measures", {skip: absent ?? false}, () => {
  let answers: Record<Kind, Answer[]>;
  before(() => {
    answers = askAll();
  });

  test(`${MODEL_CASES.length} models' measures: scikit-learn, relplot, NumPy`, () => {
    MODEL_CASES.forEach(({name, input}, i) => {
      const {values, parts} = measured(input);
      const answer = answers.measures[i]!;
      for (const id of COMPARED)
        if (id !== "smooth_ece" || i < SMOOTHED) same(values[id], answer[id], `${name}: ${id}`);
      for (const part of PARTS) same(parts![part], answer[`parts_${part}`], `${name}: part ${part}`);
      if ("nll_sklearn" in answer) same(values.nll, answer.nll_sklearn, `${name}: log_loss`);
      // The trap: with two labels the sum over labels is twice the binary form.
      if ("brier_binary" in answer) same(values.brier! / 2, answer.brier_binary, `${name}: binary Brier`);
    });
  });

  test("kappa counts labels that occur nowhere", () => {
    const answer = answers.measures[MODEL_CASES.findIndex(({input}) => input === ABSENT_CLASS)];
    same(measured(ABSENT_CLASS).values.qwk, answer!.qwk, "all labels");
    assert.ok(Math.abs(answer!.qwk! - answer!.qwk_without_absent!) > 0.1, "the example tells the two apart");
  });

  test(`${PAIR_CASES.length} correlations: SciPy, statsmodels`, () => {
    PAIR_CASES.forEach(({name, input: {x, y, groups}}, i) => {
      const answer = answers.correlations[i]!;
      same(pearson(x, y), answer.pearson, `${name}: Pearson`);
      same(spearmanEstimate(x, y)?.value, answer.spearman, `${name}: Spearman`);
      same(pearsonEstimate(x, y, groups)?.value, answer.within, `${name}: within`);
      same(spearmanEstimate(x, y, groups)?.value, answer.within_spearman, `${name}: Spearman within`);
    });
  });

  test("cluster-robust intervals of means: statsmodels", () => {
    CLUSTERED_ROWS.forEach(({values, clusters}, i) => {
      const answer = answers.cluster_error[i]!;
      const n = values.length;
      const size = CLUSTER_CASES[i]!.input.counts.length;
      const value = values.reduce((a, b) => a + b, 0) / n;
      const influence = sumByCluster(
        Float64Array.from(values, (one) => (one - value) / n),
        clusters,
        size
      );
      const {se, low, high} = uncertaintyOf({seeds: [{value, influence}], df: size - 1});
      same(value, answer.mean, "mean");
      same(se, answer.error, "error");
      same(low, answer.low, "low");
      same(high, answer.high, "high");
    });
  });

  test(`${DETECTOR_CASES.length} areas under the ROC curve: DeLong's variance by a double loop, clustered after Obuchowski`, () => {
    DETECTOR_CASES.forEach(({name, input: {scores, positive, clusters}}, i) => {
      const answer = answers.detector[i]!;
      const found = aurocEstimate(Float64Array.from(scores), positive);
      same(found?.value, answer.area, `${name}: area`);
      if (!found) return;
      same(found.value, answer.area_sklearn, `${name}: area of scikit-learn`);
      const squares = (of: boolean) => {
        const own = found.influence.filter((_, row) => positive[row] === of);
        return (own.reduce((sum, u) => sum + u * u, 0) * own.length) / (own.length - 1);
      };
      same(squares(true) + squares(false), answer.delong, `${name}: DeLong`);
      const sums = sumByCluster(found.influence, clusters, Math.max(...clusters) + 1);
      same(Math.sqrt(clusterVariance(sums)), answer.error, `${name}: clustered`);
    });
  });

  test("BCa and percentile on the same draws: SciPy's formulas", () => {
    answers.bca.forEach((answer, i) => {
      const {input} = CLUSTER_CASES[i]!;
      const strata = [{name: "x", clusters: input.sums.length}];
      const resampled = resampleClusters(ratioOf(input), strata, {draws: 500, seed: i});
      // The order of addition decides whether a draw equals the estimate to the last bit.
      const rounded = (value: number) => Number(value.toPrecision(13));
      const z0 = biasCorrection(rounded(resampled.value), resampled.draws.map(rounded));
      same(resampled.acceleration, answer.acceleration, `acceleration ${i}`);
      if (Math.abs(z0 - answer.z0!) > 1e-9) return assert.fail(`z0 of ${i}: ours ${z0}, theirs ${answer.z0}`);
      same(bcaInterval(resampled).low, answer.low, `low ${i}`);
      same(bcaInterval(resampled).high, answer.high, `high ${i}`);
      same(percentileInterval(resampled.draws).low, answer.percentile_low, `percentile low ${i}`);
      same(percentileInterval(resampled.draws).high, answer.percentile_high, `percentile high ${i}`);
    });
  });

  test("bootstrap intervals: scipy.stats.bootstrap(paired=True), within Monte-Carlo error", () => {
    answers.bootstrap.forEach((answer, i) => {
      const {input, name} = CLUSTER_CASES[i]!;
      const strata = [{name, clusters: input.sums.length}];
      const resampled: Resampled = resampleClusters(ratioOf(input), strata, {draws: DRAWS, seed: 7});
      // A 2.5 % quantile of 20,000 normal draws errs by √(p(1−p)/B)/φ = 0.019 standard errors; the difference of two by 0.027.
      const within = 0.12 * answer.standard_error!;
      const percentile = percentileInterval(resampled.draws);
      same(percentile.low, answer.percentile_low, `${name}: percentile low`, within);
      same(percentile.high, answer.percentile_high, `${name}: percentile high`, within);
      same(bcaInterval(resampled).low, answer.BCa_low, `${name}: BCa low`, within);
      same(bcaInterval(resampled).high, answer.BCa_high, `${name}: BCa high`, within);
    });
  });
});
