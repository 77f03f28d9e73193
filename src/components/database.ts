/**
 * The study's database in the browser, for drill-down only: DuckDB compiled to WebAssembly, from this site alone. It
 * is loaded when first asked and kept, since starting it costs more than any query here.
 */
import {AsyncDuckDB, DuckDBDataProtocol, VoidLogger} from "@duckdb/duckdb-wasm";
import type {AsyncDuckDBConnection} from "@duckdb/duckdb-wasm";
import type {Estimator} from "../core/contract.js";
import type {TestItem} from "../core/cubes.js";

/** What one run said of one test row. */
export interface RunPrediction {
  arm: string;
  seed: string;
  predicted: string;
  /** In the order of the axis' labels, renormalised over them. */
  probabilities: number[];
  off_label_mass: number;
}

/** Entropy of one test row at one layer, in nats, mean over an arm's seeds. */
export interface LayerEntropy {
  arm: string;
  layer: number;
  entropy: number | null;
}

let opening: Promise<AsyncDuckDBConnection> | undefined;

/** Opens the database at `href` (relative to the page) once. A failure is forgotten, so that one can try again. */
function openDatabase(href: string): Promise<AsyncDuckDBConnection> {
  opening ??= connect(href).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function connect(href: string): Promise<AsyncDuckDBConnection> {
  const worker = new Worker(import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js"), {
    type: "module"
  });
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  await database.instantiate(import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"));
  await database.open({query: {castBigIntToDouble: true}});
  await database.registerFileURL(
    "study.duckdb",
    new URL(href, document.baseURI).href,
    DuckDBDataProtocol.HTTP,
    false
  );
  const connection = await database.connect();
  await connection.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
  await connection.query("ATTACH 'study.duckdb' AS study (READ_ONLY)");
  return connection;
}

type TestRow = Pick<TestItem, "corpus" | "example_id" | "axis">;

/** Every run's label probabilities of one test row, and its entropy by layer and arm under one estimator. */
export async function readTestRow(
  href: string,
  row: TestRow,
  estimator: Estimator
): Promise<{predictions: RunPrediction[]; entropies: LayerEntropy[]}> {
  const connection = await openDatabase(href);
  const predictions = await select<RunPrediction & {probabilities: Iterable<number>}>(
    connection,
    `SELECT system AS arm, seed, predicted, label_probabilities AS probabilities, off_label_mass
     FROM study.predictions JOIN (SELECT run, kind FROM study.runs) USING (run)
     WHERE kind = 'train' AND corpus = ? AND example_id = ? AND axis = ?
     ORDER BY arm, seed`,
    row
  );
  const entropies = await select<LayerEntropy>(
    connection,
    `SELECT system AS arm, layer, avg(layers.${estimator}) AS entropy
     FROM study.layers JOIN study.predictions USING (run, row) JOIN (SELECT run, kind FROM study.runs) USING (run)
     WHERE kind = 'train' AND corpus = ? AND example_id = ? AND axis = ?
     GROUP BY ALL ORDER BY arm, layer`,
    row
  );
  return {
    predictions: predictions.map((each) => ({...each, probabilities: [...each.probabilities]})),
    entropies
  };
}

async function select<R>(
  connection: AsyncDuckDBConnection,
  sql: string,
  {corpus, example_id, axis}: TestRow
): Promise<R[]> {
  const statement = await connection.prepare(sql);
  try {
    const table = await statement.query(corpus, example_id, axis);
    return table.toArray().map((row) => row.toJSON() as R);
  } finally {
    await statement.close();
  }
}
