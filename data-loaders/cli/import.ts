/** `because import`: predictions of other trainers as runs of the study. */
import type {StudyOptions} from "../cli.js";
import {importPredictions} from "../imports/import-predictions.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {rememberRuns} from "./study-runs.js";

export interface ImportOptions extends StudyOptions {
  files: string[];
  as: string;
  seed: number;
  column: Record<string, string>;
}

export async function importFiles(options: ImportOptions): Promise<Outcome> {
  const context = await openStudy(options);
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
        : "")
  );
}
