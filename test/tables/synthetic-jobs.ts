/** The jobs of a plan. */
import {CONTRACT_VERSION, type Job, type TrainJob} from "../../src/core/contract.js";
import {sha256} from "./synthetic-logs.js";
import type {SyntheticPlan} from "./synthetic-plan.js";

interface Planned {
  job: Job;
  skill: number;
}

export interface PlannedRun extends Planned {
  run: string;
}

const OPTIMISATION = {
  steps: 200,
  batch: 8,
  learning_rate: 1e-3,
  betas: [0.9, 0.98] as [number, number],
  weight_decay: 0,
  warmup_fraction: 0,
  clip: 1,
  max_tokens: 256,
  checkpoint_every: 100
};

/** As `execution` is where a study says nothing. */
const EXECUTION: TrainJob["execution"] = {
  precision: "fp32",
  attention: "auto",
  share_dialogues: true,
  row_tokens: null,
  micro_batch: null,
  gradient_checkpointing: false,
  compile: false,
  processes: 1,
  parallel: "ddp"
};

export function jobsOf(plan: SyntheticPlan): PlannedRun[] {
  const labels = Object.fromEntries(plan.axes.map(({id, labels}) => [id, labels]));
  const data = {file: "x.parquet", rows: 1, content: "0".repeat(64)};
  const scopes = plan.perSetting
    ? plan.corpora.flatMap((corpus) => plan.axes.map(({id}) => ({corpus, axis: id})))
    : [null];
  const text = {label_prefix: " ", because: " because ", therefore: " so"};
  const train = plan.arms.flatMap(({arm, skill}) =>
    plan.seeds.flatMap((seed) =>
      scopes.map((scope): Planned => ({
        skill,
        job: {
          contract: CONTRACT_VERSION,
          kind: "train",
          arm,
          seed,
          scope,
          labels,
          text,
          template: {kind: "plain"},
          model: {folder: "model"},
          adapter: {kind: "none"},
          tokenizer_run: null,
          base_run: null,
          optimisation: OPTIMISATION,
          execution: EXECUTION,
          keep_model: false,
          label_weight: 1,
          prompt_room: 64,
          capture: {
            estimators: plan.estimators,
            top_units: 1,
            bins: 32,
            generate_tokens: 8,
            samples: 0,
            temperature: 1,
            along: []
          },
          data: {train: data, test: data}
        }
      }))
    )
  );
  const baselines = plan.baselines.map((baseline): Planned => ({
    skill: baseline === "majority" ? 0 : 0.4,
    job: {
      contract: CONTRACT_VERSION,
      kind: "baseline",
      baseline,
      labels,
      data: {train: data, test: data}
    }
  }));
  return [...baselines, ...train].map((planned) => ({
    ...planned,
    run: sha256(JSON.stringify(planned)).slice(0, 16)
  }));
}
