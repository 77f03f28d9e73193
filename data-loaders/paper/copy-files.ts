/** Figures, tables and reports in a folder of the author's: other files there stay, and so does one that somebody changed by hand. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson, hashFile} from "../stages/content-hash.js";

/** Lists what was written, with hashes. */
const MARKS = {
  figures: "because-figures.json",
  "paper-tables": "because-paper-tables.json",
  report: "because-report.json"
} as const;

/** What writes there. */
export type Maker = keyof typeof MARKS;

type Hashes = Record<string, string>;

/**
 * Copies `files` of one folder to another; what is the same already is left alone. Returns the names of those written.
 *
 * @throws BadInput where a file of that name is there that isn't as it was written
 */
export async function copyFiles(
  from: string,
  files: readonly string[],
  to: string,
  maker: Maker
): Promise<string[]> {
  const mark = join(to, MARKS[maker]);
  const known = await recordIn(mark);
  const written: string[] = [];
  const hashes: Hashes = {};
  for (const file of files) {
    hashes[file] = await hashFile(join(from, file));
    const there = await hashFile(join(to, file)).catch(() => null);
    if (there === hashes[file]) continue;
    if (there !== null && there !== known[file]) throw changedFile(to, file, {known, maker});
    written.push(file);
  }
  for (const file of written) await writeAtomically(join(to, file), await readFile(join(from, file)));
  const record = `${canonicalJson({because: 1, files: {...known, ...hashes}})}\n`;
  if (record !== (await textOf(mark))) await writeAtomically(mark, record);
  return written;
}

const textOf = (file: string) => readFile(file, "utf8").catch(() => "");

async function recordIn(mark: string): Promise<Hashes> {
  try {
    const {files} = JSON.parse(await textOf(mark)) as {files?: Hashes};
    return files ?? {};
  } catch {
    return {};
  }
}

function changedFile(folder: string, file: string, {known, maker}: {known: Hashes; maker: Maker}): BadInput {
  return new BadInput({
    where: `--output ${folder}`,
    expected: `no ${file}, or one as \`because ${maker}\` wrote it`,
    found: Object.hasOwn(known, file) ? `${file}, changed since` : `${file}, which it didn't write`,
    mend: "Name another folder with --output, or move that file: it would be replaced."
  });
}
