/** Figures in a folder of the author's: other files there stay, and so does a figure that somebody changed by hand. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson, hashFile} from "../stages/content-hash.js";

/** Who writes into a folder: the record that lists what was written, with hashes, and the command. */
export interface Writer {
  mark: string;
  maker: string;
}

const FIGURES: Writer = {mark: "because-figures.json", maker: "because figures"};

type Hashes = Record<string, string>;

/**
 * Copies `files` of one folder to another; what is the same already is left alone. Returns the names of those written.
 *
 * @throws BadInput where a file of that name is there that isn't as it was written
 */
export async function copyFigures(
  from: string,
  files: readonly string[],
  to: string,
  writer = FIGURES
): Promise<string[]> {
  const record = join(to, writer.mark);
  const known = await recordIn(record);
  const written: string[] = [];
  const hashes: Hashes = {};
  for (const file of files) {
    hashes[file] = await hashFile(join(from, file));
    const there = await hashFile(join(to, file)).catch(() => null);
    if (there === hashes[file]) continue;
    if (there !== null && there !== known[file]) throw changedFile(to, file, known, writer);
    written.push(file);
  }
  for (const file of written) await writeAtomically(join(to, file), await readFile(join(from, file)));
  const listed = `${canonicalJson({because: 1, files: {...known, ...hashes}})}\n`;
  if (listed !== (await textOf(record))) await writeAtomically(record, listed);
  return written;
}

const textOf = (file: string) => readFile(file, "utf8").catch(() => "");

async function recordIn(record: string): Promise<Hashes> {
  try {
    const {files} = JSON.parse(await textOf(record)) as {files?: Hashes};
    return files ?? {};
  } catch {
    return {};
  }
}

function changedFile(folder: string, file: string, known: Hashes, {maker}: Writer): BadInput {
  return new BadInput({
    where: `--output ${folder}`,
    expected: `no ${file}, or one as \`${maker}\` wrote it`,
    found: Object.hasOwn(known, file) ? `${file}, changed since` : `${file}, which it didn't write`,
    mend: "Name another folder with --output, or move that file: it would be replaced."
  });
}
