/** What can be recomputed from a bundle: one function a kind, in this order. */
import {verifyCubes} from "./verify-cubes.js";
import {verifyFigures} from "./verify-figures.js";
import type {Integrity} from "../publish/integrity.js";
import type {Finding} from "./verify-published.js";

/** What was published, opened. */
export interface Opened {
  folder: string;
  integrity: Integrity;
  /** Empty folder for what is made again. */
  scratch: string;
  /** Folders of what was made again, by kind: figures are drawn from cubes. */
  remade: Map<string, string>;
}

/** Makes one kind again and says how each of it compares. */
export type Recompute = (opened: Opened) => Promise<Finding[]>;

export const RECOMPUTABLE: readonly Recompute[] = [verifyCubes, verifyFigures];
