/** What a run with a given skill would predict, what its layers would hold, and how it would log its progress. */
import type {Axis} from "../../src/core/conversation.js";
import type {SplitExample} from "../../data-loaders/tables/tables-input.js";
import {normal, randomOf, type SyntheticPlan} from "./synthetic-plan.js";
import {goldOf} from "./synthetic-study.js";

const TEXT = {example_id: "VARCHAR", dialogue_id: "VARCHAR", corpus: "VARCHAR", axis: "VARCHAR"};
export const PREDICTION_TYPES = {
  ...TEXT,
  gold: "VARCHAR",
  predicted: "VARCHAR",
  label_logits: "DOUBLE[]",
  log_sum_exp: "DOUBLE",
  off_label_mass: "DOUBLE",
  truncated: "BOOLEAN",
  prompt_tokens: "INTEGER",
  generated: "VARCHAR",
  generated_tokens: "INTEGER"
};
const {dialogue_id: _dialogue, ...LAYER_IDS} = TEXT;

export function layerTypes({estimators}: SyntheticPlan): Record<string, string> {
  return {...LAYER_IDS, layer: "INTEGER", ...Object.fromEntries(estimators.map((name) => [name, "DOUBLE"]))};
}

export interface SyntheticPrediction {
  example_id: string;
  dialogue_id: string;
  corpus: string;
  axis: string;
  gold: string;
  predicted: string;
  label_logits: number[];
  log_sum_exp: number;
  off_label_mass: number;
  truncated: boolean;
  prompt_tokens: number;
  generated: null;
  generated_tokens: null;
}

export function predict(
  example: SplitExample,
  axis: Axis,
  skill: number,
  identity: string
): SyntheticPrediction {
  const random = randomOf(identity, example.corpus, example.example_id, axis.id);
  const gold = goldOf(example, axis);
  const label_logits = axis.labels.map(
    (_, k) => normal(random) + skill * (k === gold ? 1 : -Math.abs(k - gold) / 4)
  );
  const top = Math.max(...label_logits);
  const log_sum_exp = top + 1;
  return {
    example_id: example.example_id,
    dialogue_id: example.dialogue_id,
    corpus: example.corpus,
    axis: axis.id,
    gold: axis.labels[gold]!,
    predicted: axis.labels[label_logits.indexOf(top)]!,
    label_logits,
    log_sum_exp,
    off_label_mass: 1 - label_logits.reduce((sum, logit) => sum + Math.exp(logit - log_sum_exp), 0) / 5,
    truncated: false,
    prompt_tokens: 20,
    generated: null,
    generated_tokens: null
  };
}

/** Layer entropies that fall with the certainty of the prediction, the deeper the more. */
export function layersOf(
  {example_id, corpus, axis, label_logits}: SyntheticPrediction,
  {layers, estimators}: SyntheticPlan
): object[] {
  const spread = Math.max(...label_logits) - Math.min(...label_logits);
  return Array.from({length: layers + 1}, (_, layer) => ({
    example_id,
    corpus,
    axis,
    layer,
    ...Object.fromEntries(
      estimators.map((name, i) => [
        name,
        name === "energy" && layer === 0 ? null : 4 - 0.1 * layer * spread - i
      ])
    )
  }));
}

export function progressOf(steps: number): string {
  const line = (step: number) =>
    JSON.stringify({
      event: "step",
      time: step,
      step,
      loss: 3 / step,
      loss_label: 2 / step,
      loss_explanation: null
    });
  // Killed at step 120, gone on from 100: twenty steps stand there twice, and one line is cut off.
  const first = Array.from({length: 120}, (_, i) => line(i + 1));
  const again = Array.from({length: steps - 100}, (_, i) => line(i + 101));
  return [...first, '{"event":"st', '{"event":"resume","time":1}', ...again].join("\n") + "\n";
}
