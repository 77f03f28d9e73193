/** Which runs one process trains side by side: arms and seeds that share a frozen base. */
import type {Study} from "../../src/core/study.js";
import type {PlannedRun} from "./plan-jobs.js";

/** Runs of a group at most where the study leaves their number open: each keeps an adapter and an optimiser in memory. */
const AUTO_MOST = 8;

/**
 * Groups in the runs' order, each of one run or of several with the same base. With `auto` every worker gets its share.
 *
 * @param together runs of a group at most, from the study
 * @param workers processes that there is work for
 */
export function groupRuns(
  runs: readonly PlannedRun[],
  together: Study["trainer"]["together"],
  workers: number
): string[][] {
  const sharing = new Map<string, string[]>();
  for (const planned of runs) {
    const key = baseOf(planned) ?? planned.run;
    sharing.set(key, [...(sharing.get(key) ?? []), planned.run]);
  }
  return [...sharing.values()].flatMap((ids) => {
    const most =
      together === "auto" ? Math.min(AUTO_MOST, Math.ceil(ids.length / Math.max(1, workers))) : together;
    return Array.from({length: Math.ceil(ids.length / most)}, (_, i) => ids.slice(i * most, (i + 1) * most));
  });
}

/** What runs must have in common; null for a run that trains all weights, or takes several processes itself. */
function baseOf({job}: PlannedRun): string | null {
  if (job.kind !== "train" || job.adapter.kind === "none" || job.execution.processes > 1) return null;
  const {model, base_run, execution, adapter} = job;
  return JSON.stringify({model, base_run, execution, bits: adapter.bits});
}
