/**
 * Framework always uses a cached loader output in a build, even when the loader or its inputs have changed. So each
 * output is stamped with the content hash of what it was made from, and removed before a build when that differs.
 */
import {mkdir, readFile, readdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {codeVersion} from "../stages/content-hash.js";
import type {Notebook} from "./project.js";

/** Code that any loader may run: the loader itself, what it imports, and the locked packages. */
const LOADER_CODE = ["data-loaders/site", "data-loaders/stages", "src/core", "package-lock.json"];
const LOADER = /^(.+\.[a-z0-9]+)\.ts$/;

/** Removes outputs of `src/data` loaders that are not what they would be now. Returns the loaders that will run again. */
export async function dropStaleOutputs(
  {project, source, cache}: Notebook,
  tables: string
): Promise<string[]> {
  const folder = join(cache, "data");
  await mkdir(folder, {recursive: true});
  const shared = await Promise.all([codeVersion(project, LOADER_CODE), codeVersion(tables, ["."])]);
  const dropped: string[] = [];
  for (const file of await readdir(join(source, "data"))) {
    const output = LOADER.exec(file)?.[1];
    if (!output) continue;
    const stamp = join(folder, `.${output}.inputs`);
    const now = [...shared, await codeVersion(source, [join("data", file)])].join("\n");
    if ((await readFile(stamp, "utf8").catch(() => "")) === now) continue;
    await Promise.all(outputsOf(folder, output).map((path) => rm(path, {recursive: true, force: true})));
    await writeFile(stamp, now);
    dropped.push(file);
  }
  return dropped;
}

/** The cached output, and for an archive also the folder of what Framework took out of it. */
function outputsOf(folder: string, output: string): string[] {
  const archived = /^(.+)\.(?:zip|tar|tgz)$/.exec(output)?.[1];
  return [join(folder, output), ...(archived ? [join(folder, archived)] : [])];
}
