/** Where results are remembered, and under which keys: everything that they depend on. */
import {join} from "node:path";
import {shortHash} from "../stages/content-hash.js";
import type {Remembering} from "./remembered.js";
import type {RunLog} from "./run-logs.js";
import type {Unit} from "./systems.js";

/** A folder, and the version of the code that makes what is in it. */
export interface MemoryFolder {
  folder: string;
  version: string;
}

/** What is remembered of a unit (what everybody needs, and the rest), and of a system (its predictions, its entropies). */
export type Remembered = "finding" | "summary" | "outputs" | "entropies";

export class Memory {
  /**
   * @param folder - Null remembers nothing.
   * @param rows - Hash of the test rows and of which of them are shown.
   */
  constructor(
    private readonly folder: MemoryFolder | null,
    private readonly rows: string
  ) {}

  /** Where a result that depends on `inputs` lies. */
  place(what: Remembered, inputs: unknown): Remembering | null {
    return this.folder && {file: this.file(what, inputs, "bin")!};
  }

  /** Where a file that depends on `inputs` lies; null where nothing is remembered. */
  file(what: Remembered | "shown", inputs: unknown, ending: string): string | null {
    if (!this.folder) return null;
    const {folder, version} = this.folder;
    return join(folder, `${what}-${shortHash([version, this.rows, inputs])}.${ending}`);
  }

  /** What a unit's summary depends on. */
  keyOf({system, seed, runs}: Unit): string {
    return shortHash([system, seed, runs.map(({run}) => run)]);
  }

  /** Systems with their seeds, of runs that are done, in the order of the logs: baselines, arms in figure order, seeds ascending. */
  unitsOf(logs: RunLog[]): Unit[] {
    const units = new Map<string, Unit>();
    for (const {run, job, folder, kind, system, seed, status, manifest} of logs) {
      if (status !== "done" || !system) continue;
      const key = `${system} ${seed}`;
      const known = units.get(key);
      const unit = known ?? {
        ...{system, seed, runs: [], recorded: false},
        kind: kind === "train" ? ("arm" as const) : ("baseline" as const)
      };
      unit.runs.push({run, folder});
      const asked = job.kind === "train" && job.capture.estimators.length > 0;
      unit.recorded ||= asked && manifest?.files["layers.parquet"]?.rows !== 0;
      units.set(key, unit);
    }
    return [...units.values()];
  }
}
