/** The notebook with pages that reload as they are edited. */
import {resolve} from "node:path";
import {PROJECT} from "../stages/store.js";
import {withLock} from "./lock.js";
import {lockOf, prepareCache, requireTables} from "./build-site.js";
import {runFramework} from "./framework.js";
import {notebookIn} from "./project.js";

export interface SitePreview {
  /** Folder of cubes and `study.duckdb`. */
  tables: string;
  /** Port on 127.0.0.1; the first free one from 3000 on by default. */
  port?: number;
  /** Whether to open a browser. */
  open?: boolean;
  log?: (line: string) => void;
  project?: string;
  /** Ends the preview. */
  signal?: AbortSignal;
}

/** Runs Framework's preview until it is ended. Holds the notebook's lock: no build meanwhile. */
export async function previewSite({
  tables,
  port,
  open = false,
  log = console.log,
  project = PROJECT,
  signal
}: SitePreview): Promise<void> {
  const notebook = notebookIn(project);
  requireTables(tables);
  const args = [
    "preview",
    "--host",
    "127.0.0.1",
    ...(port ? ["--port", String(port)] : []),
    ...(open ? [] : ["--no-open"])
  ];
  await withLock(lockOf(notebook), async () => {
    await prepareCache(notebook, resolve(tables), log);
    const run = runFramework(notebook, args, {tables: resolve(tables)}, log);
    signal?.addEventListener("abort", run.stop, {once: true});
    if (signal?.aborted) run.stop();
    const {code, tail} = await run.ended;
    if (code !== 0 && code !== null)
      throw new Error(`Observable Framework ended with ${code}:\n${tail.join("\n")}`);
  });
}
