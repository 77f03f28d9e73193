/** What of a study is exported: the very rows that its own trainer gets, and how it trains. */
import {join} from "node:path";
import {armId} from "../../src/core/arms.js";
import {BadInput} from "../../src/core/bad-input.js";
import type {DataRow, TrainJob} from "../../src/core/contract.js";
import {prepareStudy} from "../corpora/prepare-corpora.js";
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import {fetchedLicence} from "../fetch/fetched-folder.js";
import {modelContent} from "../jobs/model-content.js";
import type {PlannedRun} from "../jobs/plan-jobs.js";
import {planStudy} from "../jobs/plan-study.js";
import {studyTokenizer} from "../jobs/study-tokenizer.js";
import {exists} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import type {StudyFile} from "../study/read-study.js";
import {beginText} from "./begin-text.js";
import {cutPrompts, type ExportRow} from "./cut-prompt.js";
import {promptTokens, type PromptTokens} from "./prompt-tokens.js";
import {fromProject} from "./shell-paths.js";
import {SCRATCH_BEGIN, type StartingModel} from "./starting-model.js";
import {TRAINERS, type Target} from "./targets.js";

/** One arm (in one setting, where each has a model of its own) with the seeds to train it with. */
export interface ExportedArm {
  arm: string;
  /** Folder within the export. */
  folder: string;
  /** Of the first seed; the others differ in their seed alone. */
  job: TrainJob;
  seeds: number[];
  rows: ExportRow[];
}

export interface ExportPlan {
  target: Target;
  study: {id: string; title: string; file: string; labelWeight: number};
  arms: ExportedArm[];
  test: ExportRow[];
  /** Arms left out, since their loss cannot be expressed. */
  leftOut: string[];
  /** Text of the token that every sequence begins with; empty for none. */
  begin: string;
  /** The model that a study from scratch warms up; null where the model is on the hub or in a folder. */
  warmedUp: StartingModel | null;
  licences: {title: string; licence: string | null}[];
}

export interface ExportRequest {
  target: Target;
  /** Arm ids; empty for all. */
  arms: string[];
  seed?: number;
}

/** Gathers what is to be written. Throws BadInput where the tokenizer, or the model to start from, is not there yet. */
export async function planExport(context: Context, request: ExportRequest): Promise<ExportPlan> {
  const {file, store} = context;
  const {corpora} = await prepareStudy(context);
  const {planned: tokenizer, file: tokenizerJson, version} = await studyTokenizer(context, corpora);
  if (!(await exists(tokenizerJson))) throw noTokenizer(file);
  const plan = await planStudy(file, corpora, {
    tokenizer: tokenizer?.run ?? null,
    tokenizerJson,
    trainerVersion: version,
    content: await modelContent(file.study.model, store)
  });
  const tokens = await promptTokens(tokenizerJson);
  const chosen = chooseRuns(plan.training, request);
  return {
    target: request.target,
    study: {
      id: file.id,
      title: file.study.title,
      file: file.file,
      labelWeight: file.study.training.label_weight
    },
    ...chosen,
    arms: chosen.arms.map((arm) => ({...arm, rows: cutPrompts(arm.rows, arm.job.prompt_room, tokens)})),
    test: cutTest(plan.training, plan.test, tokens),
    begin: tokenizer ? SCRATCH_BEGIN : await beginText(tokenizerJson),
    warmedUp: TRAINERS.includes(request.target)
      ? await warmedUpModel(context, plan.training[0]!.job, tokenizerJson)
      : null,
    licences: licencesOf(context, corpora)
  };
}

/** Where each setting has a model of its own, its test rows are cut among themselves, by its own room. */
function cutTest(training: PlannedRun<TrainJob>[], test: DataRow[], tokens: PromptTokens): ExportRow[] {
  const jobs = new Map(training.map(({job, test: rows}) => [JSON.stringify(job.scope), {job, rows}]));
  const cut = [...jobs.values()].flatMap(({job, rows}) => {
    const shorter = cutPrompts(rows, job.prompt_room, tokens);
    return rows.map((row, i) => [row, shorter[i]!] as const);
  });
  const found = new Map(cut);
  return test.map((row) => found.get(row)!);
}

interface Chosen {
  arms: (Omit<ExportedArm, "rows"> & {rows: DataRow[]})[];
  leftOut: string[];
}

function chooseRuns(training: PlannedRun<TrainJob>[], {target, arms, seed}: ExportRequest): Chosen {
  const known = [...new Set(training.map(({job}) => armId(job.arm)))];
  refuseUnknown("--arm", arms, known);
  refuseUnknown("--seed", seed === undefined ? [] : [String(seed)], [
    ...new Set(training.map(({job}) => String(job.seed)))
  ]);
  const expressible = ({arm}: TrainJob) =>
    !TRAINERS.includes(target) || arm.mode === "label-only" || arm.reduction === "token-mean";
  const wanted = training.filter(
    ({job}) =>
      (arms.length === 0 || arms.includes(armId(job.arm))) && (seed === undefined || job.seed === seed)
  );
  const unable = [...new Set(wanted.filter(({job}) => !expressible(job)).map(({job}) => armId(job.arm)))];
  if (arms.length > 0 && unable.length > 0)
    throw new BadInput({
      where: `--arm ${unable[0]}`,
      expected: `an arm of the loss reduction token-mean, the only one that ${target} has`,
      found: parseReduction(unable[0]!),
      mend: "Train it with `because run`, or export it with --for jsonl for a trainer whose loss you write yourself."
    });
  const groups = new Map<string, Chosen["arms"][number]>();
  for (const {job, train} of wanted.filter((planned) => expressible(planned.job))) {
    const arm = armId(job.arm);
    const folder = job.scope ? `${arm}/${job.scope.corpus}.${job.scope.axis}` : arm;
    const group = groups.get(folder) ?? {arm, folder, job, seeds: [], rows: train};
    group.seeds.push(job.seed);
    groups.set(folder, group);
  }
  return {arms: [...groups.values()], leftOut: unable};
}

function parseReduction(arm: string): string {
  return arm.split(".")[2] ?? arm;
}

function refuseUnknown(option: string, named: string[], known: string[]): void {
  const unknown = named.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new BadInput({
    where: `${option} ${unknown}`,
    expected: `one of ${known.join(", ")}`,
    found: `“${unknown}”`,
    mend: "Name one that the study has."
  });
}

function noTokenizer({file, study: {model}}: StudyFile): BadInput {
  const study = fromProject(file);
  return new BadInput({
    where: `${file}, key model`,
    expected: "the tokenizer of the study's model, in which the lengths of its texts are counted",
    found: "none yet",
    mend:
      "scratch" in model
        ? `Run \`npx because run --study ${study}\` first: it trains the tokenizer.`
        : "hub" in model
          ? `Run \`npx because fetch --study ${study}\` first: it downloads the tokenizer.`
          : `Put the model's tokenizer.json into ${model.folder}, or mend \`model\`.`
  });
}

/** What arms of a study from scratch start from. */
async function warmedUpModel(
  {file, store}: Context,
  job: TrainJob,
  tokenizerJson: string
): Promise<StartingModel | null> {
  if (!("scratch" in job.model)) return null;
  const folder = job.base_run === null ? null : join(store.runs, job.base_run, "model");
  if (folder && (await exists(folder))) return {folder, tokenizerJson};
  throw new BadInput({
    where: `${file.file}, key model`,
    expected: "weights that another trainer can start from",
    found: folder ? "a model that has not been warmed up yet" : "a model from scratch without warm-up",
    mend: folder
      ? "Run `because run` first: it warms the model up."
      : "Set warm_up.steps, or name a model by `folder` or `hub`; --for jsonl needs none."
  });
}

function licencesOf({store}: Context, corpora: PreparedCorpus[]): ExportPlan["licences"] {
  return corpora.map(({title, config}) => ({
    title,
    licence: config.licence ?? fetchedLicence(store, config)
  }));
}
