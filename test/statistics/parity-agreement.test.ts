/**
 * Agreement, severities and Dawid–Skene's labels against krippendorff, scikit-learn, statsmodels and NumPy: to 1e-9, on
 * random ratings with missing values.
 */
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {describe, test} from "node:test";
import {fileURLToPath} from "node:url";
import {matrixOf} from "../../src/core/judging/rating-matrix.js";
import {createRandom} from "../../src/core/random.js";
import {pairAgreement, PAIR_MEASURES} from "../../src/core/statistics/agreement.js";
import {clusteredAlpha} from "../../src/core/statistics/clustered-alpha.js";
import {clusteredRows} from "../../src/core/statistics/clustered.js";
import {dawidSkene} from "../../src/core/statistics/dawid-skene.js";
import {studentTQuantile} from "../../src/core/statistics/distributions.js";
import {fitSeverity} from "../../src/core/statistics/severity.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(ROOT, ".because/python/bin/python");
const SCRIPT = join(ROOT, "test/python/reference_agreement.py");
const CASES_EACH = 60;

interface Ratings {
  /** Items × raters. */
  votes: (number | null)[][];
  clusters: number[];
  labels: number;
}

const random = createRandom("agreement-cases");

/** Random ratings around a true label, with gaps; places from 0, halves among them where `halves`. */
function ratings(i: number, halves: boolean): Ratings {
  const labels = 2 + random.below(5);
  const [items, raters] = [4 + random.below(60), 2 + random.below(6)];
  const [missing, noise] = [random.pick([0, 0.2, 0.5]), random.pick([0.3, 1, 3])];
  const steps = halves ? 2 : 1;
  const votes = Array.from({length: items}, () => {
    const truth = labels * random.unit();
    return Array.from({length: raters}, () => {
      if (random.unit() < missing) return null;
      const place = Math.floor(steps * (truth + noise * (random.unit() - 0.5))) / steps;
      return Math.min(labels - 1, Math.max(0, place));
    });
  });
  return {votes, clusters: votes.map((_, item) => Math.floor(item / (1 + (i % 3)))), labels};
}

const withAll = ({votes}: Ratings) => votes.every((item) => item.some((vote) => vote !== null));
/** Whether items link all raters, so that their severities can be compared. */
function linked({votes}: Ratings): boolean {
  const raters = votes[0]!.length;
  const reached = new Set([0]);
  for (let round = 0; round < raters; ++round)
    for (const item of votes)
      if (item.some((vote, rater) => vote !== null && reached.has(rater)))
        item.forEach((vote, rater) => vote !== null && reached.add(rater));
  return reached.size === raters;
}

function cases(kind: string, halves: boolean, fits: (one: Ratings) => boolean, more: object = {}) {
  const found = [];
  for (let i = 0; found.length < CASES_EACH; ++i) {
    const one = ratings(i, halves);
    if (fits(one)) found.push({kind, ...one, ...more});
  }
  return found;
}

const EM = {smoothing: 1, trust: 1, steps: 12};
const CASES = {
  alpha: cases("alpha", true, () => true),
  pair: cases("pair", false, ({votes}) => votes.some(([a, b]) => a !== null && b !== null)),
  severity: cases("severity", true, (one) => linked(one) && withAll(one)),
  dawid_skene: cases("dawid_skene", false, withAll, EM)
};

function cellOf({clusters}: Ratings) {
  const rows = Int32Array.from(clusters.keys());
  return clusteredRows(rows, clusters, new Array<number>(clusters.length).fill(0));
}

const asPlaces = ({votes}: Ratings, rater: number) => votes.map((item) => item[rater] ?? -1);

function near(ours: number | null, theirs: number | null, what: string): void {
  if (ours === null || theirs === null) return assert.equal(ours, theirs, what);
  const far = Math.abs(ours - theirs);
  assert.ok(far <= 1e-9 * Math.max(1, Math.abs(theirs)), `${what}: ${ours} against ${theirs}`);
}

function whyAbsent(): string | null {
  if (!existsSync(PYTHON)) return `there is no ${PYTHON}: agreement was not compared with Python`;
  const {status, stderr} = spawnSync(PYTHON, ["-c", "import krippendorff, sklearn, statsmodels"], {
    encoding: "utf8"
  });
  return status === 0
    ? null
    : `${stderr.trim().split("\n").at(-1)}: agreement was not compared with Python (remote-trainer/requirements-dev.txt)`;
}

const absent = whyAbsent();

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any;

describe("agreement beside Python", {skip: absent ?? false}, () => {
  const answers = absent === null ? ask() : {alpha: [], pair: [], severity: [], dawid_skene: []};

  test("Krippendorff's alpha and its jackknife over dialogues", () => {
    let defined = 0;
    CASES.alpha.forEach((one, i) => {
      const {alpha, without} = answers.alpha[i] as {alpha: number | null; without: (number | null)[]};
      const votes = (item: number) => one.votes[item]!.filter((vote) => vote !== null);
      const ours = clusteredAlpha(votes, cellOf(one));
      near(ours.value, alpha, `alpha ${i}`);
      // Clusters without a pair of votes hold no unit, and don't count.
      const held = without.filter((_, cluster) =>
        one.votes.some((_, item) => one.clusters[item] === cluster && votes(item).length > 1)
      );
      if (ours.low === null || held.includes(null)) return;
      defined += 1;
      const left = held as number[];
      const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
      const squares = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const error = Math.sqrt(((left.length - 1) / left.length) * squares);
      near(ours.low, alpha! - studentTQuantile(0.975, left.length - 1) * error, `low of ${i}`);
    });
    assert.ok(defined > CASES_EACH / 2, `${defined} intervals compared`);
  });

  test("pairs of raters", () => {
    CASES.pair.forEach((one, i) => {
      const ours = pairAgreement(asPlaces(one, 0), asPlaces(one, 1), cellOf(one), one.labels);
      assert.equal(ours.exact.n, answers.pair[i].n);
      for (const measure of PAIR_MEASURES)
        near(ours[measure].value, answers.pair[i][measure] as number | null, `${measure} of ${i}`);
    });
  });

  test("severities by least squares", () => {
    CASES.severity.forEach((one, i) => {
      const matrix = matrixOf(
        one.votes.map((scores, item) => ({corpus: "c", example_id: String(item), axis: "a", scores}))
      );
      const ours = fitSeverity(matrix);
      const theirs = answers.severity[i] as {severities: number[]; error: number | null};
      theirs.severities.forEach((severity, rater) =>
        near(ours.severities[rater]!, severity, `rater ${rater} of ${i}`)
      );
      if (!Number.isNaN(ours.error)) near(ours.error, theirs.error, `error of ${i}`);
    });
  });

  test("labels after Dawid and Skene, step for step", () => {
    CASES.dawid_skene.forEach((one, i) => {
      const raters = one.votes[0]!.length;
      const ours = dawidSkene(
        {
          items: one.votes.length,
          raters,
          labels: one.labels,
          votes: one.votes.flat().map((vote) => vote ?? -1)
        },
        {smoothing: EM.smoothing, trust: EM.trust, most: EM.steps, tolerance: -Infinity}
      );
      const {posterior} = answers.dawid_skene[i] as {posterior: number[][]};
      assert.equal(ours.steps, EM.steps);
      posterior.flat().forEach((share, at) => near(ours.posterior[at]!, share, `share ${at} of ${i}`));
    });
  });
});

function ask(): Record<keyof typeof CASES, Answer[]> {
  const input = JSON.stringify(Object.values(CASES).flat());
  const {stdout, stderr, status} = spawnSync(PYTHON, [SCRIPT], {input, encoding: "utf8", maxBuffer: 2 ** 28});
  assert.equal(status, 0, stderr);
  const all = JSON.parse(stdout.replace(/\bNaN\b/g, "null")) as Answer[];
  const entries = Object.keys(CASES).map((kind, k) => [
    kind,
    all.slice(k * CASES_EACH, (k + 1) * CASES_EACH)
  ]);
  return Object.fromEntries(entries) as Record<keyof typeof CASES, Answer[]>;
}
