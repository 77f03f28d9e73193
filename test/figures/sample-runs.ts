/** Runs of the sample study and their loss curves. */
import type {AlongRow, CurveRow, RunRow, StudyFacts} from "../../src/core/cubes.js";
import {createRandom} from "../../src/core/random.js";

export function sampleRuns(study: StudyFacts, accuracyOf: (arm: string) => number): RunRow[] {
  const train = study.arms.flatMap(({id}) =>
    study.seeds.map((seed) => ({kind: "train" as const, system: id, seed}))
  );
  const baselines = study.baselines.map((id) => ({
    kind: "baseline" as const,
    system: id,
    seed: "1"
  }));
  const preparations = [
    {kind: "tokenizer" as const, system: "", seed: "1"},
    {kind: "warm-up" as const, system: "", seed: "1"}
  ];
  return [...preparations, ...baselines, ...train].map(({kind, system, seed}) => {
    const random = createRandom("run", kind, system, seed);
    const id = Array.from({length: 16}, () => random.below(16).toString(16)).join("");
    const model = kind === "train" || kind === "warm-up";
    return {
      run: id,
      kind,
      system,
      seed,
      scope: "",
      status: "done",
      reason: "finished",
      accuracy: kind === "train" ? accuracyOf(system) + 0.02 * (random.unit() - 0.5) : null,
      steps: model ? 800 : 0,
      tokens: model ? 310_000 : 0,
      wall_seconds: model ? 8 + 3 * random.unit() : 0.6,
      train_seconds: model ? 6 : 0.3,
      score_seconds: model ? 2 : 0.1,
      tokens_per_second: model ? 52_000 + 2000 * random.unit() : null,
      peak_memory_bytes: 6.1e8,
      parameters: model ? study.parameters : 0,
      resumed: 0,
      started: 1_750_000_000 + random.below(600),
      device: "cpu",
      threads: 1,
      libraries: "torch 2.13.0, transformers 5.23.0",
      trainer_version: "0.1.0",
      flops_utilisation: null,
      encoded_tokens_per_second: model ? 40_000 : null,
      peak_device_memory_bytes: null,
      trainable_parameters: model ? study.parameters : 0,
      execution: model ? "attention eager; 8 examples at a time" : ""
    };
  });
}

export function sampleCurves(runs: RunRow[]): CurveRow[] {
  return runs
    .filter(({kind}) => kind === "train")
    .flatMap(({run, system}) => {
      const random = createRandom("curve", run);
      return Array.from({length: 40}, (_, i) => {
        const label = 1.6 * Math.exp(-i / 12) + 0.5 + 0.1 * random.unit();
        const explanation =
          system === "label-only" ? null : 3 * Math.exp(-i / 15) + 1.2 + 0.1 * random.unit();
        const loss = explanation === null ? label : (label + 9 * explanation) / 10;
        return {run, step: (i + 1) * 20, loss, loss_label: label, loss_explanation: explanation};
      });
    });
}

/** Accuracy after a quarter and a half of the steps, and at the end. */
export function sampleAlong(runs: RunRow[]): AlongRow[] {
  return runs.flatMap(({run, accuracy, steps}) =>
    accuracy === null
      ? []
      : [0.25, 0.5, 1].map((part) => ({
          run,
          step: part * steps,
          measure: "accuracy" as const,
          layer: null,
          value: accuracy * (0.7 + 0.3 * part),
          rows: 360
        }))
  );
}
