/** Inputs on which measures are compared with public packages: random ones, and hand-picked awkward ones with names. */
import {createRandom, type Random} from "../../src/core/random.js";

export interface ModelRows {
  gold: number[];
  predicted: number[];
  /** Rows × labels. */
  probabilities: number[][];
}

export interface NamedCase<T> {
  name: string;
  input: T;
}

/** The trap: quadratic-weighted kappa is 0.783 over all five labels, 0.211 over those that occur. */
export const ABSENT_CLASS: ModelRows = rowsOf([1, 4, 1, 0, 1, 0], [0, 4, 0, 1, 0, 1], 5);

/** Rows whose model gives its predicted label .6 and shares the rest. */
function rowsOf(gold: number[], predicted: number[], labels: number, sure = 0.6): ModelRows {
  const rest = (1 - sure) / (labels - 1);
  return {
    gold,
    predicted,
    probabilities: predicted.map((label) =>
      Array.from({length: labels}, (_, k) => (k === label ? sure : rest))
    )
  };
}

/** Labels named by their largest probability, the first of equals. */
function predictedOf(probabilities: number[][]): number[] {
  return probabilities.map((row) => row.indexOf(Math.max(...row)));
}

const AWKWARD: NamedCase<ModelRows>[] = [
  {name: "one row, right", input: rowsOf([1], [1], 3)},
  {name: "one row, wrong", input: rowsOf([0], [2], 3)},
  {name: "all right", input: rowsOf([0, 1, 2, 3, 1], [0, 1, 2, 3, 1], 4)},
  {name: "all wrong", input: rowsOf([0, 1, 2, 3, 1], [1, 2, 3, 0, 0], 4)},
  {name: "one label throughout", input: rowsOf([2, 2, 2], [2, 2, 2], 4)},
  {name: "constant confidence", input: rowsOf([0, 1, 2, 0, 1, 2, 0], [0, 1, 2, 1, 2, 0, 0], 3)},
  {name: "certain", input: rowsOf([0, 1, 1, 0], [0, 1, 0, 1], 2, 1)},
  {name: "certain and right", input: rowsOf([0, 1, 1, 0], [0, 1, 1, 0], 2, 1)},
  {name: "a coin", input: rowsOf([0, 1, 1, 0, 0], [0, 0, 0, 0, 0], 2, 0.5)},
  {name: "absent class", input: ABSENT_CLASS},
  {name: "a label never gold", input: rowsOf([0, 1, 0, 1, 0], [0, 2, 2, 1, 0], 3)},
  {name: "confidence on the bins' edges", input: onEdges()},
  {
    name: "kernel width a power of two",
    input: rowsOf(Array<number>(8).fill(0), Array<number>(8).fill(0), 4, 0.75)
  }
];

function onEdges(): ModelRows {
  const probabilities = Array.from({length: 16}, (_, i) => {
    const sure = Math.max(0.5, i / 15);
    return [sure, 1 - sure];
  });
  return {gold: probabilities.map((_, i) => i % 2), predicted: predictedOf(probabilities), probabilities};
}

/** Random models: between one and 400 rows, two to six labels, well and badly calibrated, with and without ties. */
function randomModel(random: Random): ModelRows {
  const n = 1 + random.below(random.pick([5, 30, 120, 400]));
  const labels = 2 + random.below(5);
  const [sharpness, skill] = [random.pick([0.3, 1, 4]), random.pick([-0.5, 0, 0.7, 2])];
  const digits = random.pick([1, 2, 12]);
  const gold = Array.from({length: n}, () => random.below(random.pick([labels, Math.max(1, labels - 1)])));
  const probabilities = gold.map((label) => {
    const weights = Array.from({length: labels}, (_, k) =>
      Math.exp(sharpness * (4 * random.unit() + (k === label ? skill : 0)))
    );
    const total = weights.reduce((a, b) => a + b, 0);
    const rounded = weights.map((weight) => Number((weight / total).toFixed(digits)) + 1e-3);
    const again = rounded.reduce((a, b) => a + b, 0);
    return rounded.map((weight) => weight / again);
  });
  return {gold, predicted: predictedOf(probabilities), probabilities};
}

const random = createRandom("measure-cases");

export const MODEL_CASES: NamedCase<ModelRows>[] = [
  ...AWKWARD,
  ...Array.from({length: 400}, (_, i) => ({name: `random ${i}`, input: randomModel(random)}))
];

export interface PairedValues {
  x: number[];
  y: number[];
  groups: number[];
}

function randomPairs(): PairedValues {
  const n = 2 + random.below(random.pick([4, 20, 100]));
  const steps = random.pick([3, 10, 1e6]);
  const slope = random.pick([-1, 0, 0.5, 2]);
  const groups = Array.from({length: n}, () => random.below(3));
  const x = groups.map((group) => Math.floor(steps * random.unit()) / steps + group);
  const y = x.map(
    (value, i) => Math.floor((steps * (slope * value + random.unit())) / 2) / steps - groups[i]! * 2
  );
  return {x, y, groups};
}

export const PAIR_CASES: NamedCase<PairedValues>[] = [
  {name: "constant x", input: {x: [1, 1, 1], y: [1, 2, 3], groups: [0, 0, 0]}},
  {name: "constant within groups", input: {x: [1, 1, 2, 2], y: [1, 2, 3, 5], groups: [0, 0, 1, 1]}},
  {name: "one row a group", input: {x: [1, 5, 2], y: [1, 2, 3], groups: [0, 1, 2]}},
  {name: "ties everywhere", input: {x: [1, 1, 2, 2, 1], y: [3, 4, 4, 3, 3], groups: [0, 0, 0, 1, 1]}},
  {
    name: "Simpson's paradox",
    input: {x: [1, 2, 3, 7, 8, 9], y: [9, 8, 7, 19, 18, 17], groups: [0, 0, 0, 1, 1, 1]}
  },
  ...Array.from({length: 120}, (_, i) => ({name: `random ${i}`, input: randomPairs()}))
];

/** Sums of differences and rows by dialogue. */
export interface ClusterSums {
  sums: number[];
  counts: number[];
}

export const CLUSTER_CASES: NamedCase<ClusterSums>[] = Array.from({length: 24}, (_, i) => {
  const counts = Array.from({length: 5 + random.below(60)}, () => 1 + random.below(6));
  const sums = counts.map((count) => {
    const lean = random.unit() ** 2 - 0.3;
    return Array.from({length: count}, () => Math.round(lean + random.unit() - 0.4)).reduce(
      (a, b) => a + b,
      0
    );
  });
  return {name: `clusters ${i}`, input: {sums, counts}};
}).filter(({input}) => new Set(input.sums.map((sum, i) => sum / input.counts[i]!)).size > 2);

/** A detector's scores of rows, by dialogue. */
export interface DetectorRows {
  scores: number[];
  positive: boolean[];
  clusters: number[];
}

function randomDetector(i: number): DetectorRows {
  const n = 4 + random.below(random.pick([6, 30, 150]));
  const steps = random.pick([2, 5, 1e6]);
  const size = 1 + (i % 4);
  const positive = Array.from({length: n}, () => random.unit() < random.pick([0.1, 0.5, 0.9]));
  const lean = random.pick([-0.5, 0, 1]);
  return {
    scores: positive.map((one) => Math.floor(steps * (random.unit() + (one ? lean : 0))) / steps),
    positive,
    clusters: positive.map((_, row) => Math.floor(row / size))
  };
}

const detectors = (scores: number[], positive: number[], clusters: number[] = scores.map((_, i) => i)) => ({
  ...{scores, clusters},
  positive: positive.map(Boolean)
});

export const DETECTOR_CASES: NamedCase<DetectorRows>[] = [
  {name: "no positives", input: detectors([1, 2, 3], [0, 0, 0])},
  {name: "no negatives", input: detectors([1, 2, 3], [1, 1, 1])},
  {name: "one of each", input: detectors([1, 2], [0, 1])},
  {name: "one positive", input: detectors([1, 2, 3, 4], [0, 0, 1, 0])},
  {name: "all scores alike", input: detectors([5, 5, 5, 5], [0, 1, 0, 1])},
  {name: "apart", input: detectors([1, 2, 3, 4], [0, 0, 1, 1])},
  {name: "apart, the wrong way round", input: detectors([1, 2, 3, 4], [1, 1, 0, 0])},
  {name: "one dialogue", input: detectors([1, 4, 2, 3], [0, 1, 1, 0], [0, 0, 0, 0])},
  {name: "positives of one dialogue", input: detectors([1, 4, 2, 3], [0, 1, 0, 1], [0, 1, 0, 1])},
  ...Array.from({length: 120}, (_, i) => ({name: `random ${i}`, input: randomDetector(i)}))
];
