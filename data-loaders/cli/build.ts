/** `because build`: the notebook as a static site. */
import {cp} from "node:fs/promises";
import {resolve} from "node:path";
import type {StudyOptions} from "../cli.js";
import {fillFolderAtomically} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {makeSite} from "../site/make-site.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export async function build(options: StudyOptions & {output?: string}): Promise<Outcome> {
  const context = await openStudy(options);
  const {site, tables, failed} = await buildStudy(context, stopSignal());
  const folder = options.output ? resolve(options.output) : site;
  if (options.output) await fillFolderAtomically(folder, (partial) => cp(site, partial, {recursive: true}));
  if (options.json) printJson({site: folder, tables, failed});
  else process.stdout.write(`${folder}\n`);
  return failed > 0 ? 1 : 0;
}

/** Everything up to the built notebook. */
export async function buildStudy(
  context: Context,
  signal: AbortSignal
): Promise<{site: string; tables: string; failed: number}> {
  const runs = await trainStudy(context, signal);
  const tables = await makeTables(context, runs);
  const site = await makeSite(context, tables);
  return {site, tables, failed: failures(runs).length};
}
