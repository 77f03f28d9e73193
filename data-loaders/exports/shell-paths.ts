/** Paths as commands name them that are run in the project's folder, where `npx because` is found. */
import {isAbsolute, relative} from "node:path";
import {PROJECT} from "../stages/store.js";

/** Relative within the project, else absolute; quoted where a shell would take it apart. */
export function fromProject(path: string): string {
  const inside = relative(PROJECT, path);
  const named = inside.startsWith("..") || isAbsolute(inside) ? path : inside || ".";
  return shellWord(named.replaceAll("\\", "/"));
}

/** POSIX quoting. */
function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
