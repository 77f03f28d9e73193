/** What training a study will take: settings, arms, runs, rows, tokens and time. */
import {join} from "node:path";
import {contentOf} from "../jobs/data-files.js";
import {prepareCorpora} from "../corpora/prepare-corpora.js";
import {planStudy, planTokenizerOf, tokenizerFile} from "../jobs/plan-study.js";
import {isTrainable} from "../jobs/trainable.js";
import {exists} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {environmentFolder, environmentReady} from "../setup/python-environment.js";
import {venvPython} from "../setup/virtual-environment.js";
import {axesOfCorpus} from "../study/corpus-axes.js";
import {verifyRun} from "../trainers/run-state.js";
import {processCount, trainerVersion} from "../trainers/trainer-package.js";
import type {DataRow} from "../../src/core/contract.js";
import type {CountTokens} from "../../src/core/modes.js";
import {armId, crossArms} from "../../src/core/arms.js";
import {formatCount, formatDuration} from "../../src/core/format.js";
import {absentCorpora} from "./judging-estimate.js";

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

/** Counts the study's rows; where corpora are not there, or its model can't be trained here, takes the split's sizes. */
export async function estimateStudy(context: Context): Promise<Estimate> {
  const countable = isTrainable(context.file.study) && (await absentCorpora(context)).length === 0;
  return countable ? estimateFromRows(context) : estimateFromSplit(context);
}

/** Sizes as the study asks for them: every example on every axis of its corpus. */
function estimateFromSplit({file}: Context): Estimate {
  const {study, settings} = file;
  const arms = crossArms(study.arms).map(armId);
  const models = study.regime === "per-setting" ? settings.length : 1;
  const runs = arms.length * study.seeds.length * models;
  const rows = (side: "train" | "test") =>
    Object.values(study.corpora).reduce(
      (sum, corpus) => sum + (corpus.split ?? study.split)[side] * axesOfCorpus(corpus, study).length,
      0
    );
  const {steps, batch, max_tokens} = study.training;
  const tokens = steps * batch * Math.min(ASSUMED_TOKENS, max_tokens);
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
    processes: processCount(study.trainer.processes),
    seconds: null,
    basis: isTrainable(study)
      ? `not all corpora are here, so sizes are the split's and a row is taken to have ${ASSUMED_TOKENS} tokens`
      : `its model needs the GPU trainer, which this version doesn't have yet; sizes are the split's and a row is taken to have ${ASSUMED_TOKENS} tokens`
  };
}

async function estimateFromRows(context: Context): Promise<Estimate> {
  const {file, store} = context;
  const corpora = await prepareCorpora(context, {plan: true});
  const ready = await environmentReady(store.root);
  const version = ready ? await trainerVersion(venvPython(environmentFolder(store.root))) : "none";
  const tokenizer = planTokenizerOf(file, corpora, version);
  const tokenizerJson = tokenizerFile(file, tokenizer, store.runs);
  const known = await exists(tokenizerJson);
  const plan = await planStudy(file, corpora, {
    tokenizer: tokenizer?.run ?? null,
    tokenizerJson: known ? tokenizerJson : null,
    trainerVersion: version
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
  const processes = processCount(file.study.trainer.processes);
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
    seconds: missing.length === 0 ? 0 : secondsFor([...missing, ...warmUp], testTokens, pace, processes),
    basis:
      timed.length > 0
        ? `${timed.length} runs timed on this machine`
        : "a rough guess; no run was timed on this machine yet"
  };
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
      : `about ${formatDuration(seconds)} to go with ${processes === 1 ? "1 process" : `${n(processes)} processes`} (${basis})`
  ];
}
