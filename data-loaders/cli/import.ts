/** `because import`: predictions of other trainers as runs of the study. */
import type {StudyOptions} from "../cli.js";
import {BadInput} from "../../src/core/bad-input.js";
import {readImports, removeImports} from "../imports/import-index.js";
import {armIn, importPredictions} from "../imports/import-predictions.js";
import {replacedRuns} from "../imports/replaced-runs.js";
import {replacedSentence} from "../imports/stand-in.js";
import type {Context} from "../stages/context.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {rememberRuns} from "../jobs/study-runs.js";

export interface ImportOptions extends StudyOptions {
  files: string[];
  as: string;
  seed: number;
  column: Record<string, string>;
  remove?: boolean;
}

export async function importFiles(options: ImportOptions): Promise<Outcome> {
  const context = await openStudy(options);
  requireFilesOrRemove(options);
  if (options.remove) return removeImported(context, options);
  const {files, as: arm, seed, column: columns} = options;
  const {records, rows} = await importPredictions(context, {files, arm, seed, columns});
  await rememberRuns(
    context,
    records.map(({run}) => run)
  );
  if (options.json) return printJson(records);
  const right = rows.filter(({row, predicted}) => predicted === row.gold).length;
  const [{arm: id}] = records as [(typeof records)[number]];
  process.stdout.write(
    `${rows.length} predictions imported as ${id}, seed ${seed}: ${((100 * right) / rows.length).toFixed(1)} % right.\n` +
      (rows[0]!.offLabel === null
        ? "They add up to one over the labels, so how much probability other tokens have isn't known.\n"
        : "") +
      [...new Set((await replacedRuns(context, records)).map(({job}) => replacedSentence(job)))]
        .map((sentence) => `The import ${sentence}.\n`)
        .join("")
  );
}

function requireFilesOrRemove({files, remove}: ImportOptions): void {
  if (remove ? files.length === 0 : files.length > 0) return;
  throw new BadInput({
    where: "because import",
    expected: remove ? "--remove without files" : "files with predictions",
    found: remove ? files.join(", ") : "none",
    mend: remove
      ? "Name the arm and seed alone: what stands for them is removed."
      : "Name them after the study, or --remove to take an import back."
  });
}

async function removeImported(context: Context, {as, seed, json}: ImportOptions): Promise<Outcome> {
  const arm = armIn(context.file, as);
  const removed = await removeImports(context, {arm, seed});
  if (removed.length === 0) {
    const there = (await readImports(context)).map((found) => `${found.arm}, seed ${found.seed}`);
    throw new BadInput({
      where: `--as ${as} --seed ${seed}`,
      expected: "an arm and seed that predictions were imported for",
      found: `none for it${there.length > 0 ? `, but for ${[...new Set(there)].join("; ")}` : ""}`,
      mend: "`because status` lists what is imported."
    });
  }
  if (json) return printJson(removed);
  const from = [...new Set(removed.map((record) => record.from))].join(", ");
  const own = await replacedRuns(context, removed);
  process.stdout.write(
    `${from} no longer stands for ${arm}, seed ${seed}: ` +
      (own.length === removed.length
        ? "the run that was trained here counts again.\n"
        : "`because run` trains it.\n")
  );
}
