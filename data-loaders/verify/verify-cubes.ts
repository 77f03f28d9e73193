/** Tables again, from the bundled run logs: every cube byte by byte, the database row by row, and the site's copies. */
import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {CUBES} from "../../src/core/cubes.js";
import {INPUT} from "../publish/bundle.js";
import {studyFiles} from "../site/study-archive.js";
import type {TablesInput} from "../tables/tables-input.js";
import {writeTables} from "../tables/write-tables.js";
import {compareDatabases} from "./compare-databases.js";
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

async function compareDatabase(folder: string, remade: string): Promise<Finding> {
  const name = `tables/${DATABASE}`;
  const why = await compareDatabases(join(folder, name), join(remade, DATABASE));
  return {kind: KIND, name, ...(why === null ? {verdict: "equal"} : {verdict: "different", why})};
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
