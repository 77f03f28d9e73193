/** The sentence on runs: did they end, and what did they cost? */
import type {AllCubes} from "../cubes-reader.js";
import type {RunRow} from "../cubes.js";
import {formatCount, formatCounted, formatDuration} from "../format.js";

/** How many runs are done, failed (with the first reason) and missing, and the time and tokens they took together. */
export function runsSentence({runs}: AllCubes): string {
  if (runs.length === 0) return "This study has no runs yet.";
  return [stateOf(runs), importedOf(runs), costOf(runs)].filter(Boolean).join(" ");
}

function stateOf(runs: RunRow[]): string {
  const with_ = (status: RunRow["status"]) => runs.filter((run) => run.status === status);
  const [done, failed, missing] = [with_("done"), with_("failed"), with_("missing")];
  const trained = done.filter(({kind}) => kind === "train").length;
  if (done.length === runs.length)
    return `${runs.length === 1 ? "The only run is" : `All ${formatCount(runs.length)} runs are`} done, ${formatCounted(trained, "trained model")} among them.`;
  const parts = [
    `${formatCount(done.length)} of ${formatCounted(runs.length, "run")} ${done.length === 1 ? "is" : "are"} done`,
    failed.length
      ? `${formatCount(failed.length)} failed (${failed.length > 1 ? "the first: " : ""}${reasonOf(failed[0]!)})`
      : "",
    missing.length ? `${formatCount(missing.length)} ${missing.length === 1 ? "is" : "are"} missing` : ""
  ].filter(Boolean);
  return `${parts.join(", ")}. Arms without all their runs are averaged over fewer seeds or settings.`;
}

function importedOf(runs: RunRow[]): string {
  const imported = runs.filter(({device}) => device === "imported").length;
  if (imported === 0) return "";
  return `${formatCounted(imported, "trained model")} ${imported === 1 ? "was" : "were"} trained elsewhere; ${imported === 1 ? "its" : "their"} predictions were imported.`;
}

/** `explanation.label-first.token-mean, seed 2: out of memory`. */
function reasonOf({kind, system, seed, reason}: RunRow): string {
  const name = [system || kind, seed ? `seed ${seed}` : ""].filter(Boolean).join(", ");
  return `${name}: ${reason.replace(/\.$/, "")}`;
}

function costOf(runs: RunRow[]): string {
  const seconds = runs.reduce((sum, run) => sum + run.wall_seconds, 0);
  if (seconds === 0) return "";
  const tokens = runs.reduce((sum, run) => sum + run.tokens, 0);
  const resumed = runs.filter((run) => run.resumed > 0).length;
  const again = resumed
    ? ` ${formatCounted(resumed, "run")} went on from a checkpoint after an interruption.`
    : "";
  return `Together they took ${formatDuration(seconds)} of computing and ${formatCount(tokens)} training tokens.${again}`;
}
