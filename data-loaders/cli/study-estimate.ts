/** What training a study will take: settings, arms, runs, rows, tokens and time. */
import {join} from "node:path";
import {contentOf} from "../jobs/data-files.js";
import {prepareCorpora} from "../corpora/prepare-corpora.js";
import {modelContent} from "../jobs/model-content.js";
import {planStudy, planTokenizerOf, tokenizerFile} from "../jobs/plan-study.js";
import {exists} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {thisMachine} from "../setup/environment.js";
import {hasNvidiaGpu} from "../setup/torch.js";
import {environmentFolder, environmentReady} from "../setup/python-environment.js";
import {venvPython} from "../setup/virtual-environment.js";
import {axesOfCorpus} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import {verifyRun} from "../trainers/run-state.js";
import {findDevices, workerEnvironments} from "../trainers/devices.js";
import {trainerVersion} from "../trainers/trainer-package.js";
import type {DataRow} from "../../src/core/contract.js";
import type {CountTokens} from "../../src/core/modes.js";
import type {Study} from "../../src/core/study.js";
import {armId, crossArms} from "../../src/core/arms.js";
import {formatCount, formatDuration} from "../../src/core/format.js";
import {absentCorpora} from "./judging-estimate.js";
import {describeSize, estimateSize} from "./size-estimate.js";
import type {SizeEstimate} from "./size-estimate.js";

/** What a study will take. */
export interface Estimate {
  settings: number;
  arms: number;
  /** Ids of the arms, in figure order. */
  arm_ids: string[];
  runs: number;
  runs_done: number;
  train_rows: number;
  test_rows: number;
  /** In tokens of the study's tokenizer, or in words where that is not trained yet. */
  unit: "tokens" | "words";
  tokens_a_run: number;
  tokens: number;
  predictions: number;
  processes: number;
  /** Null where nothing is known about the pace. */
  seconds: number | null;
  /** What a model of some size takes; null for one from scratch, which is small, and where nothing is known of it. */
  size: SizeEstimate | null;
  /** Where the seconds, or the sizes, come from. */
  basis: string;
}

/** Tokens a second and process where no run was timed yet: `small` on one core reaches some 40,000. */
const UNTIMED_TOKENS_PER_SECOND = 25_000;
/** What a run takes besides its tokens: loading, scoring, writing. */
const SECONDS_A_RUN = 6;
/** What a study takes besides its runs: tokenizer, baselines, tables, notebook. */
const SECONDS_A_STUDY = 60;

/** Tokens of a training sequence where there is none to count yet. */
const ASSUMED_TOKENS = 400;

/** Tokens of a word, about, in vocabularies of tens of thousands. */
const TOKENS_OF_A_WORD = 1.4;

/** Counts the study's rows; where corpora are not there, takes the split's sizes. */
export async function estimateStudy(context: Context): Promise<Estimate> {
  const sized = (await absentCorpora(context)).length === 0;
  return sized ? estimateFromRows(context) : estimateFromSplit(context);
}

/** Runs of all arms, seeds and models. */
export function trainingRuns({study, settings}: StudyFile): number {
  const models = study.regime === "per-setting" ? settings.length : 1;
  return crossArms(study.arms).length * study.seeds.length * models;
}

/** Tokens of all steps of a run, where there are no rows to count yet. */
export function stepTokens({training: {steps, batch, max_tokens}}: Study): number {
  return steps * batch * Math.min(ASSUMED_TOKENS, max_tokens);
}

/** Sizes as the study asks for them: every example on every axis of its corpus. */
async function estimateFromSplit(context: Context): Promise<Estimate> {
  const {file} = context;
  const {study, settings} = file;
  const arms = crossArms(study.arms).map(armId);
  const runs = trainingRuns(file);
  const rows = (side: "train" | "test") =>
    Object.values(study.corpora).reduce(
      (sum, corpus) => sum + (corpus.split ?? study.split)[side] * axesOfCorpus(corpus, study).length,
      0
    );
  const tokens = stepTokens(study);
  return {
    settings: settings.length,
    arms: arms.length,
    arm_ids: arms,
    runs,
    runs_done: 0,
    train_rows: rows("train"),
    test_rows: rows("test"),
    unit: "tokens",
    tokens_a_run: tokens,
    tokens: tokens * runs,
    predictions: arms.length * study.seeds.length * rows("test"),
    processes: await processCount(context),
    seconds: null,
    size: await estimateSize(context, tokens * runs),
    basis: `not all corpora are here, so sizes are the split's and a row is taken to have ${ASSUMED_TOKENS} tokens`
  };
}

async function estimateFromRows(context: Context): Promise<Estimate> {
  const {file, store} = context;
  const corpora = await prepareCorpora(context, {plan: true});
  const version = await trainerVersion();
  const tokenizer = planTokenizerOf(file, corpora, version);
  const tokenizerJson = tokenizerFile(file, tokenizer, store);
  const known = await exists(tokenizerJson);
  const scratch = "scratch" in file.study.model;
  const plan = await planStudy(file, corpora, {
    tokenizer: tokenizer?.run ?? null,
    tokenizerJson: known ? tokenizerJson : null,
    trainerVersion: version,
    content: await modelContent(file.study.model, store, {known: true})
  });
  const verdicts = await Promise.all(plan.training.map(({run}) => verifyRun(join(store.runs, run))));
  const timed = verdicts.flatMap(({manifest}) =>
    manifest && manifest.train_seconds > 0 ? [manifest.tokens / manifest.train_seconds] : []
  );
  const pace =
    timed.length > 0 ? timed.reduce((sum, rate) => sum + rate, 0) / timed.length : UNTIMED_TOKENS_PER_SECOND;
  const tokensOf = meanRowTokens(plan.countTokens);
  const trainTokens = plan.training.map(
    ({job, train}) => tokensOf(train) * job.optimisation.batch * job.optimisation.steps
  );
  const testTokens = tokensOf(plan.test) * plan.test.length;
  const missing = trainTokens.filter((_, i) => verdicts[i]!.status !== "done");
  const warmUp = plan.warmUp
    ? [tokensOf(plan.warmUp.train) * file.study.warm_up.batch * file.study.warm_up.steps]
    : [];
  const processes = await processCount(context);
  const arms = crossArms(file.study.arms).map(armId);
  const tokens = trainTokens.reduce((sum, count) => sum + count, 0);
  return {
    settings: file.settings.length,
    arms: arms.length,
    arm_ids: arms,
    runs: plan.training.length,
    runs_done: verdicts.filter((verdict) => verdict.status === "done").length,
    train_rows: plan.training[0]?.train.length ?? 0,
    test_rows: plan.test.length,
    unit: known ? "tokens" : "words",
    tokens_a_run: Math.round(tokens / Math.max(1, plan.training.length)),
    tokens: Math.round(tokens),
    predictions: plan.training.reduce((sum, {test}) => sum + test.length, 0),
    processes,
    seconds:
      missing.length === 0
        ? 0
        : timed.length > 0 || scratch
          ? secondsFor([...missing, ...warmUp], testTokens, pace, processes)
          : null,
    size: await estimateSize(context, tokens * (known ? 1 : TOKENS_OF_A_WORD)),
    basis:
      timed.length > 0
        ? `${timed.length} runs timed on this machine`
        : scratch
          ? "a rough guess; no run was timed on this machine yet"
          : "no run of this study was timed on this machine yet"
  };
}

/** Runs at a time. GPUs are only asked after where there is one to ask. */
async function processCount({file: {study}, store}: Context): Promise<number> {
  const gpus = (await hasNvidiaGpu(thisMachine)) && (await environmentReady(store.root));
  const found = gpus ? await findDevices(venvPython(environmentFolder(store.root))) : {cuda: []};
  return workerEnvironments(found, study).length;
}

/** Seconds for runs of so many training tokens each, several at a time. */
function secondsFor(runs: number[], testTokens: number, pace: number, processes: number): number {
  const each = runs.map((tokens) => (tokens + testTokens) / pace + SECONDS_A_RUN);
  return each.reduce((sum, seconds) => sum + seconds, 0) / processes + SECONDS_A_STUDY;
}

/** Mean tokens of a row: prompt, label and explanation. Computed once for each set of rows. */
function meanRowTokens(countTokens: CountTokens): (rows: DataRow[]) => number {
  const known = new Map<string, number>();
  return (rows) => {
    const content = contentOf(rows);
    const mean =
      known.get(content) ??
      rows.reduce(
        (sum, {prompt, explanation}) => sum + countTokens(prompt) + countTokens(explanation) + 1,
        0
      ) / Math.max(1, rows.length);
    known.set(content, mean);
    return mean;
  };
}

/** Lines for a person. */
export function describeEstimate(estimate: Estimate): string[] {
  const {unit, seconds, processes, basis} = estimate;
  const n = formatCount;
  return [
    `${n(estimate.settings)} settings × ${n(estimate.arms)} arms: ${n(estimate.runs)} runs, ${n(estimate.runs_done)} of them done`,
    `arms: ${estimate.arm_ids.join(", ")}`,
    `${n(estimate.train_rows)} training rows, ${n(estimate.test_rows)} test rows, ${n(estimate.predictions)} predictions`,
    `about ${n(estimate.tokens_a_run)} ${unit} a run, ${n(estimate.tokens)} in all`,
    seconds === null
      ? `no guess at the time: ${basis}`
      : `about ${formatDuration(seconds)} to go with ${processes === 1 ? "1 process" : `${n(processes)} processes`} (${basis})`,
    ...(estimate.size ? describeSize(estimate.size) : [])
  ];
}
