/** `because preview`: the notebook with live reload, for whoever edits its pages or follows runs. */
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {StudyOptions} from "../cli.js";
import {liveStudies} from "../live/live-file.js";
import {reportFiles} from "../report/read-report.js";
import {previewSite} from "../site/preview-site.js";
import type {Context} from "../stages/context.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {trainStudy} from "./run.js";

export interface PreviewOptions extends StudyOptions {
  port?: number;
  open: boolean;
  /** Whether only to follow what others train: nothing is trained, and the tables are those that were made last. */
  live?: boolean;
}

export async function preview({live = false, port, open, ...options}: PreviewOptions): Promise<void> {
  const context = await openStudy(options);
  const signal = stopSignal();
  const [tables, empty] = live
    ? await lastTables(context)
    : [await makeTables(context, await trainStudy(context, signal)), null];
  try {
    const {note} = context.report;
    const follow = () => liveStudies(context.store);
    const report = reportFiles(context.file);
    await previewSite({tables, port, open, signal, log: note, report, live: follow});
  } finally {
    if (empty) await rm(empty, {recursive: true, force: true});
  }
}

/** The tables that the study made last; where it never made any an empty folder, which is to be removed. */
async function lastTables({store, file, report}: Context): Promise<[tables: string, empty: string | null]> {
  const folder = await store.lastMade(file.id, "tables", "all");
  if (folder) return [folder, null];
  report.note("This study has no tables yet: its pages are empty, but for Live.");
  const empty = await mkdtemp(join(tmpdir(), "because-no-tables-"));
  return [empty, empty];
}
