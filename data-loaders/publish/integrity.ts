/** The integrity manifest: bytes and SHA-256 of every file of a published folder, and what made them. */
import {createHash} from "node:crypto";
import {readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {BadInput} from "../../src/core/bad-input.js";
import {pathsBelow} from "../stages/written-folder.js";
import {hashFile} from "../stages/content-hash.js";

/** Name of the manifest, at the root of a site or bundle. It lists every file but itself. */
export const INTEGRITY = "integrity.json";

const Integrity = z.strictObject({
  because: z.literal(1),
  kind: z.enum(["site", "bundle"]),
  study: z.string(),
  title: z.string(),
  /** Version of Because. */
  software: z.string(),
  /** Hash of the code that makes tables, and of that which draws figures: elsewhere, other numbers may come of it. */
  code: z.string(),
  /** Content hash of the tables. */
  tables: z.string(),
  files: z.record(z.string(), z.strictObject({bytes: z.int(), sha256: z.string()}))
});
export type Integrity = z.infer<typeof Integrity>;

/** Writes the manifest of all that is in `folder`; returns its own SHA-256, which vouches for everything. */
export async function writeIntegrity(
  folder: string,
  facts: Omit<Integrity, "because" | "files">
): Promise<string> {
  const files: Integrity["files"] = {};
  for (const path of await pathsBelow(folder))
    if (path !== INTEGRITY)
      files[path] = {
        bytes: (await stat(join(folder, path))).size,
        sha256: await hashFile(join(folder, path))
      };
  const text = `${JSON.stringify({because: 1, ...facts, files}, null, 1)}\n`;
  await writeFile(join(folder, INTEGRITY), text);
  return createHash("sha256").update(text).digest("hex");
}

/** The manifest of a folder. Throws BadInput where there is none, or it is no manifest. */
export async function readIntegrity(folder: string): Promise<Integrity> {
  const text = await readFile(join(folder, INTEGRITY), "utf8").catch(() => null);
  const parsed = Integrity.safeParse(text === null ? undefined : parseJson(text));
  if (parsed.success) return parsed.data;
  throw new BadInput({
    where: join(folder, INTEGRITY),
    expected: "the integrity manifest of a site or bundle that `because publish` wrote",
    found: text === null ? "no such file" : "something else",
    mend: "Name a folder or .zip that `because publish` wrote."
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a file differs from what the manifest says. */
export interface FileDifference {
  file: string;
  difference: "changed" | "missing" | "not listed";
}

/** Everything in which a folder differs from its manifest. */
export async function differencesFrom(
  folder: string,
  {files}: Pick<Integrity, "files">
): Promise<FileDifference[]> {
  const there = (await pathsBelow(folder)).filter((path) => path !== INTEGRITY);
  const found: FileDifference[] = [];
  for (const [file, {bytes, sha256}] of Object.entries(files)) {
    if (!there.includes(file)) found.push({file, difference: "missing"});
    else if (
      (await stat(join(folder, file))).size !== bytes ||
      (await hashFile(join(folder, file))) !== sha256
    )
      found.push({file, difference: "changed"});
  }
  const extra = there.filter((file) => !Object.hasOwn(files, file));
  return [...found, ...extra.map((file) => ({file, difference: "not listed" as const}))];
}
