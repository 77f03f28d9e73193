/** One folder to serve: an empty page, the notebook under a sub-path, and the rival's page over the same predictions. */
import {copyFile, mkdir, mkdtemp, readdir, symlink, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {build} from "esbuild";
import {writeRivalData} from "./rival-data.js";

const EMPTY = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><p class="empty">Nothing.</p></html>`;
const RIVAL = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rival</title><body><script type="module" src="./rival.js"></script></body></html>`;

export interface Served {
  folder: string;
  /** Predictions that the rival draws. */
  rows: number;
}

/**
 * Makes the folder in a temporary place. Pages lie in `/`, `/notebook/` and `/rival/`. The rival draws the predictions
 * of the run logs in `runs`, or those that the notebook's own database holds.
 */
export async function servedFolder(site: string, runs: string | undefined): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), "because-bench-page-"));
  await writeFile(join(folder, "index.html"), EMPTY);
  await symlink(resolve(site), join(folder, "notebook"));
  await makeRival(join(folder, "rival"));
  const rows = await writeRivalData(
    {database: await databaseOf(site), runs},
    join(folder, "rival", "scores.duckdb")
  );
  return {folder, rows};
}

async function makeRival(folder: string): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm");
  await mkdir(folder);
  await build({
    entryPoints: [join(import.meta.dirname, "rival.js")],
    outfile: join(folder, "rival.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    // The notebook's own DuckDB for both: vgplot brings another, which it would fetch from a CDN.
    alias: {"@duckdb/duckdb-wasm": join(wasm, "..", "duckdb-browser.mjs")},
    logLevel: "error"
  });
  await writeFile(join(folder, "index.html"), RIVAL);
  await copyFile(wasm, join(folder, "duckdb.wasm"));
  await copyFile(join(wasm, "..", "duckdb-browser-eh.worker.js"), join(folder, "duckdb-worker.js"));
}

/** The database that the notebook itself serves. */
async function databaseOf(site: string): Promise<string> {
  const data = resolve(site, "_file", "data");
  const name = (await readdir(data)).find((file) => /^study\.[0-9a-f]+\.duckdb$/.test(file));
  if (!name) throw new Error(`${site} holds no study.duckdb: build it from tables first.`);
  return join(data, name);
}
