/** Writes an export, whole or not at all, and never over files that are not an export's. */
import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join, resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {fillFolderAtomically} from "../stages/atomic-files.js";
import {examineWritten, recordWritten} from "../stages/written-folder.js";
import {axolotlFiles} from "./axolotl.js";
import {jsonLines, textFile, type ExportedFile} from "./exported-file.js";
import type {ExportPlan} from "./export-plan.js";
import {llamaFactoryFiles} from "./llama-factory.js";
import {lmEvalFiles} from "./lm-eval.js";
import {readmeOf} from "./readme.js";
import {writeStartingModel} from "./starting-model.js";
import {completionOf} from "./training-texts.js";
import {trlFiles} from "./trl.js";

/** Lists what an export wrote, with hashes. */
const MARK = "export.json";

export interface ExportPlace {
  /** As `--out` names it. */
  folder: string;
  /** Replaces an export for another trainer or study, and files of an export that somebody changed. */
  force?: boolean;
}

/** Returns the paths written, within the folder. Throws BadInput where something would be lost. */
export async function writeExport(
  {folder, force = false}: ExportPlace,
  plan: ExportPlan,
  labels: Record<string, string[]>
): Promise<string[]> {
  const target = resolve(folder);
  await refuseLoss(target, folder, plan, force);
  const files = [
    ...filesOf(plan),
    ...lmEvalFiles(plan, labels),
    textFile("README.md", readmeOf(plan, target))
  ];
  let written: string[] = [];
  await fillFolderAtomically(target, async (partial) => {
    for (const {path, text} of files) {
      await mkdir(dirname(join(partial, path)), {recursive: true});
      await writeFile(join(partial, path), text());
    }
    if (plan.warmedUp) await writeStartingModel(plan.warmedUp, join(partial, "model"));
    written = await recordWritten(partial, MARK, {because: 1, study: plan.study.id, for: plan.target});
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

async function refuseLoss(folder: string, named: string, plan: ExportPlan, force: boolean): Promise<void> {
  const option = `--out ${named}`;
  const {record, foreign, changed} = await examineWritten(folder, {
    option,
    mark: MARK,
    maker: "an export"
  });
  if (foreign.length > 0)
    throw new BadInput({
      where: option,
      expected: "a folder that is new, empty, or made by an export",
      found: `${foreign[0]}, which no export wrote`,
      mend: "Choose another folder, or move that file."
    });
  const other = record && (record.for !== plan.target || record.study !== plan.study.id);
  if (force || (!other && changed.length === 0)) return;
  throw new BadInput({
    where: option,
    expected: `a folder that is new, or an export of this study for ${plan.target} as it was written`,
    found: other
      ? `an export of ${String(record.study)} for ${String(record.for)}`
      : `${changed.slice(0, 3).join(", ")}, changed since`,
    mend: "Choose another folder, or add --force, which overwrites what is there."
  });
}
