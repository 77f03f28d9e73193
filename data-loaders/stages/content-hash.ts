/** Hashes that decide whether anything has to be made anew. */
import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {readdir, readFile, stat} from "node:fs/promises";
import {join, relative} from "node:path";

/** JSON with sorted keys: the same value always gives the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  );
}

/** SHA-256 of a value's canonical JSON, as 64 hex digits. */
export function hashValue(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** First 16 hex digits: names of folders and runs. */
export function shortHash(value: unknown): string {
  return hashValue(value).slice(0, 16);
}

/** SHA-256 of a file's bytes, streamed. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** SHA-256 over the names and bytes of source files, given as files or folders relative to `root`. */
export async function codeVersion(root: string, paths: string[]): Promise<string> {
  const files = (await Promise.all(paths.map((path) => filesBelow(join(root, path))))).flat().sort();
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(relative(root, file))
      .update("\0")
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, {withFileTypes: true});
  const visible = entries.filter(({name}) => !name.startsWith(".") && name !== "__pycache__");
  const below = await Promise.all(visible.map(({name}) => filesBelow(join(path, name))));
  return below.flat();
}
