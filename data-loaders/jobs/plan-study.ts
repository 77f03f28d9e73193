/** The whole plan of a study, as far as what is already made allows. */
import {join} from "node:path";
import {crossArms} from "../../src/core/arms.js";
import type {DataRow, Job, TrainJob} from "../../src/core/contract.js";
import type {CountTokens} from "../../src/core/modes.js";
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import {hashValue} from "../stages/content-hash.js";
import {modelFile} from "../fetch/model-files.js";
import type {StageSpec, Store} from "../stages/store.js";
import {standIn} from "../imports/stand-in.js";
import type {ImportRecord} from "../imports/import-index.js";
import type {StudyFile} from "../study/read-study.js";
import {createArmTexts} from "./arm-texts.js";
import type {ArmTexts} from "./arm-texts.js";
import {tokenCounter, WORD_COUNTER} from "./count-tokens.js";
import type {TokenCounter} from "./count-tokens.js";
import {planBaselines, planTokenizer, planTraining, planWarmUp, systemOf} from "./plan-jobs.js";
import type {PlannedRun, Scope} from "./plan-jobs.js";
import {longestCompletion, promptRoom} from "./prompt-room.js";
import {annotatedRows, promptRows, testRows} from "./rows.js";

export interface StudyPlan {
  baselines: PlannedRun[];
  warmUp: PlannedRun | null;
  training: PlannedRun<TrainJob>[];
  /** Training rows of each mode and token budget, in the arms' order. */
  texts: ArmTexts[];
  test: DataRow[];
  countTokens: CountTokens;
}

/** The tokenizer has to be there before lengths can be matched, so it is planned on its own. */
export function planTokenizerOf(
  file: StudyFile,
  corpora: PreparedCorpus[],
  trainerVersion: string
): PlannedRun | null {
  return planTokenizer(file, annotatedRows(file, corpora), trainerVersion);
}

/** `tokenizer.json` of the study's model. */
export function tokenizerFile({study}: StudyFile, tokenizer: PlannedRun | null, store: Store): string {
  return tokenizer
    ? join(store.runs, tokenizer.run, "tokenizer.json")
    : modelFile(study.model, "tokenizer.json", store)!;
}

/**
 * Plans everything else. `tokenizerJson` is null where only sizes are asked for (`because explain`): words then
 * stand for tokens, and run ids are not final.
 */
export async function planStudy(
  file: StudyFile,
  corpora: PreparedCorpus[],
  {
    tokenizer,
    tokenizerJson,
    trainerVersion,
    content = null,
    imports = []
  }: {
    tokenizer: string | null;
    tokenizerJson: string | null;
    trainerVersion: string;
    /** Of a model in a folder (`modelContent`). */
    content?: string | null;
    /** Predictions of other trainers: each stands for the run of its arm, seed and setting. */
    imports?: ImportRecord[];
  }
): Promise<StudyPlan> {
  const counter = tokenizerJson ? await tokenCounter(tokenizerJson) : WORD_COUNTER;
  const textsOf = createArmTexts(file, corpora, counter.countTokens);
  const texts = [...new Set(crossArms(file.study.arms).map(textsOf))];
  const test = testRows(file, corpora);
  const prompts = promptRows(file, corpora);
  const warmUp = planWarmUp(file, prompts, tokenizer, trainerVersion, content);
  const scoped = createScoping();
  const training = planTraining(
    file,
    (arm, scope) => ({train: scoped(textsOf(arm).rows, scope), test: scoped(test, scope)}),
    (scope) => promptRoomOf(file, (rows) => scoped(rows, scope), {textsOf, prompts, test, counter}),
    {tokenizer, warmUp: warmUp?.run ?? null, content},
    trainerVersion
  );
  return {
    baselines: planBaselines(file, {train: prompts, test}, trainerVersion),
    warmUp,
    training: training.map((planned) => standIn(planned, imports)),
    texts,
    test,
    countTokens: counter.countTokens
  };
}

/** Tokens that every arm keeps of a prompt, from all texts that its scope's arms are trained on. */
function promptRoomOf(
  {study, axes}: StudyFile,
  inScope: (rows: DataRow[]) => DataRow[],
  {
    textsOf,
    prompts,
    test,
    counter: {countTokens, countPrompt}
  }: {
    textsOf: ReturnType<typeof createArmTexts>;
    prompts: DataRow[];
    test: DataRow[];
    counter: TokenCounter;
  }
): number {
  const texts = crossArms(study.arms).map((arm) => ({arm, train: inScope(textsOf(arm).rows)}));
  const labels = axes.flatMap((axis) => axis.labels);
  return promptRoom({
    maxTokens: study.training.max_tokens,
    completion: longestCompletion(texts, labels, study.capture.generate_tokens, countTokens),
    prompts: [prompts, test].flatMap((rows) => inScope(rows).map(({prompt}) => prompt)),
    countPrompt,
    framed: study.template.kind === "chat"
  });
}

/** Rows of one setting, each subset made once so that its hash is computed once. */
function createScoping(): (rows: DataRow[], scope: Scope) => DataRow[] {
  const known = new Map<DataRow[], Map<string, DataRow[]>>();
  return (rows, scope) => {
    if (!scope) return rows;
    const subsets = known.get(rows) ?? new Map<string, DataRow[]>();
    known.set(rows, subsets);
    const key = `${scope.corpus}/${scope.axis}`;
    const subset =
      subsets.get(key) ?? rows.filter(({corpus, axis}) => corpus === scope.corpus && axis === scope.axis);
    subsets.set(key, subset);
    return subset;
  };
}

/** What a run is made from, part by part, so that `because status` can say which part changed. */
export function runSpec({job}: PlannedRun, trainerVersion: string): StageSpec {
  const {contract: _, kind, data, ...parts} = job;
  const {train, test} = data as {train: {content: string}; test?: {content: string}};
  return {
    stage: "runs",
    key: runTitle(job),
    inputs: {
      "training text": train.content,
      ...(test ? {"test rows": test.content} : {}),
      ...Object.fromEntries(
        Object.entries(parts).map(([name, value]) => [name.replaceAll("_", " "), hashValue(value)])
      ),
      kind,
      trainer: trainerVersion
    }
  };
}

/** `shuffled.label-first.part-mean, seed 2`. */
export function runTitle(job: Job): string {
  if (job.kind !== "train") return job.kind === "baseline" ? `baseline ${job.baseline}` : job.kind;
  const scope = job.scope ? `, ${job.scope.corpus} × ${job.scope.axis}` : "";
  const again = job.repeat === undefined ? "" : `, repetition ${job.repeat}`;
  return `${systemOf(job)}, seed ${job.seed}${scope}${again}`;
}
