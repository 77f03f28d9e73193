/** A small model of our own trainer, stopped in the middle of its training, as a folder that a server can load. */
import {execFile} from "node:child_process";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {promisify} from "node:util";
import {readCorpus} from "../../data-loaders/corpora/read-corpus.js";
import type {Job} from "../../src/core/contract.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import type {Store} from "../../data-loaders/stages/store.js";
import {trainerEnvironment} from "../../data-loaders/trainers/trainer-package.js";
import {startBecause} from "../street/street.js";
import type {Street} from "../street/street.js";

/** Steps after which it has learnt to answer as its prompts ask: seconds at this size. */
const ENOUGH_STEPS = 500;
const TRAIN_WITHIN = 240_000;

/** Examples that the trained model is then asked about. */
export const EXAMPLES = 12;

/** Titled by their ids, so that a template can show a prompt exactly as training does. */
const AXES = `axes:
  naturalness: {title: naturalness, question: How natural is the response?, labels: [1, 2, 3, 4, 5]}
  on-topic: {title: on-topic, question: Does the response stay on topic?, labels: [1, 2, 3, 4, 5]}`;

const JUDGE_STUDY = `because: 1
title: Judge
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 120}
  film: {reader: embedded, kind: film, dialogues: 120}
${AXES}
split: {train: 80, test: 10}
arms: {modes: [explanation], reductions: [part-mean]}
seeds: [1]
model: {scratch: tiny, vocabulary: 600}
warm_up: {steps: 200}
training: {steps: 4000, warmup_fraction: 0.02, checkpoint_every: 400, max_tokens: 192}
`;

/** What the trainer puts before a label; a byte-level BPE learnt it in these pieces. */
const TRAINED_PROMPT = `{{dialogue}}
response: {{response}}
{{axis}}:`;

/**
 * A study whose one corpus is a file of conversations without labels, of the kind that the model was trained on but
 * others, and whose one judge is that model at a server.
 */
export async function unlabelledStudy(street: Street, address: string, model: string): Promise<string> {
  const config = {reader: "embedded", kind: "assistant", dialogues: 40} as const;
  const {examples} = await readCorpus("talks", config, {folder: street.folder, seed: 2, store: street.store});
  const rows = examples.slice(0, EXAMPLES).map(({example_id, dialogue_id, turns, response}) => {
    return {id: example_id, dialogue: dialogue_id, turns, response};
  });
  await writeFile(join(street.folder, "talks.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await writeFile(join(street.folder, "trained.txt"), TRAINED_PROMPT);
  return `because: 1
title: Judged by a model of our own
corpora:
  talks: {reader: jsonl, path: talks.jsonl, columns: {id: id, dialogue: dialogue, turns: turns, response: response}}
${AXES}
split: {train: 8, test: 4}
judges:
  own: {model: ${JSON.stringify(model)}, base_url: ${JSON.stringify(address)}, key_from: LOCAL_KEY, max_tokens: 48, concurrency: 2}
prompts:
  trained: {template: trained.txt, scale: [1, 5]}
  scale-5: {built_in: scale-5}
judging: {attempts: 2}
`;
}

export interface TrainedJudge {
  folder: string;
  steps: number;
}

/** Trains, stops, and exports: the model has read thousands of examples, and its run is not done. */
export async function trainJudge(street: Street, python: string): Promise<TrainedJudge> {
  const study = await street.writeStudy(JUDGE_STUDY, "judge.yaml");
  const {child, ended} = startBecause(["run", "--study", study]);
  const early = ended.then(({code, stderr}) => {
    throw new Error(`because run ended early, with ${code}:\n${stderr}`);
  });
  const run = await Promise.race([untilTrained(street.store), early]).finally(() => child.kill("SIGINT"));
  early.catch(() => undefined); // it ends now as it should
  const {code, stderr} = await ended;
  if (code !== 130) throw new Error(`because run ended with ${code}, not as interrupted:\n${stderr}`);
  const jobs = await jobsOf(street.store);
  const folderOf = (kind: Job["kind"]): string =>
    join(street.store.runs, [...jobs].find(([, job]) => job.kind === kind)![0]);
  const folder = join(street.folder, "model");
  const {stdout} = await promisify(execFile)(
    python,
    [
      join(PROJECT, "test", "python", "export_checkpoint.py"),
      ...[join(street.store.runs, run), folderOf("warm-up"), folderOf("tokenizer"), folder]
    ],
    {env: trainerEnvironment()}
  );
  return {folder, steps: Number(stdout)};
}

async function jobsOf(store: Store): Promise<Map<string, Job>> {
  const ids = await readdir(store.jobs).catch(() => []);
  const read = async (id: string): Promise<[string, Job][]> => {
    const text = await readFile(join(store.jobs, id, "job.json"), "utf8").catch(() => null);
    return text === null ? [] : [[id, JSON.parse(text) as Job]];
  };
  return new Map((await Promise.all(ids.map(read))).flat());
}

/** Waits until the explanation arm has done its steps; returns its run. */
async function untilTrained(store: Store): Promise<string> {
  for (const began = Date.now(); Date.now() - began < TRAIN_WITHIN; await wait(200))
    for (const [id, job] of await jobsOf(store)) {
      if (job.kind !== "train" || job.arm.mode !== "explanation") continue;
      const lines = await readFile(join(store.runs, id, "progress.jsonl"), "utf8").catch(() => "");
      const steps = [...lines.matchAll(/"step": ?(\d+)/g)].map(([, step]) => Number(step));
      if (Math.max(0, ...steps) >= ENOUGH_STEPS) return id;
    }
  throw new Error(`The judge was not trained within ${TRAIN_WITHIN / 1000} s.`);
}
