/** Where the notebook's own files lie. All paths are absolute. */
import {join} from "node:path";
import {PROJECT} from "../stages/store.js";

/** A checkout of the notebook: the project itself, or a copy of it in a test. */
export interface Notebook {
  /** Folder of `observablehq.config.ts`. */
  project: string;
  /** Framework's root, `src`. */
  source: string;
  /** Framework's cache; two builds must not share it at a time. */
  cache: string;
}

/** The parts of the notebook that lies in `project`. */
export function notebookIn(project: string = PROJECT): Notebook {
  const source = join(project, "src");
  return {project, source, cache: join(source, ".observablehq", "cache")};
}
