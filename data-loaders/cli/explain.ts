/** `because explain`: the study with every default, and what it will take. */
import {join} from "node:path";
import type {StudyOptions} from "../cli.js";
import {contentOf} from "../jobs/data-files.js";
import {prepareCorpora} from "../corpora/prepare-corpora.js";
import {planStudy, planTokenizerOf, tokenizerFile} from "../jobs/plan-study.js";
import {exists} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {environmentFolder, environmentReady} from "../setup/python-environment.js";
import {venvPython} from "../setup/virtual-environment.js";
import {resolvedYaml} from "../study/write-study.js";
import {verifyRun} from "../trainers/run-state.js";
import {processCount, trainerVersion} from "../trainers/trainer-package.js";
import type {DataRow} from "../../src/core/contract.js";
import type {CountTokens} from "../../src/core/modes.js";
import {armId, crossArms} from "../../src/core/arms.js";
import {formatDuration} from "../../src/core/format.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";

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
  seconds: number;
  /** Where the seconds come from. */
  basis: string;
}

/** Tokens a second and process where no run was timed yet: `small` on one core reaches some 40,000. */
const UNTIMED_TOKENS_PER_SECOND = 25_000;
/** What a run takes besides its tokens: loading, scoring, writing. */
const SECONDS_A_RUN = 6;
/** What a study takes besides its runs: tokenizer, baselines, tables, notebook. */
const SECONDS_A_STUDY = 60;

export async function explain(options: StudyOptions): Promise<void> {
  const context = await openStudy(options);
  const estimate = await estimateStudy(context);
  if (options.json) printJson({study: context.file.study, estimate});
  else process.stdout.write(`${resolvedYaml(context.file.study)}\n${describe(estimate)}\n`);
}

export async function estimateStudy(context: Context): Promise<Estimate> {
  const {file, store} = context;
  const corpora = await prepareCorpora(context);
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

function describe(estimate: Estimate): string {
  const n = (value: number) => value.toLocaleString("en");
  const {unit} = estimate;
  return [
    `# ${n(estimate.settings)} settings × ${n(estimate.arms)} arms: ${n(estimate.runs)} runs, ${n(estimate.runs_done)} of them done`,
    `# arms: ${estimate.arm_ids.join(", ")}`,
    `# ${n(estimate.train_rows)} training rows, ${n(estimate.test_rows)} test rows, ${n(estimate.predictions)} predictions`,
    `# about ${n(estimate.tokens_a_run)} ${unit} a run, ${n(estimate.tokens)} in all`,
    `# about ${formatDuration(estimate.seconds)} to go with ${estimate.processes} ${estimate.processes === 1 ? "process" : "processes"} (${estimate.basis})`
  ].join("\n");
}
