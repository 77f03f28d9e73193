/** Rows of `relations.json` and `quintiles.json`: entropy against being right, over test rows and all seeds of an arm. */
import type {QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {auroc} from "../../src/core/statistics/auroc.js";
import {clusterMean} from "../../src/core/statistics/cluster-mean.js";
import {pearson, withinCorrelation} from "../../src/core/statistics/correlation.js";
import {equalMassBins} from "../../src/core/statistics/measure-vectors.js";
import type {EntropySeries} from "./entropy-series.js";
import type {Cell, TestRows} from "./test-rows.js";

const FIFTHS = 5;

type Place = Pick<RelationRow, "arm" | "corpus" | "axis" | "layer" | "estimator">;

/** One seed's entropies by test row, and which fifth of its setting each is in: 1 to 5, or 0 where it can't be used. */
interface Ranked {
  values: Float64Array;
  predicted: ArrayLike<number>;
  fifth: Uint8Array;
}

/** Test row × seed with an entropy and a prediction: one observation each, as columns. */
interface Observations {
  entropy: Float64Array;
  correct: Float64Array;
  /** Setting × seed, within which entropies are compared. */
  group: Int32Array;
  /** Dialogue, the same over seeds, numbered within the cell. */
  cluster: Int32Array;
  fifth: Uint8Array;
}

/** Both cubes' rows of one series of one arm. */
export function relateToCorrectness(
  arm: string,
  {layer, estimator, seeds}: EntropySeries,
  test: TestRows
): {relations: RelationRow[]; quintiles: QuintileRow[]} {
  const ranked = seeds.map(({scores, values}): Ranked => {
    const usable = (row: number) => scores.scored[row] === 1 && Number.isFinite(values[row]);
    return {values, predicted: scores.predicted, fifth: fifthsWithinSettings(values, usable, test)};
  });
  const relations: RelationRow[] = [];
  const quintiles: QuintileRow[] = [];
  for (const cell of test.cells) {
    const place = {arm, corpus: cell.corpus, axis: cell.axis, layer, estimator};
    const observations = observe(ranked, cell, test);
    relations.push({...place, ...relate(observations)});
    quintiles.push(...fifthRows(place, observations, cell.dialogues));
  }
  return {relations, quintiles};
}

function fifthsWithinSettings(
  values: Float64Array,
  usable: (row: number) => boolean,
  test: TestRows
): Uint8Array {
  const rowsOf = Array.from({length: test.settings}, (): number[] => []);
  test.setting.forEach((setting, row) => usable(row) && rowsOf[setting]!.push(row));
  const fifths = new Uint8Array(values.length);
  for (const rows of rowsOf) {
    const bins = equalMassBins(
      Float64Array.from(rows, (row) => values[row]!),
      FIFTHS
    );
    rows.forEach((row, i) => (fifths[row] = bins[i]! + 1));
  }
  return fifths;
}

function observe(
  ranked: Ranked[],
  {rows, dialogue}: Cell,
  {gold, setting, settings}: TestRows
): Observations {
  const most = rows.length * ranked.length;
  const entropy = new Float64Array(most);
  const correct = new Float64Array(most);
  const group = new Int32Array(most);
  const cluster = new Int32Array(most);
  const fifth = new Uint8Array(most);
  let n = 0;
  ranked.forEach((seed, s) => {
    for (let i = 0; i < rows.length; ++i) {
      const row = rows[i]!;
      if (seed.fifth[row] === 0) continue;
      entropy[n] = seed.values[row]!;
      correct[n] = seed.predicted[row] === gold[row] ? 1 : 0;
      group[n] = s * settings + setting[row]!;
      cluster[n] = dialogue[i]!;
      fifth[n] = seed.fifth[row]!;
      n += 1;
    }
  });
  return {
    entropy: entropy.subarray(0, n),
    correct: correct.subarray(0, n),
    group: group.subarray(0, n),
    cluster: cluster.subarray(0, n),
    fifth: fifth.subarray(0, n)
  };
}

function relate({entropy, correct, group, cluster}: Observations): Omit<RelationRow, keyof Place> {
  const {r, low, high} = withinCorrelation(entropy, correct, group, cluster);
  return {
    pooled: pearson(entropy, correct),
    within: r,
    within_low: low,
    within_high: high,
    auroc: auroc(
      entropy,
      correct.map((right) => 1 - right)
    ),
    n: entropy.length
  };
}

/** One row a fifth that holds observations. */
function fifthRows(
  place: Place,
  {fifth, cluster, correct, entropy}: Observations,
  dialogues: number
): QuintileRow[] {
  const columns = () => Array.from({length: FIFTHS}, () => new Float64Array(dialogues));
  const [right, total, counts] = [columns(), columns(), columns()];
  fifth.forEach((one, i) => {
    right[one - 1]![cluster[i]!]! += correct[i]!;
    total[one - 1]![cluster[i]!]! += entropy[i]!;
    counts[one - 1]![cluster[i]!]! += 1;
  });
  return counts.flatMap((count, i) => {
    const {mean, low, high, n} = clusterMean(right[i]!, count, [0, 1]);
    if (mean === null) return [];
    return [
      {...place, quintile: i + 1, entropy: clusterMean(total[i]!, count).mean!, accuracy: mean, low, high, n}
    ];
  });
}
