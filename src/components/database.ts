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

let opening: Promise<AsyncDuckDB> | undefined;
let shared: Promise<AsyncDuckDBConnection> | undefined;

/** Opens the database at `href` (relative to the page) once. A failure is forgotten, so that one can try again. */
export function openDatabase(href: string): Promise<AsyncDuckDB> {
  opening ??= start(href).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/**
 * A connection of one's own, to be closed by whoever asked: names without a schema are the study's. The study is
 * attached read-only; what a query creates lives in this tab's memory.
 */
export async function connectStudy(href: string): Promise<AsyncDuckDBConnection> {
  const connection = await (await openDatabase(href)).connect();
  await connection.query("USE study");
  return connection;
}

function sharedConnection(href: string): Promise<AsyncDuckDBConnection> {
  shared ??= connectStudy(href).catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

async function start(href: string): Promise<AsyncDuckDB> {
  const worker = new Worker(import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js"), {
    type: "module"
  });
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  await database.instantiate(import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"));
  // Whole numbers come as bigint: cast to doubles they would be read wrongly where they lie in lists.
  await database.open({query: {castDecimalToDouble: true}});
  await database.registerFileURL(
    "study.duckdb",
    new URL(href, document.baseURI).href,
    DuckDBDataProtocol.HTTP,
    false
  );
  const connection = await database.connect();
  await connection.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
  await connection.query("ATTACH 'study.duckdb' AS study (READ_ONLY)");
  // From here on no query reaches any file or address but the study's: a link runs the query that it holds, and could
  // otherwise send what it finds elsewhere. DuckDB refuses to take this back while it runs.
  await connection.query("SET enable_external_access = false");
  await connection.close();
  return database;
}

type TestRow = Pick<TestItem, "corpus" | "example_id" | "axis">;

/** Every run's label probabilities of one test row, in the order of arms and seeds. */
export async function readPredictions(href: string, row: TestRow): Promise<RunPrediction[]> {
  const predictions = await select<RunPrediction & {probabilities: Iterable<number>}>(
    await sharedConnection(href),
    `SELECT system AS arm, seed, predicted, label_probabilities AS probabilities, off_label_mass
     FROM predictions JOIN (SELECT run, kind FROM runs) USING (run)
     WHERE kind = 'train' AND corpus = ? AND example_id = ? AND axis = ?
     ORDER BY arm, seed`,
    [row.corpus, row.example_id, row.axis]
  );
  return predictions.map((each) => ({...each, probabilities: [...each.probabilities]}));
}

/** One test row's entropy by layer under one estimator, of the arms named only: layers are the largest table by far. */
export async function readLayers(
  href: string,
  row: TestRow,
  {estimator, arms}: {estimator: Estimator; arms: string[]}
): Promise<LayerEntropy[]> {
  const places = arms.map(() => "?").join(", ");
  return select<LayerEntropy>(
    await sharedConnection(href),
    `SELECT system AS arm, layer, avg(layers.${estimator}) AS entropy
     FROM layers JOIN (
       SELECT run, "row", system FROM predictions
       WHERE corpus = ? AND example_id = ? AND axis = ? AND system IN (${places})
     ) USING (run, "row")
     GROUP BY ALL ORDER BY arm, layer`,
    [row.corpus, row.example_id, row.axis, ...arms]
  );
}

async function select<R>(connection: AsyncDuckDBConnection, sql: string, values: string[]): Promise<R[]> {
  const statement = await connection.prepare(sql);
  try {
    const table = await statement.query(...values);
    return table.toArray().map((row) => row.toJSON() as R);
  } finally {
    await statement.close();
  }
}
