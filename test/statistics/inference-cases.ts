/** Inputs for the comparison with Python: random ones from fixed seeds, and awkward ones by hand. */
import {createRandom, type Random} from "../../src/core/random.js";

/** One input; `kind` names the function of `test/python/reference_inference.py` that answers it. */
export type InferenceCase = {kind: string} & Record<string, unknown>;

const random = createRandom("inference-cases", 1);

/** Standard normal, by Box and Muller. */
export function gaussian(source: Random): number {
  return Math.sqrt(-2 * Math.log(1 - source.unit())) * Math.cos(2 * Math.PI * source.unit());
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({length: count}, (_, i) => make(i));
}

function normals(n: number, mean = 0, sd = 1): number[] {
  return times(n, () => mean + sd * gaussian(random));
}

/** Small whole numbers: full of ties and zeros. */
function whole(n: number, reach = 3): number[] {
  return times(n, () => random.below(2 * reach + 1) - reach);
}

/** Paired differences: continuous, tied, with zeros, tiny, constant, all alike, one-sided. */
function differences(largest: number): number[][] {
  return [
    ...times(6, (i) => normals(i + 1)),
    ...times(6, (i) => whole(i + 1)),
    ...times(6, (i) => times(i + 1, () => 1)),
    ...times(6, (i) => times(i + 1, (j) => j + 1)),
    [0],
    [0, 0, 0],
    [0, 0, 2, -1, 0],
    [1e-12, -1e-12, 3],
    [0.1, 0.2, 0.3, -0.3],
    [5, -5, 5, -5],
    ...times(20, (i) => normals(7 + (i % (largest - 6)), 0.3)),
    ...times(20, (i) => whole(7 + (i % (largest - 6))))
  ];
}

/** Every choice of one to four whole numbers from −2 to 2: each kind of tie, zeros and one-sidedness in the smallest samples. */
function tiniest(): number[][] {
  const values = [-2, -1, 0, 1, 2];
  let grown: number[][] = values.map((value) => [value]);
  const all = [...grown];
  for (let n = 2; n <= 4; ++n) {
    grown = grown.flatMap((few) =>
      values.filter((value) => value >= few.at(-1)!).map((value) => [...few, value])
    );
    all.push(...grown);
  }
  return all;
}

const signedRanks = [
  ...tiniest().filter((values) => values.some((value) => value !== 0)),
  ...differences(13).filter((values) => values.some((value) => value !== 0)),
  ...times(10, (i) => normals(14 + 4 * i, 0.2)),
  ...times(10, (i) => whole(14 + 4 * i, 6)),
  ...times(4, (i) => normals(51 + 30 * i, 0.1)),
  ...times(4, (i) => whole(60 + 30 * i, 9))
];

function discordantPairs(): InferenceCase[] {
  const awkward = [
    [0, 0],
    [1, 0],
    [0, 5],
    [3, 3],
    [1, 1],
    [6, 0],
    [400, 431],
    [2500, 2500],
    [60, 900]
  ];
  const drawn = times(40, () => [random.below(30), random.below(30)]);
  return [...awkward, ...drawn].map(([gained, lost]) => ({kind: "discordant_pairs", gained, lost}));
}

function friedmanCases(): InferenceCase[] {
  const shapes = times(36, (i) => ({settings: 2 + (i % 18), arms: 3 + (i % 5), tied: i % 3 === 0}));
  const drawn = shapes.map(({settings, arms, tied}) =>
    times(settings, () => (tied ? whole(arms, 2) : normals(arms)))
  );
  const anchors = [4, 5].map((arms) => times(18, () => normals(arms)));
  const incomplete = times(4, () =>
    times(9, (row) => normals(4).map((value, arm) => (row === arm ? null : value)))
  );
  return [...drawn, ...anchors, ...incomplete]
    .filter((values) => values.some((row) => new Set(row).size > 1))
    .map((values, i) => ({kind: "friedman", values, alpha: i % 2 === 0 ? 0.05 : 0.1}));
}

function correctionCases(): InferenceCase[] {
  const awkward = [[0.04], [0.01, 0.01, 0.01], [1, 1], [0, 0.5, 1], [0.05, 0.04, 0.03, 0.02], [1e-300, 0.9]];
  return [...awkward, ...times(34, (i) => times(1 + (i % 12), () => random.unit() ** 2))].map((ps) => ({
    kind: "corrections",
    ps
  }));
}

function randomEffectsCases(): InferenceCase[] {
  const drawn = times(40, (i) => {
    const k = 2 + (i % 17);
    const spread = [0, 0.01, 0.1][i % 3]!;
    return {effects: normals(k, 0.02, spread + 0.02), variances: times(k, () => 1e-4 + 9e-4 * random.unit())};
  });
  const awkward = [
    {effects: [0.1, 0.1, 0.1], variances: [1, 2, 3]},
    {effects: [0, 1], variances: [1e-6, 1e-6]},
    {effects: [5, -5, 0.1, 2], variances: [1e-3, 10, 1e-5, 1]}
  ];
  return [...drawn, ...awkward].map((input) => ({kind: "random_effects", ...input}));
}

/** Three axes a corpus, whose errors go together. */
function correlatedCases(): InferenceCase[] {
  return times(30, (i) => {
    const k = 2 + (i % 17);
    const sd = times(k, () => 0.005 + 0.02 * random.unit());
    const covariance = sd.map((a, row) =>
      sd.map((b, column) => {
        const together = Math.floor(row / 3) === Math.floor(column / 3) ? 0.6 : 0;
        return a * b * (row === column ? 1 : together);
      })
    );
    return {
      kind: "correlated_random_effects",
      effects: normals(k, 0.01, i % 2 === 0 ? 0.04 : 0.01),
      covariance
    };
  });
}

function aggregateCases(): InferenceCase[] {
  const thresholds = [-1, -0.3, 0, 0.3, 1];
  const scores = (settings: number, seeds: number, tied: boolean) =>
    times(settings, () => (tied ? whole(seeds, 2) : normals(seeds)));
  const drawn = times(36, (i) => {
    const [settings, seeds, tied] = [1 + (i % 9), 1 + (i % 6), i % 4 === 0];
    return {x: scores(settings, seeds, tied), y: scores(settings, 1 + (i % 4), tied), thresholds, reps: 0};
  });
  const x = scores(4, 8, false);
  const y = scores(4, 6, false);
  const bootstrapped = {x, y, thresholds, reps: 1000};
  const alike = {x: [[1, 2, 3]], y: [[1, 2, 3]], thresholds: [2], reps: 0};
  return [...drawn, alike, bootstrapped].map((input) => ({kind: "aggregates", ...input}));
}

function agreementCases(): InferenceCase[] {
  const judges = (count: number, units: number, labels: number, gaps: number) =>
    times(count, () => times(units, () => (random.unit() < gaps ? null : 1 + random.below(labels))));
  const drawn = times(36, (i) =>
    judges(2 + (i % 4), 3 + (i % 20), 2 + (i % 4), [0, 0.2, 0.5][i % 3]!)
  ).filter((data) => new Set(paired(data)).size > 1);
  const awkward = [
    [
      [1, 2, 3, 4],
      [1, 2, 3, 4]
    ],
    [
      [1, 1, 1, 2],
      [1, 1, 1, null],
      [2, 1, null, null]
    ],
    // The example of Krippendorff (2011), with its missing values.
    [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
      [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null]
    ]
  ];
  return [...awkward, ...drawn].flatMap((judgements) =>
    ["nominal", "ordinal", "interval"].map((level) => ({kind: "agreement", judgements, level}))
  );
}

/** Values of units that two judges at least have judged. */
function paired(judgements: (number | null)[][]): number[] {
  return judgements[0]!.flatMap((_, unit) => {
    const values = judgements.map((judge) => judge[unit]!).filter((value) => value !== null);
    return values.length > 1 ? values : [];
  });
}

function distributionCases(): InferenceCase[] {
  const ps = [1e-9, 0.001, 0.0125, 0.025, 0.25, 0.3, 0.5, 0.8, 0.975, 0.9995];
  const dfs = [0.7, 1, 1.3, 2, 2.7, 5, 17, 114.2, 594, 5000, 29_999, 30_001, 1e7];
  return dfs.flatMap((df) =>
    ps.map((p, i) => ({
      kind: "distributions",
      p,
      df,
      x: [-8, -3.3, -2.5, -1.1, 0, 0.2, 1.4, 2.6, 4, 9][i],
      k: 2 + i
    }))
  );
}

const made: InferenceCase[] = [
  ...distributionCases(),
  ...discordantPairs(),
  ...[...tiniest(), ...differences(13)].map((values) => ({kind: "signs", differences: values})),
  ...signedRanks.map((values) => ({kind: "signed_ranks", differences: values})),
  ...[...tiniest(), ...differences(11)]
    .filter(({length}) => length > 1)
    .map((values) => ({kind: "sign_flips", differences: values, draws: 0})),
  ...times(6, (i) => ({kind: "sign_flips", differences: normals(20 + 20 * i, 0.15), draws: 20_000})),
  ...friedmanCases(),
  ...correctionCases(),
  ...times(30, (i) => ({
    kind: "equivalence",
    differences: normals(2 + i, 0.1),
    margin: 0.1 + 0.5 * random.unit()
  })),
  ...randomEffectsCases(),
  ...correlatedCases(),
  ...aggregateCases(),
  ...agreementCases()
];

/** Every input once, in one list; the same on every machine. */
export const INFERENCE_CASES: InferenceCase[] = [
  ...new Map(made.map((input) => [JSON.stringify(input), input])).values()
];
