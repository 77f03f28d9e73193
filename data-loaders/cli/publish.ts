/** `because publish`: the site as others may have it, and the bundle that proves it. */
import {readFile, readdir} from "node:fs/promises";
import {basename, dirname, join, resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {formatCount} from "../../src/core/format.js";
import type {StudyOptions} from "../cli.js";
import {differencesFrom, readIntegrity} from "../publish/integrity.js";
import {privateTexts} from "../publish/private-texts.js";
import {publishStudy, type Published} from "../publish/publish-study.js";
import {exists, fillFolderAtomically} from "../stages/atomic-files.js";
import {inputOf, makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export interface PublishOptions extends StudyOptions {
  output: string;
  bundle?: string;
  hashesOnly?: boolean;
  allow: string[];
  /** In MB. */
  largest?: number;
}

export async function publish(options: PublishOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const output = resolve(options.output);
  const file = options.bundle === undefined ? undefined : resolve(options.bundle);
  await requireOwn(output, options.output);
  if (file !== undefined && file.startsWith(`${output}/`)) throw withinOutput(options.bundle!);
  const signal = stopSignal();
  const runs = await trainStudy(context, signal);
  const tables = await makeTables(context, runs);
  let published: Published | undefined;
  await fillFolderAtomically(output, async (partial) => {
    published = await publishStudy(
      {
        input: await inputOf(context, runs),
        tables,
        study: {name: basename(context.file.file), text: await readFile(context.file.file, "utf8")},
        privates: privateTexts({
          folders: [
            context.store.root,
            context.file.folder,
            dirname(resolve(context.file.file)),
            dirname(output)
          ]
        }),
        allowed: options.allow,
        ...(options.largest === undefined ? {} : {largest: 1e6 * options.largest}),
        ...(file === undefined ? {} : {bundle: {file, hashesOnly: options.hashesOnly ?? false}}),
        signal
      },
      partial
    );
  });
  tell(published!, options, output, file);
  return failures(runs).length > 0 ? 1 : 0;
}

function tell(published: Published, {json}: PublishOptions, site: string, bundle: string | undefined): void {
  const {withheld, altered, files, bytes, integrity} = published;
  if (json)
    return printJson({
      site,
      ...published,
      bundle: bundle ? {file: bundle, integrity: published.bundle} : null
    });
  const note = (text: string) => process.stderr.write(`${text}\n`);
  for (const {id, why} of withheld) note(`texts left out ${id}: ${why}`);
  if (withheld.length > 0)
    note("  A corpus' `publish_texts` says why its texts may be published all the same.");
  if (altered.length > 0) note(`${altered.length} run logs: what models wrote on these corpora is left out`);
  for (const file of published.left_out) note(`left out ${file}: larger than --largest allows`);
  note(`${formatCount(files)} files, ${(bytes / 1e6).toFixed(1)} MB; ${INTEGRITY_WORD} ${integrity}`);
  process.stdout.write(`${site}\n${bundle ? `${bundle}\n` : ""}`);
}

const INTEGRITY_WORD = "SHA-256 of integrity.json:";

/** Only a folder that is not there, is empty, or is as an earlier `because publish` left it may be replaced. */
async function requireOwn(folder: string, named: string): Promise<void> {
  if (!(await exists(folder))) return;
  const names = await readdir(folder).catch(() => null);
  if (names?.length === 0) return;
  const known = names?.includes("integrity.json") ? await readIntegrity(folder) : null;
  const [lost] = known
    ? await differencesFrom(folder, known)
    : [{file: names?.[0] ?? basename(folder), difference: "not listed"}];
  if (lost === undefined) return;
  throw new BadInput({
    where: `--output ${named}`,
    expected: "no folder, an empty one, or a site as `because publish` wrote it",
    found: names === null ? "a file" : `${join(named, lost.file)}, ${lost.difference} since`,
    mend: "Name a folder of its own with --output, or move what is in it: it would be replaced."
  });
}

function withinOutput(named: string): BadInput {
  return new BadInput({
    where: `--bundle ${named}`,
    expected: "a file outside the site",
    found: "one within --output",
    mend: "Name one beside it: the site's integrity manifest lists all its files."
  });
}
