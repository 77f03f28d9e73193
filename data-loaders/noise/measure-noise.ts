/** From run logs of repetitions to rows of the cube `noise`. */
import {armId} from "../../src/core/arms.js";
import type {Manifest, TrainJob} from "../../src/core/contract.js";
import type {NoiseRow} from "../../src/core/cubes.js";
import {
  changedShare,
  meanDifference,
  valueDifference,
  type Difference
} from "../../src/core/statistics/repetition-noise.js";
import {readRepetitions, type ReadRepetitions} from "./read-repetitions.js";

/** A repetition that is done. */
export interface DoneRun {
  folder: string;
  manifest: Manifest;
}

/** Noise rows of one job's repetitions, two at least. */
export async function measureNoise(job: TrainJob, runs: DoneRun[]): Promise<NoiseRow[]> {
  const read = await readRepetitions(
    job,
    runs.map(({folder}) => folder)
  );
  const manifests = runs.map(({manifest}) => manifest);
  const facts = {
    arm: armId(job.arm),
    seed: String(job.seed),
    repetitions: runs.length,
    identical: sameFiles(manifests),
    device: distinct(manifests.map(({device}) => `${device.kind} ${device.name}`.trim())),
    determinism: distinct(manifests.map(describeDeterminism))
  };
  return differencesOf(read).map(({corpus, axis, measure, estimator, n, difference}) => ({
    ...{arm: facts.arm, seed: facts.seed, corpus, axis, measure, estimator},
    ...{repetitions: facts.repetitions, n},
    ...{largest: difference.largest, deviation: difference.deviation},
    ...{identical: facts.identical, device: facts.device, determinism: facts.determinism}
  }));
}

type Part = Pick<NoiseRow, "corpus" | "axis" | "measure" | "estimator" | "n"> & {
  difference: Difference;
};

function differencesOf({settings, repetitions, entropies}: ReadRepetitions): Part[] {
  const all = {corpus: "all", axis: "all", estimator: "" as const, n: settings.length};
  const cells = cellsOf(settings);
  const ofMeans = (measure: "accuracy" | "nll") => {
    const columns = repetitions.map((repetition) =>
      measure === "accuracy" ? repetition.right : repetition.nll
    );
    return cells.map(({corpus, axis, rows}) => ({
      ...{corpus, axis, measure, estimator: "" as const, n: rows.length},
      difference: meanDifference(columns, rows)
    }));
  };
  return [
    ...ofMeans("accuracy"),
    ...ofMeans("nll"),
    {
      ...all,
      measure: "probability",
      difference: valueDifference(repetitions.map(({probabilities}) => probabilities))
    },
    {...all, measure: "changed", difference: changedShare(repetitions.map(({predicted}) => predicted))},
    ...[...entropies]
      .filter(([, [first]]) => first!.length > 0)
      .map(([estimator, columns]) => ({
        ...{...all, measure: "layer_entropy" as const, estimator},
        difference: valueDifference(columns)
      }))
  ];
}

/** Every setting, and all rows of a corpus, of an axis, and of both. */
function cellsOf(
  settings: {corpus: string; axis: string}[]
): {corpus: string; axis: string; rows: number[]}[] {
  const cells = new Map<string, {corpus: string; axis: string; rows: number[]}>();
  settings.forEach((setting, row) => {
    for (const corpus of ["all", setting.corpus])
      for (const axis of ["all", setting.axis]) {
        const key = `${corpus} ${axis}`;
        const cell = cells.get(key) ?? {corpus, axis, rows: []};
        cells.set(key, cell);
        cell.rows.push(row);
      }
  });
  return [...cells.values()];
}

/** Whether all runs left the same bytes. */
function sameFiles(manifests: Manifest[]): boolean {
  const hashes = manifests.map(({files}) =>
    ["predictions.parquet", "layers.parquet"].map((name) => files[name]?.sha256 ?? "").join(" ")
  );
  return new Set(hashes).size === 1;
}

function describeDeterminism({determinism = {}}: Manifest): string {
  return Object.entries(determinism)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function distinct(texts: string[]): string {
  return [...new Set(texts)].filter(Boolean).join("; ");
}
