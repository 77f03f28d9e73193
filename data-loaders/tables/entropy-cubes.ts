/** The three cubes on entropy, layer by layer and arm by arm, so that one arm's one layer is in memory at a time. */
import {armId, LABEL_ONLY} from "../../src/core/arms.js";
import type {LayerRow, QuintileRow, RelationRow} from "../../src/core/cubes.js";
import type {Database} from "./database.js";
import {labelEntropySeries, readLayer, recordedLayers} from "./entropy-series.js";
import {layerRows} from "./layer-rows.js";
import {relateToCorrectness} from "./relation-rows.js";
import type {Scores} from "./scores.js";
import {groupBy, type TestRows} from "./test-rows.js";

export interface EntropyCubes {
  layers: LayerRow[];
  relations: RelationRow[];
  quintiles: QuintileRow[];
}

/** Entropies of every arm by layer, and how each relates to being right. Label entropy comes first, then layers. */
export async function relateEntropies(db: Database, scores: Scores[], test: TestRows): Promise<EntropyCubes> {
  const arms = groupBy(
    scores.filter(({kind}) => kind === "arm"),
    ({system}) => system
  );
  const cubes: EntropyCubes = {layers: [], relations: [], quintiles: []};
  for (const [arm, members] of arms) add(cubes, relateToCorrectness(arm, labelEntropySeries(members), test));
  const labelOnly = armId(LABEL_ONLY);
  for (const layer of await recordedLayers(db)) {
    const base = await readLayer(db, layer, arms.get(labelOnly) ?? []);
    for (const [arm, members] of arms) {
      for (const series of await readLayer(db, layer, members)) {
        const same = base.find(({estimator}) => arm !== labelOnly && estimator === series.estimator);
        cubes.layers.push(...layerRows(arm, series, same, test));
        add(cubes, relateToCorrectness(arm, series, test));
      }
    }
  }
  return cubes;
}

/** One by one: spreading tens of thousands of arguments could overflow the stack. */
function add(
  cubes: EntropyCubes,
  {relations, quintiles}: Pick<EntropyCubes, "relations" | "quintiles">
): void {
  for (const row of relations) cubes.relations.push(row);
  for (const row of quintiles) cubes.quintiles.push(row);
}
