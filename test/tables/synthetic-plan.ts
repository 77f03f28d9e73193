/** What synthetic runs are made of: corpora, axes, arms with their skill, and one stream of random numbers each. */
import {createHash} from "node:crypto";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {LABEL_ONLY, type Arm} from "../../src/core/arms.js";
import type {Baseline, Estimator} from "../../src/core/contract.js";
import type {Axis} from "../../src/core/conversation.js";

export interface SyntheticPlan {
  corpora: string[];
  axes: Axis[];
  /** Arm with its skill: 0 is blind, 3 is nearly always right. */
  arms: {arm: Arm; skill: number}[];
  baselines: Baseline[];
  seeds: number[];
  /** Test dialogues of each corpus, and examples of each dialogue. */
  dialogues: number;
  examplesPerDialogue: number;
  layers: number;
  /** All at the same entropy but for a shift; `energy` is absent at layer 0. */
  estimators: Estimator[];
  perSetting: boolean;
}

export const ordinal = (id: string): Axis => ({
  id,
  title: id,
  question: `How ${id}?`,
  kind: "ordinal",
  labels: ["1", "2", "3", "4", "5"]
});
export const part = (mode: Arm["mode"]): Arm => ({mode, order: "label-first", reduction: "part-mean"});

export const SMALL: SyntheticPlan = {
  corpora: ["assistant", "support"],
  axes: [ordinal("naturalness"), ordinal("adherence")],
  arms: [
    {arm: LABEL_ONLY, skill: 1},
    {arm: part("explanation"), skill: 2.5},
    {arm: part("shuffled"), skill: 1},
    {arm: part("filler"), skill: 0.2}
  ],
  baselines: ["majority", "length"],
  seeds: [1, 2],
  dialogues: 24,
  examplesPerDialogue: 2,
  layers: 2,
  estimators: ["softmax", "energy"],
  perSetting: false
};

export type Random = () => number;

export function randomOf(...parts: (string | number)[]): Random {
  const seed = createHash("sha256").update(parts.join("\0")).digest().readInt32LE(0);
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
