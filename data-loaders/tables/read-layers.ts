/** Activation entropies of a system with one seed, as columns in the order of settings and dialogues. */
import {join} from "node:path";
import {ESTIMATORS, type Estimator} from "../../src/core/contract.js";
import {literal, type Chunk, type DoubleLists} from "./database.js";
import {followingRow} from "./row-keys.js";
import type {Reading} from "./read-predictions.js";
import {settingOrder} from "./setting-order.js";
import {sharedArray} from "./thread-memory.js";
import type {Unit} from "./systems.js";

/** All entropies of a seed. */
export interface LayerValues {
  /** Layers 0 to `layers` − 1. */
  layers: number;
  estimators: Estimator[];
  /** `(layer · estimators + estimator) · rows + place`, in {@link settingOrder}; NaN where there is none. */
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

/** Memory of so many numbers for the seed with this number; what it held may be overwritten. */
export type Allocate = (length: number) => Float64Array;

/** Memory that all threads see. */
export const allocateShared: Allocate = (length) => sharedArray(Float64Array, length);

/** Memory of this thread that is used again from one arm to the next: new pages cost more than filling old ones. */
const kept: Float64Array[] = [];

/** Memory of this thread for one of several seeds, until the next arm. */
export const allocateKept =
  (seed: number): Allocate =>
  (length) => {
    if (!kept[seed] || kept[seed].length < length) kept[seed] = new Float64Array(length);
    return kept[seed].subarray(0, length);
  };

/**
 * Reads `layers.parquet` of all runs of a unit; null where they recorded nothing. Rows that are no test rows of the study
 * are passed over. Throws where a file isn't as the contract says.
 */
export async function readLayers(
  reading: Reading,
  {runs}: Pick<Unit, "runs">,
  allocate: Allocate
): Promise<LayerValues | null> {
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
    values: allocate(layers * estimators.length * rows).fill(NaN)
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
  {estimators, layers, values}: LayerValues
): Promise<void> {
  const {rows} = reading.layout;
  const present = estimators.filter((name) => columns.has(name));
  const offsets = Int32Array.from(present, (name) => estimators.indexOf(name) * rows);
  // One list a row: a column each would be as many arrays to open in every chunk.
  const read = present.map((name) => `coalesce(${name}::DOUBLE, 'NaN'::DOUBLE)`);
  const sql = `SELECT ${reading.keys.sql}, layer::INTEGER, list_value(${read.join(", ")}) FROM ${source}`;
  const finder = new PlaceFinder(reading, estimators.length * rows, layers);
  for await (const chunk of reading.db.chunks(sql))
    scatter(chunk.lists(2), finder.find(chunk), chunk.rows, offsets, values);
}

function scatter(
  lists: DoubleLists,
  targets: Float64Array,
  count: number,
  offsets: Int32Array,
  values: Float64Array
): void {
  const {items} = lists;
  for (let i = 0; i < count; ++i) {
    const target = targets[i]!;
    if (target < 0) continue;
    const from = lists.start(i);
    for (let k = 0; k < offsets.length; ++k) values[target + offsets[k]!] = items[from + k]!;
  }
}

/** Finds where the rows of a file belong, chunk after chunk. */
class PlaceFinder {
  private readonly placeOf: Int32Array;
  private targets = new Float64Array(0);
  private row = -1;
  private place = -1;
  private low = -1;
  private high = -1;

  constructor(
    private readonly reading: Reading,
    /** Values of a layer. */
    private readonly stride: number,
    private readonly layers: number
  ) {
    this.placeOf = settingOrder(reading.layout).placeOf;
  }

  /** Where the first estimator of each row of a chunk belongs; −1 for rows that are none of the study. Valid until the next chunk. */
  find(chunk: Chunk): Float64Array {
    const words = chunk.words(0);
    const layer = chunk.numbers(1);
    const {stride, layers} = this;
    if (this.targets.length < chunk.rows) this.targets = new Float64Array(chunk.rows);
    const {targets} = this;
    for (let i = 0; i < chunk.rows; ++i) {
      // The layers of a row stand together.
      if (words[2 * i] !== this.low || words[2 * i + 1] !== this.high)
        this.moveTo(words[2 * i]!, words[2 * i + 1]!);
      const own = layer[i]!;
      targets[i] = this.place >= 0 && own >= 0 && own < layers ? own * stride + this.place : -1;
    }
    return targets;
  }

  private moveTo(low: number, high: number): void {
    this.row = followingRow(this.reading.keys, this.row, low, high);
    this.place = this.row < 0 ? -1 : this.placeOf[this.row]!;
    this.low = low;
    this.high = high;
  }
}
