/**
 * Made studies with known true effects: two arms, several seeds, dialogues of unequal length whose rows are alike. An
 * arm's skill, a training's, and how well an arm or a training gets on with a dialogue all add up to how far the
 * gold label's logit stands out.
 */
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {measureCell, type ScoredRows} from "../../src/core/statistics/cell-measures.js";
import {aurocEstimate} from "../../src/core/statistics/auroc.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import type {MeasureId} from "../../src/core/cubes.js";
import type {Estimate} from "../../src/core/statistics/uncertainty.js";

export const LABELS = 4;
export const AXES = 3;
/** Largest number of examples in a dialogue; the smallest is one. */
const EXAMPLES = 3;
/** Standard deviations, in logits of skill but for those of rows, which are of each label's logit. */
const SPREAD = {
  dialogue: 0.7,
  armInDialogue: 0.7,
  runInDialogue: 0.3,
  row: 0.8,
  runInRow: 0.7
};
/** Logits are this much too large: models are too sure of themselves. */
const OVERSURE = 1.3;

export type Normal = () => number;

/** Standard normal draws (Box & Muller 1958) that follow from a seed. */
export function normalFrom(seed: number): Normal {
  const random = xoroshiro128plus(seed);
  // The first outputs of neighbouring seeds are alike.
  for (let i = 0; i < 8; ++i) random.next();
  const unit = () => ((random.next() >>> 0) + 0.5) / 2 ** 32;
  let spare = NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const drawn = spare;
      spare = NaN;
      return drawn;
    }
    const radius = Math.sqrt(-2 * Math.log(unit()));
    const angle = 2 * Math.PI * unit();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Test rows, and what all models share of them. */
export interface Rows {
  dialogues: number;
  /** Of each row. */
  dialogue: Uint32Array;
  gold: Uint8Array;
  /** Skill that every model has more in this row's dialogue. */
  ease: Float64Array;
  /** Rows × labels. */
  shared: Float64Array;
}

/** Dialogues of one to three examples, each judged on three axes. */
export function drawRows(normal: Normal, dialogues: number): Rows {
  const dialogue: number[] = [];
  const gold: number[] = [];
  const ease: number[] = [];
  for (let g = 0; g < dialogues; ++g) {
    const size = AXES * (1 + Math.min(EXAMPLES - 1, Math.floor(Math.abs(normal()) * 2)));
    const [lean, own] = [normal(), SPREAD.dialogue * normal()];
    for (let i = 0; i < size; ++i) {
      dialogue.push(g);
      gold.push(Math.max(0, Math.min(LABELS - 1, Math.round(1.5 + 0.6 * lean + 0.8 * normal()))));
      ease.push(own);
    }
  }
  return {
    dialogues,
    dialogue: Uint32Array.from(dialogue),
    gold: Uint8Array.from(gold),
    ease: Float64Array.from(ease),
    shared: Float64Array.from({length: gold.length * LABELS}, () => SPREAD.row * normal())
  };
}

/** How much better than elsewhere an arm does in each dialogue. */
export function drawArm(normal: Normal, {dialogues}: Rows): Float64Array {
  return Float64Array.from({length: dialogues}, () => SPREAD.armInDialogue * normal());
}

/** One training's logits, rows × labels. */
export function drawLogits(normal: Normal, rows: Rows, skill: number, arm: Float64Array): Float64Array {
  const {dialogues, dialogue, gold, ease, shared} = rows;
  const run = Float64Array.from({length: dialogues}, () => SPREAD.runInDialogue * normal());
  const logits = new Float64Array(shared.length);
  for (let i = 0; i < gold.length; ++i) {
    const g = dialogue[i]!;
    const strength = skill + ease[i]! + arm[g]! + run[g]!;
    for (let k = 0; k < LABELS; ++k) {
      const fit = 1 - Math.abs(k - gold[i]!) / 1.5;
      const noise = shared[i * LABELS + k]! + SPREAD.runInRow * normal();
      logits[i * LABELS + k] = OVERSURE * (strength * fit + noise);
    }
  }
  return logits;
}

/** 1 where the largest logit is the gold label's. */
export function correctOf({gold}: Rows, logits: Float64Array): Uint8Array {
  const correct = new Uint8Array(gold.length);
  for (let i = 0; i < gold.length; ++i) correct[i] = largest(logits, i * LABELS) === gold[i] ? 1 : 0;
  return correct;
}

function largest(logits: Float64Array, at: number): number {
  let best = 0;
  for (let k = 1; k < LABELS; ++k) if (logits[at + k]! > logits[at + best]!) best = k;
  return best;
}

/** What is covered: measures of the notebook, and the entropy over labels as a detector of errors. */
export const COVERED = ["accuracy", "nll", "macro_f1", "qwk", "ece", "smooth_ece", "aurc", "auroc"] as const;
export type Covered = (typeof COVERED)[number];

/** One model's measures with influences, by the code that makes the tables. */
export function measureModel(rows: Rows, logits: Float64Array): Record<Covered, Estimate> {
  const n = rows.gold.length;
  const scores = scoresOf(rows, logits);
  const cell = measureCell(
    scores,
    Uint32Array.from({length: n}, (_, i) => i),
    {labels: LABELS, ordinal: true}
  );
  const estimate = (id: Covered): Estimate => {
    if (id === "auroc") return aurocWithinAxes(scores.label_entropy, cell.correct);
    const place = MEASURE_IDS.indexOf(id satisfies MeasureId);
    return {value: cell.values[place]!, influence: cell.influence.subarray(place * n, (place + 1) * n)};
  };
  return Object.fromEntries(COVERED.map((id) => [id, estimate(id)])) as Record<Covered, Estimate>;
}

/** AUROC of entropy as a detector of errors; only rows of the same axis are compared. NaN without right or without wrong rows. */
export function aurocWithinAxes(entropy: Float64Array, right: ArrayLike<number>): Estimate {
  const influence = new Float64Array(entropy.length);
  let [wins, pairs] = [0, 0];
  for (let axis = 0; axis < AXES; ++axis) {
    const rows = Array.from({length: entropy.length / AXES}, (_, i) => i * AXES + axis);
    const wrong = rows.map((i) => 1 - right[i]!);
    const errors = wrong.reduce((sum, one) => sum + one, 0);
    const own = aurocEstimate(
      Float64Array.from(rows, (i) => entropy[i]!),
      wrong
    );
    if (!own) continue;
    const ownPairs = errors * (rows.length - errors);
    wins += ownPairs * own.value;
    pairs += ownPairs;
    rows.forEach((i, at) => (influence[i] = ownPairs * own.influence[at]!));
  }
  return {value: wins / pairs, influence: influence.map((moved) => moved / pairs)};
}

/** Item statistics of one model's rows. */
export function scoresOf(
  {gold}: Rows,
  logits: Float64Array
): Record<Exclude<keyof ScoredRows, "gold">, Float64Array> & Pick<ScoredRows, "gold"> {
  const n = gold.length;
  const column = () => new Float64Array(n);
  const scores = {
    gold,
    predicted: column(),
    nll: column(),
    brier: column(),
    confidence: column(),
    label_entropy: column(),
    margin: column(),
    off_label_mass: column()
  };
  for (let i = 0; i < n; ++i) {
    const best = largest(logits, i * LABELS);
    const top = logits[i * LABELS + best]!;
    let total = 0;
    let weighted = 0;
    for (let k = 0; k < LABELS; ++k) {
      const below = logits[i * LABELS + k]! - top;
      total += Math.exp(below);
      weighted += Math.exp(below) * below;
    }
    scores.predicted[i] = best;
    scores.nll[i] = Math.log(total) + top - logits[i * LABELS + gold[i]!]!;
    scores.confidence[i] = 1 / total;
    scores.label_entropy[i] = Math.log(total) - weighted / total;
  }
  return scores;
}
