/** Entropies of an arm as arrays aligned with the test rows: a layer's estimators, or the entropy over labels. */
import {ESTIMATORS} from "../../src/core/contract.js";
import type {EntropySource} from "../../src/core/cubes.js";
import {literal, type Database} from "./database.js";
import type {Scores} from "./scores.js";

/** `layer` of the entropy over labels, which is read at the output. */
export const OUTPUT_LAYER = -1;

/** One entropy of one arm, seed by seed. */
export interface EntropySeries {
  layer: number;
  estimator: EntropySource;
  seeds: {scores: Scores; values: Float64Array}[];
}

/** Layers that any run recorded, ascending. */
export async function recordedLayers(db: Database): Promise<number[]> {
  return (await db.rows("SELECT DISTINCT layer FROM layers ORDER BY layer")).map(({layer}) => Number(layer));
}

/** The estimators of one layer; those that no row of the arm has are left out. */
export async function readLayer(db: Database, layer: number, members: Scores[]): Promise<EntropySeries[]> {
  const bySeed = await Promise.all(members.map((scores) => readSeed(db, layer, scores)));
  return ESTIMATORS.map((estimator) => ({
    layer,
    estimator,
    seeds: members.map((scores, i) => ({scores, values: bySeed[i]![estimator]!}))
  })).filter(({seeds}) => seeds.some(({values}) => values.some(Number.isFinite)));
}

async function readSeed(
  db: Database,
  layer: number,
  {runs, scored}: Scores
): Promise<Record<string, Float64Array>> {
  const columns = await db.columns(
    `SELECT "row", ${ESTIMATORS.join(", ")} FROM layers
     WHERE layer = ${layer} AND run IN (${runs.map(literal).join(", ")}) ORDER BY "row"`
  );
  const rows = columns.row as number[];
  return Object.fromEntries(
    ESTIMATORS.map((name) => {
      const values = new Float64Array(scored.length).fill(NaN);
      const cells = columns[name] as (number | null)[];
      rows.forEach((row, i) => (values[row] = cells[i] ?? NaN));
      return [name, values];
    })
  );
}

/** The entropy over labels, where a model's uncertainty is read at its output. */
export function labelEntropySeries(members: Scores[]): EntropySeries {
  const seeds = members.map((scores) => ({scores, values: scores.label_entropy as Float64Array}));
  return {layer: OUTPUT_LAYER, estimator: "label_entropy", seeds};
}
