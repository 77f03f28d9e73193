/** Activation entropies of a system with one seed, as columns aligned with the test rows. */
import {join} from "node:path";
import {ESTIMATORS, type Estimator} from "../../src/core/contract.js";
import {literal, type Chunk} from "./database.js";
import {followingRow} from "./row-keys.js";
import type {Reading} from "./read-predictions.js";
import {sharedArray} from "./thread-memory.js";
import type {Unit} from "./systems.js";

/** All entropies of a seed. */
export interface LayerValues {
  /** Layers 0 to `layers` − 1. */
  layers: number;
  estimators: Estimator[];
  /** `(layer · estimators + estimator) · rows + row`; NaN where there is none. */
  values: Float64Array;
}

/** The column of one layer and estimator. */
export function layerColumn(
  {layers, estimators, values}: LayerValues,
  layer: number,
  estimator: Estimator,
  rows: number
): Float64Array | null {
  const place = estimators.indexOf(estimator);
  if (layer >= layers || place < 0) return null;
  const at = (layer * estimators.length + place) * rows;
  return values.subarray(at, at + rows);
}

/**
 * Reads `layers.parquet` of all runs of a unit; null where they recorded nothing. Rows that are no test rows of the study
 * are passed over. Throws where a file isn't as the contract says.
 */
export async function readLayers(reading: Reading, {runs}: Pick<Unit, "runs">): Promise<LayerValues | null> {
  const sources = runs.map(({folder}) => `read_parquet(${literal(join(folder, "layers.parquet"))})`);
  const columns = await Promise.all(sources.map((source) => recordedColumns(reading, source)));
  const estimators = ESTIMATORS.filter((name) => columns.some((own) => own.has(name)));
  const tops = await Promise.all(
    sources.map(async (source) => {
      const [found] = await reading.db.rows(`SELECT max(layer)::INTEGER AS top FROM ${source}`);
      return (found!.top as number | null) ?? -1;
    })
  );
  const layers = Math.max(-1, ...tops) + 1;
  if (layers === 0 || estimators.length === 0) return null;
  const {rows} = reading.layout;
  const into: LayerValues = {
    layers,
    estimators,
    values: sharedArray(Float64Array, layers * estimators.length * rows).fill(NaN)
  };
  for (const [i, source] of sources.entries()) await readSource(reading, source, columns[i]!, into);
  return into;
}

/** Names of a file's columns. */
export async function recordedColumns({db}: Pick<Reading, "db">, source: string): Promise<Set<string>> {
  return new Set((await db.rows(`DESCRIBE FROM ${source}`)).map(({column_name}) => column_name as string));
}

async function readSource(
  reading: Reading,
  source: string,
  columns: Set<string>,
  into: LayerValues
): Promise<void> {
  const present = into.estimators.filter((name) => columns.has(name));
  const values = present.map((name) => `coalesce(${name}::DOUBLE, 'NaN'::DOUBLE)`);
  const sql = `SELECT ${[reading.keys.sql, "layer::INTEGER", ...values].join(", ")} FROM ${source}`;
  const place = {previous: -1, low: -1, high: -1};
  for await (const chunk of reading.db.chunks(sql)) {
    const targets = targetsOf(reading, chunk, into, place);
    present.forEach((name, column) => {
      const from = chunk.numbers(column + 2);
      const offset = into.estimators.indexOf(name) * reading.layout.rows;
      for (let i = 0; i < targets.length; ++i)
        if (targets[i]! >= 0) into.values[targets[i]! + offset] = from[i]!;
    });
  }
}

/** Where the first estimator of each row of a chunk belongs; −1 for rows that are none of the study. */
function targetsOf(
  {keys, layout}: Reading,
  chunk: Chunk,
  {estimators, layers}: LayerValues,
  place: {previous: number; low: number; high: number}
): Float64Array {
  const words = chunk.words(0);
  const layer = chunk.numbers(1);
  const targets = new Float64Array(chunk.rows);
  const stride = estimators.length * layout.rows;
  for (let i = 0; i < targets.length; ++i) {
    const [low, high] = [words[2 * i]!, words[2 * i + 1]!];
    // The layers of a row stand together.
    if (low !== place.low || high !== place.high) {
      const row = followingRow(keys, place.previous, low, high);
      Object.assign(place, {previous: row, low, high});
    }
    const known = place.previous >= 0 && layer[i]! >= 0 && layer[i]! < layers;
    targets[i] = known ? layer[i]! * stride + place.previous : -1;
  }
  return targets;
}
