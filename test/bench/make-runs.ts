/**
 * Synthetic run logs of any size with known true effects: `npm run bench -- make-runs --predictions 10M --layers 1M
 * --out FOLDER`. Rows are made by DuckDB; the study around them, the jobs and the manifests are those of
 * `test/tables/synthetic-*.ts`.
 *
 * A row's logit of label k is skill · fit(k, gold) plus errors: of the dialogue and of the row, which all runs share, so
 * that pairing matters and rows of a dialogue depend on each other, and one of the run alone. An arm's skill is its
 * true effect; each seed adds a little of its own. Entropies fall with how far the top logit stands out, the deeper the
 * more.
 */
import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {parseArgs} from "node:util";
import {compareArms, LABEL_ONLY, type Arm} from "../../src/core/arms.js";
import {ESTIMATORS} from "../../src/core/contract.js";
import {Database} from "../../data-loaders/tables/database.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {jobsOf, type PlannedRun} from "../tables/synthetic-jobs.js";
import {writeManifest} from "../tables/synthetic-logs.js";
import {normal, ordinal, part, randomOf, type SyntheticPlan} from "../tables/synthetic-plan.js";
import {progressOf} from "../tables/synthetic-predictions.js";
import {annotate, describeStudy, makeExamples} from "../tables/synthetic-study.js";
import {createRows, writeLayers, writePredictions, type Errors} from "./made-rows.js";

/** What decides every byte that is written; the first file in the folder, `parameters.json`. */
export interface MadeParameters {
  /** Asked for; at least as many are made, the same number of rows a run. */
  predictions: number;
  /** Predictions with entropies at all layers. */
  layers: number;
  /** Test examples of each corpus. */
  examples: number;
  /** Runs that recorded entropies. */
  recorded: number;
  plan: SyntheticPlan;
  errors: Errors;
}

const PARAMETERS = "parameters.json";
const EXAMPLES_PER_DIALOGUE = 3;
const ERRORS: Errors = {dialogue: 0.6, row: 0.6, run: 0.5, seed: 0.1};

const withTokenMean = (arm: Arm): Arm => ({...arm, reduction: "token-mean"});
const ARMS: SyntheticPlan["arms"] = [
  {arm: LABEL_ONLY, skill: 1},
  {arm: part("explanation"), skill: 1.5},
  {arm: part("mismatched"), skill: 1.15},
  {arm: part("shuffled"), skill: 1.3},
  {arm: part("bag-of-words"), skill: 1.2},
  {arm: part("filler"), skill: 1},
  {arm: withTokenMean(part("explanation")), skill: 1.3},
  {arm: withTokenMean(part("mismatched")), skill: 0.9},
  {arm: withTokenMean(part("shuffled")), skill: 1.1},
  {arm: withTokenMean(part("bag-of-words")), skill: 1},
  {arm: withTokenMean(part("filler")), skill: 0.8},
  {arm: {...part("explanation"), order: "explanation-first"}, skill: 1.2}
];

/** A study of twelve arms, nine seeds and three baselines, as many examples as make `predictions`. */
export function parametersOf(predictions: number, layers: number): MadeParameters {
  const base: Omit<SyntheticPlan, "dialogues"> = {
    corpora: ["assistant", "support", "reading", "product", "film", "small-talk"],
    axes: ["naturalness", "comprehensiveness", "adherence"].map(ordinal),
    arms: [...ARMS].sort((a, b) => compareArms(a.arm, b.arm)),
    baselines: ["majority", "length", "bag-of-words"],
    seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    examplesPerDialogue: EXAMPLES_PER_DIALOGUE,
    layers: 32,
    estimators: [...ESTIMATORS],
    perSetting: false
  };
  const runs = base.arms.length * base.seeds.length + base.baselines.length;
  const settings = base.corpora.length * base.axes.length;
  const dialogues = Math.ceil(predictions / runs / settings / EXAMPLES_PER_DIALOGUE);
  const examples = dialogues * EXAMPLES_PER_DIALOGUE;
  const recorded = Math.min(runs - base.baselines.length, Math.ceil(layers / (examples * settings)));
  return {predictions, layers, examples, recorded, plan: {...base, dialogues}, errors: ERRORS};
}

/** Writes all run logs under `folder`; returns what the tables stage is given. */
export async function makeRuns(folder: string, parameters: MadeParameters): Promise<TablesInput> {
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, PARAMETERS), JSON.stringify(parameters, null, 2) + "\n");
  const made = describe(folder, parameters);
  const db = await Database.create(":memory:", {threads: 2});
  try {
    await createRows(db, made.input, parameters);
    for (const [index, planned] of made.runs.entries())
      await writeRun(db, folder, planned, index, parameters);
  } finally {
    db.discard();
  }
  return made.input;
}

/** The stage's input of run logs that {@link makeRuns} wrote. */
export async function readMadeRuns(folder: string): Promise<TablesInput> {
  const parameters = JSON.parse(await readFile(join(folder, PARAMETERS), "utf8")) as MadeParameters;
  return describe(folder, parameters).input;
}

function describe(folder: string, parameters: MadeParameters): {input: TablesInput; runs: PlannedRun[]} {
  const {plan} = parameters;
  const test = makeExamples(plan, "test", plan.dialogues);
  const train = makeExamples(plan, "train", 4);
  const annotations = [...train, ...test].flatMap((example) =>
    plan.axes.map((axis) => annotate(example, axis))
  );
  const runs = recordEntropies(jobsOf(plan), parameters);
  const input = describeStudy(plan, train, test, annotations);
  input.runs = runs.map(({run, job}) => ({run, job, folder: resolve(folder, run)}));
  return {input, runs};
}

/** Entropies are recorded by the first seed of every arm, then by the second, until there are enough. */
function recordEntropies(runs: PlannedRun[], {recorded}: MadeParameters): PlannedRun[] {
  const seedOf = ({job}: PlannedRun) => (job.kind === "train" ? job.seed : Infinity);
  const first = new Set([...runs].sort((a, b) => seedOf(a) - seedOf(b)).slice(0, recorded));
  return runs.map((planned) => {
    const {job} = planned;
    if (job.kind !== "train" || first.has(planned)) return planned;
    return {...planned, job: {...job, capture: {...job.capture, estimators: []}}};
  });
}

async function writeRun(
  db: Database,
  root: string,
  {run, job, skill}: PlannedRun,
  index: number,
  {plan, errors}: MadeParameters
): Promise<void> {
  const folder = join(root, run);
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, "job.json"), JSON.stringify(job));
  const own = skill + errors.seed * normal(randomOf("skill", run));
  await writePredictions(db, join(folder, "predictions.parquet"), {index, skill: own, errors});
  if (job.kind === "train") {
    const layers = job.capture.estimators.length > 0 ? plan.layers + 1 : 0;
    await writeLayers(db, join(folder, "layers.parquet"), {index, skill: own, layers});
    await writeFile(join(folder, "progress.jsonl"), progressOf(job.optimisation.steps));
  }
  await writeManifest({run, job, folder});
}

/** `10M` → 10,000,000; also `k`. Throws a RangeError on anything else. */
export function parseCount(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text) ?? [];
  if (!digits) throw new RangeError(`“${text}” is no count; expected something like 500k or 10M`);
  return Math.round(Number(digits) * (unit === "M" ? 1e6 : unit === "k" ? 1e3 : 1));
}

/** `make-runs --predictions 10M --layers 1M --out FOLDER`. */
export async function main(args: string[]): Promise<void> {
  const {values} = parseArgs({
    args,
    options: {
      predictions: {type: "string", default: "10M"},
      layers: {type: "string", default: "1M"},
      out: {type: "string"}
    }
  });
  if (!values.out) throw new RangeError("make-runs needs --out FOLDER");
  const parameters = parametersOf(parseCount(values.predictions), parseCount(values.layers));
  const started = performance.now();
  const input = await makeRuns(values.out, parameters);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const rows = parameters.examples * parameters.plan.corpora.length * parameters.plan.axes.length;
  console.log(
    `${input.runs.length} runs of ${rows} test rows, ${input.runs.length * rows} predictions, ` +
      `${parameters.recorded * rows} of them with entropies at ${parameters.plan.layers + 1} layers: ${seconds} s`
  );
}
