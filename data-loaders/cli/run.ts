/** `because run`: trains and scores what is missing. */
import type {StudyOptions} from "../cli.js";
import {HubClient} from "../fetch/hub-client.js";
import {hubSettings} from "../fetch/hub-settings.js";
import {fetchModelFiles} from "../fetch/model-files.js";
import {requireModelFolder} from "../jobs/model-folder.js";
import {modelProblems} from "../jobs/model-problems.js";
import {Interrupted, runStudy} from "../jobs/run-study.js";
import type {ChooseRuns, StudyRuns} from "../jobs/run-study.js";
import {runTitle} from "../jobs/plan-study.js";
import {BadInputs} from "../../src/core/bad-input.js";
import {createVoteDisplay} from "../judges/vote-display.js";
import {LiveDisplay} from "../live/live-display.js";
import {openPlace, placeName} from "../places/open-place.js";
import type {OpenPlace} from "../places/open-place.js";
import type {Context} from "../stages/context.js";
import {createDisplay} from "./display.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

/** Options of commands that train. */
export interface TrainOptions extends StudyOptions {
  /** Name of a place. */
  on?: string;
  detach?: boolean;
}

export async function run(options: TrainOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const runs = await trainStudy(context, stopSignal(placeName(context, options.on).name), options);
  const failed = failures(runs);
  if (options.json)
    printJson(runs.runs.map(({run, job}) => ({run, title: runTitle(job), ...verdictOf(runs, run)})));
  else context.report.note(`${runs.runs.length - failed.length} of ${runs.runs.length} runs done.`);
  return failed.length > 0 ? 1 : 0;
}

/**
 * Sets up Python and trains what is missing. Whatever the study's model lacks is said first: before anything is
 * installed, and before judges are paid.
 */
export async function trainStudy(
  context: Context,
  signal: AbortSignal,
  {on, detach}: Pick<TrainOptions, "on" | "detach"> = {},
  choose?: ChooseRuns
): Promise<StudyRuns> {
  const place = await setUp(context, signal, on).catch((error: unknown) => {
    throw signal.aborted ? new Interrupted("Stopped while setting up; the next start goes on.") : error;
  });
  const votes = createVoteDisplay(context.file.study.judging.currency);
  const runs = await runStudy(context, {
    place,
    detach,
    display: new LiveDisplay(createDisplay(place.cost), context, place.name),
    votes,
    signal,
    choose
  });
  for (const line of describeFailures(runs)) context.report.note(line);
  return runs;
}

/** The model's tokenizer, and a place that can train. */
async function setUp(context: Context, signal: AbortSignal, on?: string): Promise<OpenPlace> {
  const {file, store, report} = context;
  const {note} = report;
  const {model} = file.study;
  await fetchModelFiles(new HubClient(hubSettings(process.env), {note}), store, model, {note, signal});
  requireModelFolder(file);
  const problems = await modelProblems(context);
  if (problems.length > 0) throw new BadInputs(problems);
  return openPlace(context, {on, signal});
}

/** A line a reason, with all runs that it ended. */
export function describeFailures({runs, verdicts}: Pick<StudyRuns, "runs" | "verdicts">): string[] {
  const named = new Map<string, string[]>();
  for (const {run, job} of runs) {
    const {status, reason} = verdicts.get(run)!;
    if (status !== "done") named.set(reason, [...(named.get(reason) ?? []), `${runTitle(job)} (run ${run})`]);
  }
  return [...named].map(([reason, ended]) => `not done: ${ended.join("; ")}: ${reason}`);
}

/** Runs that did not end well. */
export function failures(runs: StudyRuns): string[] {
  return runs.runs.filter(({run}) => runs.verdicts.get(run)!.status !== "done").map(({run}) => run);
}

function verdictOf({verdicts}: StudyRuns, run: string): {status: string; reason: string} {
  const {status, reason} = verdicts.get(run)!;
  return {status, reason};
}
