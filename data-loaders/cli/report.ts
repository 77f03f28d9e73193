/** `because report`: prose on the study whose numbers are claims, as HTML, Markdown and LaTeX. */
import {resolve} from "node:path";
import type {StudyOptions} from "../cli.js";
import {copyFiles} from "../paper/copy-files.js";
import {makeReport} from "../report/make-report.js";
import type {Finding} from "../report/report.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export interface ReportOptions extends StudyOptions {
  /** Whether a number typed by hand, or a claim that is not known, fails the command. */
  strict?: boolean;
  output?: string;
}

export async function report(options: ReportOptions): Promise<Outcome> {
  const {strict = false, output} = options;
  const context = await openStudy(options);
  const runs = await trainStudy(context, stopSignal());
  const tables = await makeTables(context, runs);
  const {folder: made, files, findings, claims, source} = await makeReport(context, tables);
  const folder = output ? resolve(output) : made;
  if (output) await copyFiles(made, files, folder, "report");
  if (options.json)
    printJson({folder, files, claims, findings: findings.map((one) => ({file: source.file, ...one}))});
  else {
    const word = strict ? "fault" : "warning";
    process.stderr.write(findings.map((finding) => described(finding, source.file, word)).join(""));
    process.stdout.write(`${claims} claims, ${files.length} files in ${folder}\n`);
  }
  return (strict && findings.length > 0) || failures(runs).length > 0 ? 1 : 0;
}

function described({line, found, mend}: Finding, file: string, word: string): string {
  return `${word} ${file}:${line}: ${found}\n  mend ${mend}\n`;
}
