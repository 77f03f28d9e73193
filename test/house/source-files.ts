/** The project's own files, as the house tests read them. */
import {readdirSync, readFileSync} from "node:fs";
import {extname, join, relative, sep} from "node:path";
import {PROJECT} from "../../data-loaders/stages/store.js";

/** Made by tools, or not ours. */
const SKIPPED = new Set(["node_modules", ".git", ".because", "dist", ".observablehq", "__pycache__"]);

export interface SourceFile {
  /** Relative to the project, with slashes: `src/core/arms.ts`. */
  path: string;
  text: string;
}

/** All files below `folder` (relative to the project) whose name ends with one of `extensions`, sorted by path. */
export function sourceFiles(folder: string, ...extensions: string[]): SourceFile[] {
  return walk(join(PROJECT, folder))
    .filter((file) => extensions.includes(extname(file)))
    .map((file) => ({path: relative(PROJECT, file).split(sep).join("/"), text: readFileSync(file, "utf8")}))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function walk(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    if (SKIPPED.has(entry.name) || /_cache$|\.egg-info$/.test(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}
