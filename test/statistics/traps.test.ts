/** Where published scripts and libraries go wrong, or differ: one test each. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import {createRandom} from "../../src/core/random.js";
import {equalMassBins, equalWidthBin} from "../../src/core/statistics/calibration-bins.js";
import {measureCell, MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {quadraticKappa} from "../../src/core/statistics/confusion-measures.js";
import {friedman} from "../../src/core/statistics/friedman.js";
import {mcnemar} from "../../src/core/statistics/mcnemar.js";
import {benjaminiHochberg, holm} from "../../src/core/statistics/multiple-comparisons.js";
import {criticalDifference} from "../../src/core/statistics/nemenyi.js";
import {signFlipTest} from "../../src/core/statistics/permutation.js";
import {interquartileMean, probabilityOfImprovement} from "../../src/core/statistics/robust-aggregates.js";
import {seedBootstrap} from "../../src/core/statistics/seed-bootstrap.js";
import {signTestOf} from "../../src/core/statistics/sign.js";
import {wilcoxon} from "../../src/core/statistics/wilcoxon.js";

function close(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} where ${expected} is right`);
}

describe("traps", () => {
  test("McNemar: exact, not the χ² whose continuity correction some scripts have and others lack", () => {
    // 6 against 1: χ² gives .059 without and .131 with the correction; exactly it is 2 · (1 + 7)/2⁷.
    close(mcnemar(6, 1).p, 16 / 128);
    close(mcnemar(6, 1).midP, 16 / 128 - 7 / 128);
  });

  test("McNemar: it doesn't matter which arm is named first", () => {
    assert.equal(mcnemar(12, 5).p, mcnemar(5, 12).p);
    assert.equal(mcnemar(12, 5).midP, mcnemar(5, 12).midP);
  });

  test("permutation: large differences give a small p, whatever their sign (a much-copied script has it reversed)", () => {
    const differences = [3, 4, 2, 5, 3, 4, 6];
    close(signFlipTest(differences).p, 2 / 128);
    close(signFlipTest(differences.map((difference) => -difference)).p, 2 / 128);
    assert.equal(signFlipTest([1, -1, 2, -2]).p, 1);
  });

  test("permutation: a random p is never 0, but (b + 1)/(m + 1)", () => {
    const {p, smallestP, method} = signFlipTest(new Array(40).fill(1));
    assert.equal(method, "random");
    assert.equal(p, smallestP);
    close(smallestP, 1 / 10_000);
  });

  test("axes of one dialogue: taken as three rows each they feign evidence, as clusters they don't", () => {
    const dialogues = [1, 1, -1, 1, 1, -1, 1, 1];
    const rows = dialogues.flatMap((difference) => [difference, difference, difference]);
    const clusters = dialogues.map((difference) => 3 * difference);
    assert.ok(signFlipTest(rows).p < 0.05);
    close(signFlipTest(clusters).p, signFlipTest(dialogues).p);
    assert.ok(signFlipTest(clusters).p > 0.25);
  });

  test("Wilcoxon: the smallest p is .0625 with five settings and .03125 with six, and the result says so", () => {
    close(wilcoxon([1, 2, 3, 4, 5]).p, 0.0625);
    close(wilcoxon([-1, 2, 3, 4, 5]).smallestP, 0.0625);
    close(wilcoxon([1, 2, 3, 4, 5, 6]).p, 0.03125);
    close(signTestOf([-1, 2, 3, 4, 5]).smallestP, 0.0625);
  });

  test("Wilcoxon: zeros leave, so that they count towards no smallest p", () => {
    const {n, zeros, smallestP} = wilcoxon([0, 0, 1, -2, 3]);
    assert.deepEqual([n, zeros, smallestP], [3, 2, 0.25]);
  });

  test("Friedman and Nemenyi: the critical difference of four arms in 18 settings is 1.1055, of five 1.4377", () => {
    assert.equal(criticalDifference(4, 18).toFixed(4), "1.1055");
    assert.equal(criticalDifference(5, 18).toFixed(4), "1.4377");
  });

  test("two arms: tests are two-sided, and no direction is taken from the data (autorank's is one-sided)", () => {
    const differences = [1, 2, 3, 4, 5, 6, 7, -8];
    close(wilcoxon(differences).p, wilcoxon(differences.map((difference) => -difference)).p);
    close(signTestOf([1, 1, 1, 1]).p, 0.125);
    assert.match(
      friedman(
        [
          [1, 2],
          [1, 3]
        ],
        "higher"
      ).reason ?? "",
      /three arms at least/
    );
  });

  test("interquartile mean: of all values together, not of each setting's", () => {
    close(
      interquartileMean([
        [0, 100],
        [1, 2],
        [3, 4],
        [5, -100]
      ]),
      2.5
    );
    close(interquartileMean([[1, 2, 3]]), 2);
  });

  test("probability of improvement: ties count half, and settings weigh alike whatever their seeds", () => {
    close(probabilityOfImprovement([[1, 2]], [[1, 2]]), 0.5);
    close(probabilityOfImprovement([[2], [0, 0, 0]], [[1], [1, 1, 1]]), 0.5);
  });

  test("seeds of one model: drawn together for all settings, or a lucky training passes for many", () => {
    const random = createRandom("seeds of one model");
    const luck = Array.from({length: 5}, () => random.unit());
    const scores = Array.from({length: 16}, () => luck);
    const length = (regime: "one-model" | "per-setting"): number => {
      const {low, high} = seedBootstrap([scores], interquartileMean, {regime, draws: 500});
      return high! - low!;
    };
    assert.ok(length("one-model") > 2 * length("per-setting"));
  });

  test("Holm: adjusted p never fall below an earlier one", () => {
    assert.deepEqual(
      holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p!.toFixed(12))),
      [0.03, 0.06, 0.06, 0.02]
    );
  });

  test("an untestable hypothesis keeps its place in the family", () => {
    assert.deepEqual(holm([0.02, null, 0.5]), [0.06, null, 1]);
    assert.deepEqual(benjaminiHochberg([0.02, null, 0.5]), [0.06, null, 0.75]);
  });

  test("quadratic-weighted kappa: over all labels of the axis, those that occur nowhere among them", () => {
    const rows = (labels: number, names: number[]) => {
      const confusion = new Float64Array(labels ** 2);
      const [gold, predicted] = [
        [1, 4, 1, 0, 1, 0],
        [0, 4, 0, 1, 0, 1]
      ] as [number[], number[]];
      gold.forEach((label, i) => {
        const at = names.indexOf(label) * labels + names.indexOf(predicted[i]!);
        confusion[at]! += 1;
      });
      return quadraticKappa(confusion, labels).value;
    };
    // scikit-learn's, with `labels` and without.
    close(rows(5, [0, 1, 2, 3, 4]), 0.782608695652174);
    close(rows(3, [0, 1, 4]), 0.21052631578947367);
  });

  test("Brier: the sum over labels, which with two labels is twice the binary form", () => {
    const cell = measured([0.8, 0.6], [1, 0]);
    close(cell.brier!, (2 * (0.2 ** 2 + 0.6 ** 2)) / 2);
  });

  test("ECE: bins of equal width are closed above, bins of equal mass hold equal confidences together", () => {
    // On the edge of a bin a confidence belongs to the lower one; .2 and .2 + 1e-9 are apart.
    close(equalWidthBin(3 / 15), 2, 0);
    close(equalWidthBin(3 / 15 + 1e-9), 3, 0);
    const values = [0.5, 0.7, 0.7, 0.7, 0.9, 0.95];
    assert.deepEqual([...equalMassBins(values, 3, [0, 1, 2, 3, 4, 5])], [0, 0, 0, 0, 2, 2]);
    // Two bins: |.8 − 1| · ½ and |.6 − 0| · ½; together they would cancel to .3.
    close(measured([0.8, 0.6], [1, 0]).ece!, (0.2 + 0.6) / 2);
  });

  test("smooth ECE: the kernel is reflected at 0 and 1, and its width is the error itself", () => {
    // All mass on one side of an edge: an unreflected kernel would lose what lies beyond 1.
    const {smooth_ece: certain} = measured([1, 1, 1, 1], [1, 1, 1, 0]);
    close(certain!, 0.25, 2e-3);
    const {smooth_ece: wrong} = measured([1, 1, 1, 1], [0, 0, 0, 0]);
    close(wrong!, 1, 2e-2);
  });
});

/** Measures of rows with two labels, gold 0: right rows predict it with this confidence, the others label 1. */
function measured(confidence: number[], right: number[]): Record<string, number> {
  const n = confidence.length;
  const nothing = new Float64Array(n);
  const cell = measureCell(
    {
      gold: nothing,
      predicted: right.map((one) => 1 - one),
      confidence,
      brier: confidence.map((sure, i) => 2 * (sure - right[i]!) ** 2),
      ...{nll: nothing, label_entropy: nothing, margin: nothing, off_label_mass: nothing}
    },
    confidence.map((_, i) => i),
    {labels: 2, ordinal: true}
  );
  return Object.fromEntries(MEASURE_IDS.map((id, place) => [id, cell.values[place]!]));
}
