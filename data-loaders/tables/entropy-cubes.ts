/** What the cubes hold of one arm's entropies. */
import {armId, LABEL_ONLY} from "../../src/core/arms.js";
import {ESTIMATORS} from "../../src/core/contract.js";
import type {LayerRow, QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {ColumnBuilder} from "./column-lists.js";
import {momentsOf} from "./entropy-moments.js";
import {
  hasValues,
  OUTPUT_LAYER,
  placeOutcomes,
  placeValues,
  type EntropySeries,
  type PlacedOutcomes,
  type SeedSeries
} from "./entropy-series.js";
import {jointLayers, jointSeeds} from "./joint-document.js";
import {layerRows} from "./layer-rows.js";
import {allocateKept, layerColumn, readLayers, type LayerValues} from "./read-layers.js";
import type {Reading} from "./read-predictions.js";
import {relateToCorrectness} from "./relation-rows.js";
import type {SystemCubes, SystemTask} from "./system-cubes.js";
import type {Member, System} from "./systems.js";
import type {TestLayout} from "./test-layout.js";

const BASE = armId(LABEL_ONLY);

type EntropyCubes = Pick<SystemCubes, "joint" | "layers" | "unreadable"> & {
  tables: Pick<SystemCubes["tables"], "layers" | "relations" | "quintiles">;
};

/** A seed with what its rows became, and its entropies where they were recorded. */
interface Recorded extends PlacedOutcomes {
  seed: string;
  layers: LayerValues | null;
  /** Those of label-only; null for itself. */
  base: LayerValues | null;
}

/** @param baseLayers - Entropies of label-only by seed. */
export async function entropyCubes(
  {system: arm, kind, members: all}: System,
  baseLayers: SystemTask["baseLayers"],
  reading: Reading
): Promise<EntropyCubes> {
  const {layout} = reading;
  const members = kind === "arm" ? all : [];
  const rows = {
    layers: new ColumnBuilder<LayerRow>(),
    relations: new ColumnBuilder<RelationRow>(),
    quintiles: new ColumnBuilder<QuintileRow>()
  };
  const unreadable: SystemCubes["unreadable"] = [];
  const recorded: Recorded[] = [];
  for (const member of members) {
    const known = baseLayers[member.seed] ?? null;
    recorded.push({
      seed: member.seed,
      ...placeOutcomes(member.summary.outcome, layout),
      layers: arm === BASE ? known : await readOrSay(member, recorded.length, reading, unreadable),
      base: arm === BASE ? null : known
    });
  }
  const depth = Math.max(0, ...recorded.map(({layers}) => layers?.layers ?? 0));
  const counted: EntropySeries[] = [];
  for (const series of seriesOf(members, recorded, depth, layout)) {
    const moments = momentsOf(series, layout);
    if (series.layer !== OUTPUT_LAYER)
      for (const row of layerRows(arm, series, moments, layout)) rows.layers.add(row);
    const {relations, quintiles} = relateToCorrectness(arm, series, moments, layout);
    for (const row of relations) rows.relations.add(row);
    for (const row of quintiles) rows.quintiles.add(row);
    if (series.layer === OUTPUT_LAYER || jointLayers(depth).includes(series.layer)) counted.push(series);
  }
  return {
    tables: {layers: rows.layers.lists, relations: rows.relations.lists, quintiles: rows.quintiles.lists},
    joint: jointSeeds(members, counted, layout),
    layers: depth,
    unreadable
  };
}

async function readOrSay(
  member: Member,
  seed: number,
  reading: Reading,
  unreadable: SystemCubes["unreadable"]
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

/** The entropy over labels, where a model's uncertainty is read at its output, and then layer by layer all that was recorded. */
function* seriesOf(
  members: Member[],
  recorded: Recorded[],
  depth: number,
  layout: TestLayout
): Generator<EntropySeries> {
  if (members.length > 0) {
    const seeds = recorded.map((one, s) => ({
      ...one,
      values: placeValues(members[s]!.summary.label_entropy, layout),
      base: null
    }));
    yield {layer: OUTPUT_LAYER, estimator: "label_entropy", seeds};
  }
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
