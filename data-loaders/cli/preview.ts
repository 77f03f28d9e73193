/** `because preview`: the notebook with live reload, for whoever edits its pages. */
import type {StudyOptions} from "../cli.js";
import {previewSite} from "../site/preview-site.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {trainStudy} from "./run.js";

export async function preview(options: StudyOptions & {port?: number; open: boolean}): Promise<void> {
  const context = await openStudy(options);
  const signal = stopSignal();
  const tables = await makeTables(context, await trainStudy(context, signal));
  await previewSite({tables, port: options.port, open: options.open, signal, log: context.report.note});
}
