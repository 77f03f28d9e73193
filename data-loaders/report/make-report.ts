/** Stage report: the report as HTML, Markdown and LaTeX, and its claims; skipped when nothing that it is made from changed. */
import {readFile, writeFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {mkdir} from "node:fs/promises";
import {readCubes} from "../site/study-tables.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson, codeVersion, hashValue} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {PROJECT} from "../stages/store.js";
import {claimsDocument} from "./claims-document.js";
import {readReport, reportFiles} from "./read-report.js";
import {writeFigures} from "./report-figures.js";
import type {Finding, Report, ReportSource} from "./report.js";
import {resolveReport} from "./resolve-report.js";
import {resolvedMarkdown} from "./resolved-markdown.js";
import {reportLatex} from "./write-latex.js";
import {reportPage} from "./write-page.js";

const CODE = [
  "src/figures",
  "src/core",
  "src/style",
  "data-loaders/report",
  "data-loaders/paper",
  "data-loaders/site",
  "package-lock.json"
];
const LIST = "report.json";

export interface MadeReport {
  folder: string;
  /** In the folder, those of a user: without the stage's own. */
  files: string[];
  findings: Finding[];
  claims: number;
}

/** Makes the report of a study's tables unless it is made. Throws BadInput where its text can't be understood. */
export async function makeReport(
  context: Context,
  tables: string
): Promise<MadeReport & {source: ReportSource}> {
  const source = readReport(reportFiles(context.file));
  const spec = {
    stage: "report",
    key: "all",
    inputs: {
      tables: basename(tables),
      code: await codeVersion(PROJECT, CODE),
      text: hashValue([source.text, source.bibliography?.text ?? null])
    }
  };
  const {folder, made} = await context.store.ensure(context.file.id, spec, async (partial) => {
    const list = await writeReport(resolveReport(source, readCubes(tables)), partial);
    await writeAtomically(join(partial, LIST), `${canonicalJson(list)}\n`);
  });
  context.report.stage("report", context.file.id, made);
  const list = JSON.parse(await readFile(join(folder, LIST), "utf8")) as Omit<MadeReport, "folder">;
  return {...list, folder, source};
}

/** Writes everything that a report comes to into an empty folder. */
export async function writeReport(report: Report, folder: string): Promise<Omit<MadeReport, "folder">> {
  const files: Record<string, string> = {
    "report.html": await reportPage(report),
    "resolved.md": resolvedMarkdown(report),
    "report.tex": reportLatex(report),
    "claims.json": claimsDocument(report),
    ...(report.source.bibliography ? {"references.bib": report.source.bibliography.text} : {})
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  await mkdir(join(folder, "figures"), {recursive: true});
  const figures = await writeFigures(report, join(folder, "figures"));
  return {
    files: [...Object.keys(files), ...figures.map((file) => `figures/${file}`)],
    findings: report.findings,
    claims: report.claims.length
  };
}
