/** Job folders: immutable, content-addressed, complete when `job.json` is there. */
import {copyFile, link, rm} from "node:fs/promises";
import {join} from "node:path";
import {exists, fillFolderAtomically, writeAtomically} from "../stages/atomic-files.js";
import type {Store} from "../stages/store.js";
import {writeDataFile} from "./data-files.js";
import type {PlannedRun} from "./plan-jobs.js";
import type {DataRow} from "../../src/core/contract.js";

/** Writes the folders of planned runs that have none yet. Equal data is written once and linked. */
export async function writeJobs(runs: PlannedRun[], store: Store): Promise<void> {
  const written = new Map<string, string>();
  for (const planned of runs) {
    const folder = join(store.jobs, planned.run);
    if (await exists(join(folder, "job.json"))) continue;
    await fillFolderAtomically(folder, async (partial) => {
      for (const [side, {file, content}] of Object.entries(planned.job.data)) {
        const rows: DataRow[] = side === "train" ? planned.train : planned.test;
        const known = written.get(content);
        if (known) await link(known, join(partial, file)).catch(() => copyFile(known, join(partial, file)));
        else await writeDataFile(rows, join(partial, file));
      }
      await writeAtomically(join(partial, "job.json"), `${JSON.stringify(planned.job, null, 2)}\n`);
    });
    for (const {file, content} of Object.values(planned.job.data)) written.set(content, join(folder, file));
  }
}

/** Removes a run's job and run log. */
export async function removeRun(run: string, store: Store): Promise<void> {
  await rm(join(store.jobs, run), {recursive: true, force: true});
  await rm(join(store.runs, run), {recursive: true, force: true});
}
