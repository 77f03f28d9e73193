/** Tables again, from the bundled run logs: every cube byte by byte, the database row by row, and the site's copies. */
import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";
import {CUBES} from "../../src/core/cubes.js";
import {INPUT} from "../publish/bundle.js";
import {studyFiles} from "../site/study-archive.js";
import {literal} from "../tables/database.js";
import type {TablesInput} from "../tables/tables-input.js";
import {writeTables} from "../tables/write-tables.js";
import {firstDifference} from "./first-difference.js";
import type {Opened} from "./recomputable.js";
import type {Finding} from "./verify-published.js";

const KIND = "cubes";
const DATABASE = "study.duckdb";

export async function verifyCubes(opened: Opened): Promise<Finding[]> {
  const names = [...CUBES.map((cube) => `tables/${cube}.json`), `tables/${DATABASE}`];
  const why = whyNot(opened);
  if (why !== null) return [{kind: KIND, name: "tables", verdict: "not recomputable", why}];
  const remade = join(opened.scratch, "tables");
  try {
    await writeTables(await inputIn(opened.folder), remade);
  } catch (error) {
    const why = `making them again failed: ${(error as Error).message.split("\n")[0]}`;
    return [{kind: KIND, name: "tables", verdict: "different", why}];
  }
  opened.remade.set(KIND, remade);
  const cubes = await Promise.all(names.slice(0, -1).map((name) => compareCube(opened.folder, name, remade)));
  return [
    ...cubes,
    await compareDatabase(opened.folder, remade),
    ...(await compareSite(opened.folder, remade))
  ];
}

function whyNot({integrity: {kind, files}}: Opened): string | null {
  if (kind === "site") return "a site holds no run logs; its bundle does";
  const logs = Object.keys(files).some((file) => /^runs\/[^/]+\/predictions\.parquet$/.test(file));
  return logs ? null : "the bundle holds hashes of run logs instead of the logs (--hashes-only)";
}

/** What the tables were made from, with its run logs where they lie now. */
async function inputIn(folder: string): Promise<TablesInput> {
  const input = JSON.parse(await readFile(join(folder, INPUT), "utf8")) as TablesInput;
  return {...input, runs: input.runs.map((run) => ({...run, folder: join(folder, "runs", run.run)}))};
}

async function compareCube(folder: string, name: string, remade: string): Promise<Finding> {
  const published = await readFile(join(folder, name), "utf8").catch(() => null);
  const again = await readFile(join(remade, name.slice("tables/".length)), "utf8");
  if (published === again) return {kind: KIND, name, verdict: "equal"};
  const why = published === null ? "it is missing" : differenceOf(published, again);
  return {kind: KIND, name, verdict: "different", why};
}

function differenceOf(published: string, again: string): string {
  try {
    return firstDifference(JSON.parse(published), JSON.parse(again)) ?? "the same values in another layout";
  } catch {
    return "it is no JSON";
  }
}

/** Its file may differ though its rows don't, so that rows are compared. */
async function compareDatabase(folder: string, remade: string): Promise<Finding> {
  const name = `tables/${DATABASE}`;
  const instance = await DuckDBInstance.create(":memory:", {threads: "1"});
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
  try {
    for (const [alias, file] of [
      ["published", join(folder, name)],
      ["again", join(remade, DATABASE)]
    ] as const)
      await connection.run(`ATTACH ${literal(file)} AS ${alias} (READ_ONLY)`);
    const tables = (await rows("SELECT DISTINCT table_name AS name FROM duckdb_tables() ORDER BY 1")).map(
      (row) => String(row.name)
    );
    for (const table of tables) {
      const [first, second] = ["published", "again"].map((of) => `SELECT * FROM ${of}."${table}"`);
      const [count] = await rows(
        `SELECT (SELECT count(*) FROM (${first} EXCEPT ALL ${second}))::INTEGER AS gone, (SELECT count(*) FROM (${second} EXCEPT ALL ${first}))::INTEGER AS come`
      );
      if (count!.gone === 0 && count!.come === 0) continue;
      const why = `${table}: ${String(count!.gone)} rows that don't come out again, ${String(count!.come)} others instead`;
      return {kind: KIND, name, verdict: "different", why};
    }
    return {kind: KIND, name, verdict: "equal"};
  } catch (error) {
    return {kind: KIND, name, verdict: "different", why: (error as Error).message.split("\n")[0]!};
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The site's own copies, cut into parts: what a reader's browser loads. */
async function compareSite(folder: string, remade: string): Promise<Finding[]> {
  const root = join("site", "_file", "data", "study");
  return Promise.all(
    [...studyFiles(remade)].map(async ([file, bytes]): Promise<Finding> => {
      const name = join(root, file);
      if (!existsSync(join(folder, name)))
        return {kind: KIND, name, verdict: "different", why: "it is missing"};
      const published = await readFile(join(folder, name));
      if (published.equals(bytes)) return {kind: KIND, name, verdict: "equal"};
      const why = differenceOf(published.toString("utf8"), Buffer.from(bytes).toString("utf8"));
      return {kind: KIND, name, verdict: "different", why};
    })
  );
}
