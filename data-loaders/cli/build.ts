/** `because build`: the notebook as a static site. */
import {cp} from "node:fs/promises";
import {resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {StudyOptions} from "../cli.js";
import {fillFolderAtomically} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {examineWritten, recordWritten} from "../stages/written-folder.js";
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
  if (options.output) await copySite(site, folder);
  if (options.json) printJson({site: folder, tables, failed});
  else process.stdout.write(`${folder}\n`);
  return failed > 0 ? 1 : 0;
}

/** Lists what `--output` was given, with hashes. */
const MARK = "because-site.json";

/** Only a folder that is not there, is empty, or holds an earlier notebook may be replaced. Throws BadInput otherwise. */
async function requireReplaceable(folder: string): Promise<void> {
  const {foreign, changed} = await examineWritten(folder, {
    option: `--output ${folder}`,
    mark: MARK,
    maker: "`because build`"
  });
  const [lost] = [...foreign, ...changed];
  if (lost === undefined) return;
  throw new BadInput({
    where: `--output ${folder}`,
    expected: "no folder, an empty one, or a notebook as `because build` wrote it",
    found: foreign.length > 0 ? `${lost}, which it didn't write` : `${lost}, changed since`,
    mend: "Name a folder of its own with --output, or move what is in it: it would be replaced."
  });
}

async function copySite(site: string, folder: string): Promise<void> {
  await fillFolderAtomically(folder, async (partial) => {
    await cp(site, partial, {recursive: true});
    await recordWritten(partial, MARK, {because: 1});
  });
}

/** Everything up to the built notebook. */
export async function buildStudy(
  context: Context,
  signal: AbortSignal,
  {on}: {on?: string} = {}
): Promise<{site: string; tables: string; failed: number}> {
  const runs = await trainStudy(context, signal, {on});
  const tables = await makeTables(context, runs);
  const site = await makeSite(context, tables, signal);
  return {site, tables, failed: failures(runs).length};
}
