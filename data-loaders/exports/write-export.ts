/** Writes an export, whole or not at all, and never over files that are not an export's. */
import {mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {dirname, join, resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {fillFolderAtomically, writeAtomically} from "../stages/atomic-files.js";
import {axolotlFiles} from "./axolotl.js";
import {jsonLines, textFile, type ExportedFile} from "./exported-file.js";
import type {ExportPlan} from "./export-plan.js";
import {llamaFactoryFiles} from "./llama-factory.js";
import {lmEvalFiles} from "./lm-eval.js";
import {readmeOf} from "./readme.js";
import {writeStartingModel} from "./starting-model.js";
import {completionOf} from "./training-texts.js";
import {trlFiles} from "./trl.js";

/** Lists what an export wrote: a folder that holds anything else is left alone. */
const MARK = "export.json";

/** Returns the paths written, within `folder`. Throws BadInput where it holds files of somebody else. */
export async function writeExport(
  folder: string,
  plan: ExportPlan,
  labels: Record<string, string[]>
): Promise<string[]> {
  const target = resolve(folder);
  await refuseForeign(target, folder);
  const files = [...filesOf(plan), ...lmEvalFiles(plan, labels), textFile("README.md", readmeOf(plan))];
  const written: string[] = [];
  await fillFolderAtomically(target, async (partial) => {
    for (const {path, text} of files) {
      await mkdir(dirname(join(partial, path)), {recursive: true});
      await writeFile(join(partial, path), text());
    }
    if (plan.warmedUp) await writeStartingModel(plan.warmedUp, join(partial, "model"));
    written.push(...(await pathsBelow(partial)));
    const mark = {because: 1, study: plan.study.id, for: plan.target, files: written};
    await writeAtomically(join(partial, MARK), `${JSON.stringify(mark, null, 2)}\n`);
  });
  return written;
}

function filesOf(plan: ExportPlan): ExportedFile[] {
  switch (plan.target) {
    case "trl":
      return trlFiles(plan);
    case "llama-factory":
      return llamaFactoryFiles(plan);
    case "axolotl":
      return axolotlFiles(plan);
    case "jsonl":
      return plan.arms.map(({folder, rows, job}) =>
        jsonLines(`${folder}/train.jsonl`, rows, (row) => {
          const {example_id, dialogue_id, corpus, axis, prompt, label, explanation} = row;
          return {
            example_id,
            dialogue_id,
            corpus,
            axis,
            prompt,
            completion: completionOf(row, job),
            label,
            explanation
          };
        })
      );
    case "lm-eval":
      return [];
  }
}

async function refuseForeign(folder: string, named: string): Promise<void> {
  const paths = await pathsBelow(folder).catch(() => []);
  if (paths.length === 0) return;
  const own = new Set([...(await exportedBefore(folder)), MARK]);
  const foreign = paths.find((path) => !own.has(path));
  if (foreign === undefined) return;
  throw new BadInput({
    where: `--out ${named}`,
    expected: "a new folder, or one that holds an export and nothing else",
    found: `${foreign}, which no export wrote`,
    mend: "Choose another folder, or move that file."
  });
}

async function exportedBefore(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, MARK), "utf8").catch(() => "{}");
  try {
    return (JSON.parse(text) as {files?: string[]}).files ?? [];
  } catch {
    return [];
  }
}

/** Files below a folder, relative to it, with `/`. */
async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/")
    )
    .sort();
}
