/** The files of a built site. */
import {readdir} from "node:fs/promises";
import {join} from "node:path";

/** Absolute paths of all files below the folder `site`, sorted. */
export async function siteFiles(site: string): Promise<string[]> {
  const entries = await readdir(site, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .map(({parentPath, name}) => join(parentPath, name))
    .sort();
}
