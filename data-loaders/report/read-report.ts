/** The files of a report: the study's own, or the one that comes with Because. */
import {readFileSync} from "node:fs";
import {dirname, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {BadInput} from "../../src/core/bad-input.js";
import type {StudyFile} from "../study/read-study.js";
import type {ReportSource} from "./report.js";

/** The report of studies that name none. */
export const DEFAULT_REPORT = fileURLToPath(new URL("default-report.md", import.meta.url));

/** Paths of a report's files; null for none. */
export interface ReportFiles {
  file: string;
  bibliography: string | null;
}

/** Where the files of a study's report are. */
export function reportFiles({file, study}: Pick<StudyFile, "file" | "study">): ReportFiles {
  const {report} = study;
  const near = (path: string) => resolve(dirname(file), path);
  return {
    file: report?.file === undefined ? DEFAULT_REPORT : near(report.file),
    bibliography: report?.bibliography === undefined ? null : near(report.bibliography)
  };
}

/** Reads a report. Throws BadInput where a file can't be read. */
export function readReport({file, bibliography}: ReportFiles): ReportSource {
  return {
    text: textOf(file, "report.file"),
    file: nameOf(file),
    bibliography:
      bibliography === null
        ? null
        : {text: textOf(bibliography, "report.bibliography"), file: nameOf(bibliography)}
  };
}

function textOf(file: string, key: string): string {
  try {
    return new TextDecoder("utf-8", {fatal: true}).decode(readFileSync(file));
  } catch (error) {
    throw new BadInput({
      where: `${nameOf(file)} (key ${key} of the study file)`,
      expected: "a text file in UTF-8",
      found: error instanceof TypeError ? "bytes that are no UTF-8" : "no file that can be read",
      mend: "Correct the key: paths start from the study file's folder."
    });
  }
}

/** As whoever typed it would find it. */
function nameOf(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith("..") ? file : near;
}
