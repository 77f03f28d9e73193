/** From a study to its jobs. A run id is the hash of its job (with its data's content) and of the trainer's version. */
import {armId, crossArms} from "../../src/core/arms.js";
import type {Arm} from "../../src/core/arms.js";
import {BASELINES, CONTRACT_VERSION} from "../../src/core/contract.js";
import type {BaselineJob, DataRow, Job, TokenizerJob, TrainJob, WarmUpJob} from "../../src/core/contract.js";
import {MODEL_SIZES} from "../../src/core/model-sizes.js";
import {COMPLETION_TEXT} from "../../src/core/prompt.js";
import type {Study} from "../../src/core/study.js";
import {shortHash} from "../stages/content-hash.js";
import type {StudyFile} from "../study/read-study.js";
import {contentOf} from "./data-files.js";

/** A job with the rows that it needs as files. */
export interface PlannedRun<J extends Job = Job> {
  run: string;
  job: J;
  train: DataRow[];
  test: DataRow[];
  /** Files that its predictions were imported from; absent where it is trained here. */
  imported?: string;
  /** Run that the import stands for: it counts again when the import is removed. */
  replaced?: string;
}

/** One setting, or null for all of them. */
export type Scope = TrainJob["scope"];

type Rows = {train: DataRow[]; test?: DataRow[]};

function plan<J extends Job>(job: J, {train, test = []}: Rows, trainerVersion: string): PlannedRun<J> {
  return {run: shortHash({job, trainer: trainerVersion}), job, train, test};
}

/** The same job once more, under a run id of its own: repetition `n`, from 1. */
export function repeated(
  {job, train, test}: PlannedRun<TrainJob>,
  n: number,
  trainerVersion: string
): PlannedRun<TrainJob> {
  return plan({...job, repeat: n}, {train, test}, trainerVersion);
}

function dataFile(file: string, rows: DataRow[]): {file: string; rows: number; content: string} {
  return {file, rows: rows.length, content: contentOf(rows)};
}

function labelsOf({axes}: StudyFile): Record<string, string[]> {
  return Object.fromEntries(axes.map(({id, labels}) => [id, labels]));
}

/** The tokenizer of a study whose model is trained from scratch; null where the model brings its own. */
export function planTokenizer(
  file: StudyFile,
  train: DataRow[],
  trainerVersion: string
): PlannedRun<TokenizerJob> | null {
  const {model} = file.study;
  if (!("scratch" in model)) return null;
  const job: TokenizerJob = {
    contract: CONTRACT_VERSION,
    kind: "tokenizer",
    vocabulary: model.vocabulary,
    text: COMPLETION_TEXT,
    labels: labelsOf(file),
    data: {train: dataFile("train.parquet", train)}
  };
  return plan(job, {train}, trainerVersion);
}

/** The warm-up that all arms and seeds start from; null where the study has none. `content`: of a model in a folder. */
export function planWarmUp(
  file: StudyFile,
  train: DataRow[],
  tokenizer: string | null,
  trainerVersion: string,
  content: string | null = null
): PlannedRun<WarmUpJob> | null {
  const {study} = file;
  if (study.warm_up.steps === 0) return null;
  const job: WarmUpJob = {
    contract: CONTRACT_VERSION,
    kind: "warm-up",
    seed: study.seed,
    model: modelOf(study, content),
    tokenizer_run: tokenizer,
    optimisation: {...optimisationOf(study), ...study.warm_up},
    execution: study.execution,
    data: {train: dataFile("train.parquet", train)}
  };
  return plan(job, {train}, trainerVersion);
}

/** One run a scope, arm and seed, in that order. All arms of a scope cut their prompts alike. */
export function planTraining(
  file: StudyFile,
  rowsOf: (arm: Arm, scope: Scope) => Required<Rows>,
  promptRoomOf: (scope: Scope) => number,
  {
    tokenizer,
    warmUp,
    content = null
  }: {tokenizer: string | null; warmUp: string | null; content?: string | null},
  trainerVersion: string
): PlannedRun<TrainJob>[] {
  const {study} = file;
  return scopesOf(file).flatMap((scope) => {
    const prompt_room = promptRoomOf(scope);
    return crossArms(study.arms).flatMap((arm) => {
      const rows = rowsOf(arm, scope);
      const data = {train: dataFile("train.parquet", rows.train), test: dataFile("test.parquet", rows.test)};
      return study.seeds.map((seed) =>
        plan<TrainJob>(
          {
            contract: CONTRACT_VERSION,
            kind: "train",
            arm,
            seed,
            scope,
            labels: labelsOf(file),
            text: COMPLETION_TEXT,
            template: templateOf(study),
            model: modelOf(study, content),
            adapter: study.adapter,
            tokenizer_run: tokenizer,
            base_run: warmUp,
            optimisation: optimisationOf(study),
            execution: study.execution,
            keep_model: study.training.keep_model,
            label_weight: study.training.label_weight,
            prompt_room,
            capture: study.capture,
            data
          },
          rows,
          trainerVersion
        )
      );
    });
  });
}

/** One run a shortcut baseline. */
export function planBaselines(
  file: StudyFile,
  rows: Required<Rows>,
  trainerVersion: string
): PlannedRun<BaselineJob>[] {
  const data = {train: dataFile("train.parquet", rows.train), test: dataFile("test.parquet", rows.test)};
  return BASELINES.map((baseline) =>
    plan<BaselineJob>(
      {contract: CONTRACT_VERSION, kind: "baseline", baseline, labels: labelsOf(file), data},
      rows,
      trainerVersion
    )
  );
}

/** The settings that each model is trained on. */
export function scopesOf({study, settings}: StudyFile): Scope[] {
  return study.regime === "one-model" ? [null] : settings;
}

/** How a run is called in tables: its arm, its baseline, or nothing for preparations. */
export function systemOf(job: Job): string {
  if (job.kind === "train") return armId(job.arm);
  return job.kind === "baseline" ? job.baseline : "";
}

/** The model as a job names it: one in a folder with its content, so that other weights are another job. */
function modelOf({model, training}: Study, content: string | null): TrainJob["model"] {
  if ("scratch" in model) return {scratch: MODEL_SIZES[model.scratch], context: training.max_tokens};
  return "folder" in model && content !== null ? {...model, content} : model;
}

/** The file of a template of the study's own is in the rows already. */
function templateOf({template}: Study): TrainJob["template"] {
  return template.kind === "chat" ? {kind: "chat", system: template.system} : {kind: "plain"};
}

function optimisationOf({training}: Study): TrainJob["optimisation"] {
  const {label_weight: _, keep_model: _kept, ...optimisation} = training;
  return optimisation;
}
