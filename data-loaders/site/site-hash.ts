/** What a built site depends on, as one hash: the stage graph skips the build while it stays the same. */
import {codeVersion, hashValue} from "../stages/content-hash.js";
import {PROJECT} from "../stages/store.js";

/** Everything besides the tables that can change a built page. */
const CODE = [
  "src",
  "data-loaders/site",
  "data-loaders/report",
  "observablehq.config.ts",
  "package.json",
  "package-lock.json"
];

/** SHA-256 (hex) of the notebook's code, the locked packages, and the content of the folder `tables`. */
export async function siteHash(tables: string, project: string = PROJECT): Promise<string> {
  return hashValue(await Promise.all([codeVersion(project, CODE), codeVersion(tables, ["."])]));
}
