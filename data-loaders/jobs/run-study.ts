/** Stages jobs and runs: plans everything, trains what is missing, and says how every run ended. */
import {join} from "node:path";
import {askerOf} from "../annotators/ask-judges.js";
import type {Judged} from "../annotators/judged.js";
import {prepareStudy} from "../corpora/prepare-corpora.js";
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import type {TrainJob} from "../../src/core/contract.js";
import {readImports} from "../imports/import-index.js";
import {staleImports} from "../imports/stand-in.js";
import type {VoteDisplay} from "../judges/vote-display.js";
import type {Context} from "../stages/context.js";
import {Detached, Interrupted} from "../stages/interrupted.js";
import type {OpenPlace} from "../places/open-place.js";
import type {RunState, Trainer} from "../trainers/trainer.js";
import {verifyRun} from "../trainers/run-state.js";
import type {RunVerdict} from "../trainers/run-state.js";
import {watchRuns} from "../trainers/watch-runs.js";
import type {RunDisplay, RunStates} from "../trainers/watch-runs.js";
import {groupRuns} from "./group-runs.js";
import {modelContent} from "./model-content.js";
import type {PlannedRun} from "./plan-jobs.js";
import {planStudy, planTokenizerOf, runSpec, runTitle, tokenizerFile} from "./plan-study.js";
import type {StudyPlan} from "./plan-study.js";
import {rememberRuns} from "./study-runs.js";
import {writeJobs} from "./write-jobs.js";

export {Detached, Interrupted} from "../stages/interrupted.js";

/** Everything that the tables are made from. */
export interface StudyRuns {
  corpora: PreparedCorpus[];
  /** What judges said; null where the study asks none. */
  judged: Judged | null;
  plan: StudyPlan;
  /** All runs in order: preparations, baselines, training. */
  runs: PlannedRun[];
  verdicts: Map<string, RunVerdict>;
  trainerVersion: string;
}

export interface RunOptions {
  /** Where runs are trained. */
  place: OpenPlace;
  /** Whether to end once everything is asked for, where the place goes on by itself. */
  detach?: boolean;
  display: RunDisplay;
  /** Shows how judges are getting on; without, nothing does. */
  votes?: VoteDisplay;
  signal: AbortSignal;
  /** Which training runs to carry out, in place of all that are planned. */
  choose?: ChooseRuns;
}

export type ChooseRuns = (plan: StudyPlan, trainerVersion: string) => PlannedRun<TrainJob>[];

/** Asks judges for what is missing, then trains whatever is not done. Failed runs do not stop the others, except those that all others start from. */
export async function runStudy(context: Context, options: RunOptions): Promise<StudyRuns> {
  const {file, store} = context;
  const {trainer, workers, version} = options.place;
  const ask = askerOf(context, {display: options.votes, signal: options.signal});
  const {corpora, judged} = await prepareStudy(context, {ask});
  const train = (title: string, runs: PlannedRun[], detach = false) =>
    trainMissing({...options, detach, context, trainer, workers, title, runs, version});
  try {
    const tokenizer = planTokenizerOf(file, corpora, version);
    if (tokenizer) needed(tokenizer, await train("tokenizer", [tokenizer]));
    const imports = await readImports(context);
    const plan = await planStudy(file, corpora, {
      tokenizer: tokenizer?.run ?? null,
      tokenizerJson: tokenizerFile(file, tokenizer, store),
      trainerVersion: version,
      content: await modelContent(file.study.model, store),
      imports
    });
    for (const {arm, seed, from} of staleImports(plan.training, imports))
      context.report.note(
        `${from}, imported as ${arm}, seed ${seed}, is for other test rows: export and import again.`
      );
    const first = [...(plan.warmUp ? [plan.warmUp] : []), ...plan.baselines];
    const training = options.choose?.(plan, version) ?? plan.training;
    if (options.detach) await train("everything", [...first, ...training], true);
    const verdicts = await train(plan.warmUp ? "warm-up and baselines" : "baselines", first);
    if (plan.warmUp) needed(plan.warmUp, verdicts);
    for (const [run, verdict] of await train("training", training)) verdicts.set(run, verdict);
    const runs = [...(tokenizer ? [tokenizer] : []), ...first, ...training];
    if (tokenizer) verdicts.set(tokenizer.run, await verifyRun(join(store.runs, tokenizer.run)));
    return {corpora, judged, plan, runs, verdicts, trainerVersion: version};
  } finally {
    await options.place.close();
  }
}

interface TrainRequest extends RunOptions {
  context: Context;
  trainer: Trainer;
  workers: number;
  title: string;
  runs: PlannedRun[];
  version: string;
}

async function trainMissing({
  context,
  trainer,
  workers,
  title,
  runs,
  version,
  display,
  signal,
  detach
}: TrainRequest): Promise<Map<string, RunVerdict>> {
  const {store, file} = context;
  await rememberRuns(
    context,
    runs.map(({run}) => run)
  );
  const verdicts = await verifyAll(runs, store.runs);
  const missing = runs.filter(({run, imported}) => !imported && verdicts.get(run)!.status !== "done");
  context.report.stage("runs", title, missing.length > 0);
  if (missing.length > 0) {
    await writeJobs(missing, store);
    const groups = groupRuns(missing, file.study.trainer.together, workers);
    const last = await follow({trainer, title, display, signal, detach}, missing, groups);
    for (const [run, verdict] of await verifyAll(missing, store.runs))
      verdicts.set(run, inItsPlacesWords(verdict, last.get(run)));
  }
  const done = runs.filter(({run}) => verdicts.get(run)!.status === "done");
  await store.remember(file.id, ...done.map((planned) => runSpec(planned, version)));
  return verdicts;
}

async function follow(
  {
    trainer,
    title,
    display,
    signal,
    detach
  }: Pick<TrainRequest, "trainer" | "title" | "display" | "signal" | "detach">,
  missing: PlannedRun[],
  groups: string[][]
): Promise<RunStates> {
  const ids = missing.map(({run}) => run);
  if (detach) {
    await trainer.submit(groups, signal);
    throw new Detached(await trainer.leave());
  }
  display.begin(
    title,
    missing.map(({run, job}) => ({
      run,
      title: runTitle(job),
      steps: "optimisation" in job ? job.optimisation.steps : 0
    }))
  );
  let last: RunStates = new Map();
  let left = "";
  try {
    if (!signal.aborted) await trainer.submit(groups, signal);
    last = await watchRuns(trainer, ids, (states) => display.update(states), signal);
    if (signal.aborted) left = await trainer.leave();
  } finally {
    display.end(last);
  }
  if (signal.aborted) throw new Interrupted(left);
  return last;
}

/** Why nothing came of a run, where the place that did it says so and no file of the run does. */
function inItsPlacesWords(verdict: RunVerdict, state: RunState | undefined): RunVerdict {
  const told = verdict.status === "missing" && state !== undefined && state.status !== "done";
  return told && state.reason !== "" ? {...verdict, reason: state.reason} : verdict;
}

async function verifyAll(runs: PlannedRun[], folder: string): Promise<Map<string, RunVerdict>> {
  return new Map(
    await Promise.all(runs.map(async ({run}) => [run, await verifyRun(join(folder, run))] as const))
  );
}

/** Without the tokenizer or the warm-up nothing can go on. */
function needed({run, job}: PlannedRun, verdicts: Map<string, RunVerdict>): void {
  const verdict = verdicts.get(run)!;
  if (verdict.status !== "done")
    throw new Error(`The ${runTitle(job)} that all runs start from failed (run ${run}): ${verdict.reason}`);
}
