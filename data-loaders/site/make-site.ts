/** Stage site: the notebook of one study's tables, rebuilt when they, its report, a page or the build changed. */
import type {Context} from "../stages/context.js";
import {hashValue} from "../stages/content-hash.js";
import type {StageSpec} from "../stages/store.js";
import type {StudyFile} from "../study/read-study.js";
import {readReport, reportFiles} from "../report/read-report.js";
import {resolveReport} from "../report/resolve-report.js";
import {buildSite} from "./build-site.js";
import {siteHash} from "./site-hash.js";
import {readCubes} from "./study-tables.js";

export async function siteSpec(tables: string, file: StudyFile): Promise<StageSpec> {
  return {stage: "site", key: "all", inputs: {notebook: await siteHash(tables), report: reportHash(file)}};
}

/** A report that can't be read is told of when it is to be built. */
function reportHash(file: StudyFile): string {
  try {
    const {text, bibliography} = readReport(reportFiles(file));
    return hashValue([text, bibliography?.text ?? null]);
  } catch {
    return "";
  }
}

/** Builds the notebook unless nothing changed; returns its folder. An aborted `signal` ends the build. */
export async function makeSite(context: Context, tables: string, signal?: AbortSignal): Promise<string> {
  const report = reportFiles(context.file);
  const {folder, made} = await context.store.ensure(
    context.file.id,
    await siteSpec(tables, context.file),
    (partial) => {
      resolveReport(readReport(report), readCubes(tables)); // a mistake in it is named before Framework meets it
      return buildSite({tables, output: partial, report, ...(signal ? {signal} : {})});
    }
  );
  context.report.stage("site", context.file.id, made);
  return folder;
}
