/** `because export`: a study's training files for other trainers. */
import type {StudyOptions} from "../cli.js";
import {planExport} from "../exports/export-plan.js";
import type {Target} from "../exports/targets.js";
import {writeExport} from "../exports/write-export.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

export interface ExportOptions extends StudyOptions {
  for: Target;
  out: string;
  arm: string[];
  seed?: number;
  force?: boolean;
}

export async function exportStudy(options: ExportOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const {for: target, out, arm: arms, seed, force} = options;
  const plan = await planExport(context, {target, arms, seed});
  const labels = Object.fromEntries(context.file.axes.map((axis) => [axis.id, axis.labels]));
  const files = await writeExport({folder: out, force}, plan, labels);
  if (options.json) return printJson({folder: out, files, left_out: plan.leftOut});
  if (plan.leftOut.length > 0)
    context.report.note(`Left out, since ${target} has no such loss: ${plan.leftOut.join(", ")}.`);
  process.stdout.write(
    `${files.length} files in ${out}; README.md says how to train and how to come back.\n`
  );
}
