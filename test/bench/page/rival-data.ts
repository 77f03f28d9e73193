/** The predictions that the rival's page draws, as one flat table in a DuckDB file. */
import {join, resolve} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";

/** Where the predictions come from. */
export interface RivalSource {
  /** The database that the notebook itself serves; it names each run's system and seed. */
  database: string;
  /**
   * Run logs of the study. The notebook's database keeps only the predictions of shown examples where a study is
   * large; the rival, which has no cubes, needs all of them. Without run logs it gets those of the database.
   */
  runs?: string | undefined;
}

/** Writes `file` with the table `scores`: run, system, seed, corpus, axis, correct. Returns its number of rows. */
export async function writeRivalData({database, runs}: RivalSource, file: string): Promise<number> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH ${quoted(resolve(database))} AS study (READ_ONLY)`);
    await connection.run(
      `CREATE TABLE scores AS
       SELECT run, runs.system, runs.seed, corpus, axis, correct
       FROM (${runs ? ofLogs(runs) : "SELECT run, corpus, axis, correct::INTEGER AS correct FROM study.predictions"})
       JOIN study.runs USING (run)`
    );
    await connection.run("DETACH study");
    await connection.run("CHECKPOINT");
    const counted = await connection.runAndReadAll("SELECT count(*)::INTEGER FROM scores");
    return Number(counted.getRows()[0]![0]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A run's folder bears its name. */
function ofLogs(runs: string): string {
  const files = quoted(join(resolve(runs), "*", "predictions.parquet"));
  return `SELECT parse_path(filename)[-2] AS run, corpus, axis, (predicted = gold)::INTEGER AS correct
          FROM read_parquet(${files}, filename = true)`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
