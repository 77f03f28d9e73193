/** What the cubes hold of one arm's activation entropies. */
import {armId, LABEL_ONLY} from "../../src/core/arms.js";
import {ESTIMATORS} from "../../src/core/contract.js";
import type {LayerRow, QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {ColumnBuilder, type ColumnLists} from "./column-lists.js";
import {momentsOf} from "./entropy-moments.js";
import {hasValues, placeOutcomes, type EntropySeries, type SeedSeries} from "./entropy-series.js";
import {jointColumn, jointLayers, type JointColumn} from "./joint-document.js";
import {layerRows} from "./layer-rows.js";
import {allocateKept, layerColumn, readLayers, type LayerValues} from "./read-layers.js";
import type {Reading} from "./read-predictions.js";
import {relateToCorrectness} from "./relation-rows.js";
import type {Member} from "./systems.js";
import type {TestLayout} from "./test-layout.js";

const BASE = armId(LABEL_ONLY);

/** Tables that entropies fill. */
export const ENTROPY_TABLES = ["layers", "relations", "quintiles"] as const;

export interface EntropyCubes {
  tables: Record<(typeof ENTROPY_TABLES)[number], ColumnLists>;
  /** By seed. */
  joint: Record<string, JointColumn[]>;
  /** Layers recorded, the embedding among them; 0 where none was. */
  layers: number;
  unreadable: UnreadableRun[];
}

/** A run whose entropies couldn't be read, with the reason. */
export interface UnreadableRun {
  run: string;
  reason: string;
}

export interface EntropyTask {
  arm: string;
  /** Seeds that recorded entropies. */
  members: Member[];
  base: BaseLayers;
}

/** Entropies of label-only. */
export interface BaseLayers {
  bySeed: Record<string, LayerValues>;
  unreadable: UnreadableRun[];
}

/** A seed with what its rows became, and its entropies where they can be read. */
interface Recorded extends Pick<SeedSeries, "seed" | "outcome"> {
  layers: LayerValues | null;
  /** Those of label-only; null for itself. */
  base: LayerValues | null;
}

export async function entropyCubes(task: EntropyTask, reading: Reading): Promise<EntropyCubes> {
  const {layout} = reading;
  const rows = {
    layers: new ColumnBuilder<LayerRow>(),
    relations: new ColumnBuilder<RelationRow>(),
    quintiles: new ColumnBuilder<QuintileRow>()
  };
  const unreadable = task.arm === BASE ? [...task.base.unreadable] : [];
  const recorded = await readAll(task, reading, unreadable);
  const depth = Math.max(0, ...recorded.map(({layers}) => layers?.layers ?? 0));
  const joint: EntropyCubes["joint"] = {};
  for (const series of seriesOf(recorded, depth, layout)) {
    const moments = momentsOf(series, layout);
    for (const row of layerRows(task.arm, series, moments, layout)) rows.layers.add(row);
    const {relations, quintiles} = relateToCorrectness(task.arm, series, moments, layout);
    for (const row of relations) rows.relations.add(row);
    for (const row of quintiles) rows.quintiles.add(row);
    if (jointLayers(depth).includes(series.layer))
      for (const seed of series.seeds) (joint[seed.seed] ??= []).push(jointColumn(series, seed));
  }
  return {
    tables: {layers: rows.layers.lists, relations: rows.relations.lists, quintiles: rows.quintiles.lists},
    joint,
    layers: depth,
    unreadable
  };
}

async function readAll(
  {arm, members, base}: EntropyTask,
  reading: Reading,
  unreadable: UnreadableRun[]
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (const member of members) {
    const known = base.bySeed[member.seed] ?? null;
    recorded.push({
      seed: member.seed,
      outcome: placeOutcomes(member.summary.outcome, reading.layout),
      layers: arm === BASE ? known : await readOrSay(member, recorded.length, reading, unreadable),
      base: arm === BASE ? null : known
    });
  }
  return recorded;
}

async function readOrSay(
  member: Member,
  seed: number,
  reading: Reading,
  unreadable: UnreadableRun[]
): Promise<LayerValues | null> {
  try {
    return await readLayers(reading, member, allocateKept(seed));
  } catch (error) {
    const [line] = String((error as Error).message).split("\n");
    for (const {run} of member.runs)
      unreadable.push({run, reason: `its entropies can't be read and are left out: ${line}`});
    return null;
  }
}

/** Layer by layer all that was recorded. */
function* seriesOf(recorded: Recorded[], depth: number, layout: TestLayout): Generator<EntropySeries> {
  for (let layer = 0; layer < depth; ++layer)
    for (const estimator of ESTIMATORS) {
      const columnOf = (values: LayerValues | null) =>
        values && layerColumn(values, layer, estimator, layout.rows);
      const seeds = recorded.flatMap((one): SeedSeries[] => {
        const values = columnOf(one.layers);
        return values && hasValues({values}) ? [{...one, values, base: columnOf(one.base)}] : [];
      });
      if (seeds.length > 0) yield {layer, estimator, seeds};
    }
}
