/** `because run`: trains and scores what is missing. */
import type {StudyOptions} from "../cli.js";
import {Interrupted, runStudy} from "../jobs/run-study.js";
import type {StudyRuns} from "../jobs/run-study.js";
import {runTitle} from "../jobs/plan-study.js";
import {requireTrainable} from "../jobs/trainable.js";
import {createVoteDisplay} from "../judges/vote-display.js";
import {ensurePython} from "../setup/python-environment.js";
import type {Context} from "../stages/context.js";
import {createDisplay} from "./display.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {rememberRuns} from "./study-runs.js";

export async function run(options: StudyOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const runs = await trainStudy(context, stopSignal());
  const failed = failures(runs);
  if (options.json)
    printJson(runs.runs.map(({run, job}) => ({run, title: runTitle(job), ...verdictOf(runs, run)})));
  else context.report.note(`${runs.runs.length - failed.length} of ${runs.runs.length} runs done.`);
  return failed.length > 0 ? 1 : 0;
}

/** Sets up Python and trains what is missing. Throws BadInput first where no trainer of this version could. */
export async function trainStudy(context: Context, signal: AbortSignal): Promise<StudyRuns> {
  requireTrainable(context.file);
  const {python} = await ensurePython({store: context.store.root, log: context.report.note, signal}).catch(
    (error: unknown) => {
      throw signal.aborted ? new Interrupted("Stopped while setting up; the next start goes on.") : error;
    }
  );
  const votes = createVoteDisplay(context.file.study.judging.currency);
  const runs = await runStudy(context, {python, display: createDisplay(), votes, signal});
  await rememberRuns(
    context,
    runs.runs.map(({run}) => run)
  );
  for (const {run, job} of runs.runs) {
    const {status, reason} = runs.verdicts.get(run)!;
    if (status !== "done") context.report.note(`not done: ${runTitle(job)} (run ${run}): ${reason}`);
  }
  return runs;
}

/** Runs that did not end well. */
export function failures(runs: StudyRuns): string[] {
  return runs.runs.filter(({run}) => runs.verdicts.get(run)!.status !== "done").map(({run}) => run);
}

function verdictOf({verdicts}: StudyRuns, run: string): {status: string; reason: string} {
  const {status, reason} = verdicts.get(run)!;
  return {status, reason};
}
