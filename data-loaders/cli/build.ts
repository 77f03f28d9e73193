/** `because build`: the notebook as a static site. */
import {cp, readdir} from "node:fs/promises";
import {resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {StudyOptions} from "../cli.js";
import {fillFolderAtomically} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {STAGE_FILE} from "../stages/store.js";
import {makeSite} from "../site/make-site.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export async function build(options: StudyOptions & {output?: string}): Promise<Outcome> {
  const context = await openStudy(options);
  if (options.output) await requireReplaceable(resolve(options.output));
  const {site, tables, failed} = await buildStudy(context, stopSignal());
  const folder = options.output ? resolve(options.output) : site;
  if (options.output) await fillFolderAtomically(folder, (partial) => cp(site, partial, {recursive: true}));
  if (options.json) printJson({site: folder, tables, failed});
  else process.stdout.write(`${folder}\n`);
  return failed > 0 ? 1 : 0;
}

/** Only a folder that is not there, is empty, or holds an earlier notebook may be replaced. Throws BadInput otherwise. */
async function requireReplaceable(folder: string): Promise<void> {
  const entries: string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new BadInput({
      where: folder,
      expected: "a folder",
      found: "a file",
      mend: "Name another with --output."
    });
  });
  if (entries.length === 0 || (entries.includes("_observablehq") && entries.includes(STAGE_FILE))) return;
  throw new BadInput({
    where: folder,
    expected: "no folder, an empty one, or an earlier notebook",
    found: `a folder with ${entries.length === 1 ? "1 other entry" : `${entries.length} other entries`}`,
    mend: "Name a folder of its own with --output; what is in it would be replaced."
  });
}

/** Everything up to the built notebook. */
export async function buildStudy(
  context: Context,
  signal: AbortSignal
): Promise<{site: string; tables: string; failed: number}> {
  const runs = await trainStudy(context, signal);
  const tables = await makeTables(context, runs);
  const site = await makeSite(context, tables, signal);
  return {site, tables, failed: failures(runs).length};
}
