/** The notebook with pages that reload as they are edited. */
import {resolve} from "node:path";
import getPort, {portNumbers} from "get-port";
import type {LiveStudy} from "../../src/core/live.js";
import type {ReportFiles} from "../report/read-report.js";
import {PROJECT} from "../stages/store.js";
import {withLock} from "./lock.js";
import {lockOf, prepareCache, requireTables} from "./build-site.js";
import {runFramework} from "./framework.js";
import {openLiveEndpoint} from "./live-endpoint.js";
import {notebookIn} from "./project.js";
import {PORTS} from "./serve-site.js";

export interface SitePreview {
  /** Folder of cubes and `study.duckdb`. */
  tables: string;
  /** Port on 127.0.0.1; the first free one from 3000 on by default. */
  port?: number;
  /** Whether to open a browser. */
  open?: boolean;
  log?: (line: string) => void;
  project?: string;
  /** Files of the study's report; without, its page says that there is none. */
  report?: ReportFiles;
  /** What is known of runs that are being trained; with it, there is a page Live. The tables may then be missing. */
  live?: () => Promise<LiveStudy[]>;
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
  report,
  live,
  signal
}: SitePreview): Promise<void> {
  const notebook = notebookIn(project);
  if (!live) requireTables(tables);
  const host = "127.0.0.1";
  const chosen = port ?? (await getPort({host, port: portNumbers(...PORTS)}));
  const args = ["preview", "--host", host, "--port", String(chosen), ...(open ? [] : ["--no-open"])];
  await withLock(lockOf(notebook), async () => {
    await prepareCache(notebook, resolve(tables), log);
    const endpoint = live ? await openLiveEndpoint(chosen, live) : null;
    try {
      const run = runFramework(notebook, args, {tables: resolve(tables), report, live: endpoint?.url}, log);
      if (endpoint) log(`Runs are followed at http://${host}:${chosen}/live`);
      signal?.addEventListener("abort", run.stop, {once: true});
      if (signal?.aborted) run.stop();
      const {code, tail} = await run.ended;
      if (code !== 0 && code !== null)
        throw new Error(`Observable Framework ended with ${code}:\n${tail.join("\n")}`);
    } finally {
      await endpoint?.close();
    }
  });
}
