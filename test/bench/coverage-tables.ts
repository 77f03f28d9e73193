/**
 * What the tables hold of one arm besides measures: entropy against being right, accuracy by confidence, recall by label.
 * Made studies of `coverage-model.ts`, put through the very code that makes these cubes; and what is true of them.
 */
import {countCells} from "../../data-loaders/tables/cell-counts.js";
import {reliabilityRows} from "../../data-loaders/tables/calibration-rows.js";
import {momentsOf} from "../../data-loaders/tables/entropy-moments.js";
import {placeOutcomes, placeValues} from "../../data-loaders/tables/entropy-series.js";
import {labelEffectRows} from "../../data-loaders/tables/label-effect-rows.js";
import type {RowScores} from "../../data-loaders/tables/read-predictions.js";
import {relateToCorrectness} from "../../data-loaders/tables/relation-rows.js";
import {sortRows} from "../../data-loaders/tables/sorted-rows.js";
import type {Summary} from "../../data-loaders/tables/summary.js";
import type {Member, Pair} from "../../data-loaders/tables/systems.js";
import {ALL, layOut, type TestLayout} from "../../data-loaders/tables/test-layout.js";
import type {Interval} from "../../src/core/statistics/cluster-bootstrap.js";
import {
  aurocWithinAxes,
  AXES,
  drawArm,
  drawLogits,
  drawRows,
  LABELS,
  normalFrom,
  scoresOf,
  type Rows
} from "./coverage-model.js";
import {ARM_SKILL, BASE_SKILL, SEEDS, TRAINING_SPREAD} from "./coverage-study.js";
import {alongSkill} from "./coverage-truth.js";

/** Level of AUROC; correlation within settings; accuracy by fifth of entropy and by bin of confidence; effects on recall. */
export const TABLED = [
  "AUROC level",
  "correlation",
  "fifth 1",
  "fifth 5",
  "width bin 9",
  "width bin 12",
  "width bin 15",
  "mass bin 1",
  "mass bin 15",
  "recall of 1",
  "recall of 3"
] as const;
export type Tabled = (typeof TABLED)[number];

/** Intervals of the tables; and of the same rows, each taken for a dialogue of its own. */
export type TabledIntervals = Record<Tabled, {dialogues: Interval; trainings: Interval; naive: Interval}>;

const CORPUS = "made";
const AXIS_NAMES = Array.from({length: AXES}, (_, a) => `axis ${a}`);
const LABEL_NAMES = Array.from({length: LABELS}, (_, k) => String(k));

function layoutOf(rows: Rows, dialogueOf: (row: number) => number): TestLayout {
  return layOut(
    Array.from(rows.gold, (gold, row) => ({
      row,
      ...{corpus: CORPUS, axis: AXIS_NAMES[row % AXES]!},
      ...{example_id: String(row), dialogue_id: String(dialogueOf(row))},
      ...{gold: LABEL_NAMES[gold]!, labels: LABEL_NAMES, ordinal: true}
    })),
    AXIS_NAMES.map((axis) => ({corpus: CORPUS, axis}))
  );
}

/** A model as the cubes that are covered here need it. */
function memberOf(rows: Rows, logits: Float64Array, seed: number, layout: TestLayout): Member {
  const scores = {...scoresOf(rows, logits), scored: new Uint8Array(rows.gold.length).fill(1)};
  const own = {...scores, predicted: Uint8Array.from(scores.predicted)} as unknown as RowScores;
  const sorted = sortRows(own, layout);
  const {outcome, widthBin, massBin} = sorted;
  const cells = countCells(own, sorted, layout).map(({kept}) => kept);
  const summary = {outcome, widthBin, massBin, cells, label_entropy: own.label_entropy};
  return {seed: String(seed), summary: summary as unknown as Summary} as Member;
}

/** Every row that is found in the cubes of this arm. */
function tablesOf(arm: Member[], base: Member[], layout: TestLayout): Record<Tabled, Row> {
  const seeds = arm.map(({seed, summary}) => ({
    ...{seed, base: null, outcome: placeOutcomes(summary.outcome, layout)},
    values: placeValues(summary.label_entropy, layout)
  }));
  const series = {layer: -1, estimator: "label_entropy" as const, seeds};
  const {relations, quintiles} = relateToCorrectness("arm", series, momentsOf(series, layout), layout);
  const relation = relations.at(-1)!;
  const fifth = (one: number) => quintiles.find((row) => row.axis === ALL && row.quintile === one);
  const bins = reliabilityRows({system: "arm", kind: "arm", members: arm}, layout);
  const bin = (kind: string, one: number) =>
    bins.find((row) => row.bins === kind && row.bin === one && row.axis === ALL && row.seed === ALL);
  const pairs = arm.map(({seed, summary}, s) => ({seed, arm: summary, base: base[s]!.summary}) as Pair);
  const labels = labelEffectRows("arm", pairs, layout).filter(({axis}) => axis === AXIS_NAMES[0]);
  const prefixed = (key: "auroc" | "within"): Row => ({
    low: relation[`${key}_low`]!,
    high: relation[`${key}_high`]!,
    low_trainings: relation[`${key}_low_trainings`]!,
    high_trainings: relation[`${key}_high_trainings`]!
  });
  return {
    "AUROC level": prefixed("auroc"),
    correlation: prefixed("within"),
    "fifth 1": fifth(1) ?? NONE,
    "fifth 5": fifth(5) ?? NONE,
    "width bin 9": bin("width", 9) ?? NONE,
    "width bin 12": bin("width", 12) ?? NONE,
    "width bin 15": bin("width", 15) ?? NONE,
    "mass bin 1": bin("mass", 1) ?? NONE,
    "mass bin 15": bin("mass", 15) ?? NONE,
    "recall of 1": labels.find(({label}) => label === "1") ?? NONE,
    "recall of 3": labels.find(({label}) => label === "3") ?? NONE
  };
}

interface Row {
  low: number | null;
  high: number | null;
  low_trainings?: number | null;
  high_trainings?: number | null;
}
const NONE: Row = {low: null, high: null};

export interface TabledStudy {
  intervals: TabledIntervals;
  /** Skills of the arm's trainings, and of those that it is compared with. */
  skills: number[];
  baseSkills: number[];
}

/** Draws a study and makes its tables. The same number gives the same study. */
export function tableStudy(study: number, dialogues: number): TabledStudy {
  const normal = normalFrom(2 ** 21 + study);
  const rows = drawRows(normal, dialogues);
  const train = (skill: number) => {
    const own = drawArm(normal, rows);
    return Array.from({length: SEEDS}, () => {
      const trained = skill + TRAINING_SPREAD * normal();
      return {skill: trained, logits: drawLogits(normal, rows, trained, own)};
    });
  };
  const [base, arm] = [train(BASE_SKILL), train(ARM_SKILL)];
  const rowsIn = (layout: TestLayout) => {
    const members = (models: typeof arm) => models.map(({logits}, s) => memberOf(rows, logits, s, layout));
    return tablesOf(members(arm), members(base), layout);
  };
  const clustered = rowsIn(layoutOf(rows, (row) => rows.dialogue[row]!));
  const apart = rowsIn(layoutOf(rows, (row) => row));
  const intervals = Object.fromEntries(
    TABLED.map((id) => {
      const {low, high, low_trainings, high_trainings} = clustered[id];
      const trainings = {low: low_trainings ?? null, high: high_trainings ?? null};
      const naive = {low: apart[id].low, high: apart[id].high};
      return [id, {dialogues: {low, high}, trainings, naive}];
    })
  ) as TabledIntervals;
  return {
    intervals,
    skills: arm.map(({skill}) => skill),
    baseSkills: base.map(({skill}) => skill)
  };
}

/** What is true of models of these skills; of trainings in general where they are many. */
export type TabledTruth = (
  skills: readonly number[],
  baseSkills: readonly number[]
) => Record<Tabled, number>;

/** From a population of dialogues: sums of single models, of which the truth of several together is made. */
export function measureTables(dialogues?: number): TabledTruth {
  const along = alongSkill(partsOf, dialogues);
  return (skills, baseSkills) => {
    const models = skills.map(along);
    const others = baseSkills.map(along);
    const mean = (own: number[][], part: number) =>
      own.reduce((sum, parts) => sum + parts[part]!, 0) / own.length;
    const ratio = (part: number) => mean(models, part) / mean(models, part + 1);
    const gain = (part: number) => mean(models, part) - mean(others, part);
    return {
      "AUROC level": mean(models, 0),
      correlation: mean(models, 1) / Math.sqrt(mean(models, 2) * mean(models, 3)),
      "fifth 1": mean(models, 4),
      "fifth 5": mean(models, 5),
      "width bin 9": ratio(6),
      "width bin 12": ratio(8),
      "width bin 15": ratio(10),
      "mass bin 1": mean(models, 12),
      "mass bin 15": mean(models, 13),
      "recall of 1": gain(14),
      "recall of 3": gain(15)
    };
  };
}

/** AUROC; covariance and variances; accuracies of fifths; right rows and rows of bins; accuracies of bins of equal mass; recalls. */
function partsOf(rows: Rows, logits: Float64Array): number[] {
  const {label_entropy: entropy, confidence, predicted} = scoresOf(rows, logits);
  const n = rows.gold.length;
  const right = Float64Array.from(predicted, (label, i) => (label === rows.gold[i] ? 1 : 0));
  const byEntropy = Uint32Array.from(right.keys()).sort((a, b) => entropy[a]! - entropy[b]!);
  const byConfidence = Uint32Array.from(right.keys()).sort((a, b) => confidence[a]! - confidence[b]!);
  const meanOf = (values: ArrayLike<number>, order: ArrayLike<number> = right.map((_, i) => i)) =>
    Array.from(order).reduce((sum, i) => sum + values[i]!, 0) / order.length;
  const [x, y] = [meanOf(entropy), meanOf(right)];
  const products = [0, 0, 0];
  for (const i of byEntropy) {
    products[0]! += ((entropy[i]! - x) * (right[i]! - y)) / n;
    products[1]! += (entropy[i]! - x) ** 2 / n;
    products[2]! += (right[i]! - y) ** 2 / n;
  }
  const inBin = (bin: number) =>
    Array.from(right.keys()).filter((i) => Math.ceil(confidence[i]! * 15) === bin);
  const counts = [9, 12, 15].flatMap((bin) => {
    const own = inBin(bin);
    return [own.reduce((sum, i) => sum + right[i]!, 0) / n, own.length / n];
  });
  const recall = (label: number) =>
    meanOf(
      right,
      Array.from(right.keys()).filter((i) => rows.gold[i] === label)
    );
  const share = (order: Uint32Array, from: number, to: number) =>
    meanOf(right, order.subarray(Math.round(from * n), Math.round(to * n)));
  return [
    aurocWithinAxes(entropy, right).value,
    ...products,
    ...[share(byEntropy, 0, 0.2), share(byEntropy, 0.8, 1)],
    ...counts,
    ...[share(byConfidence, 0, 1 / 15), share(byConfidence, 14 / 15, 1)],
    ...[recall(1), recall(3)]
  ];
}

/** Skills as trainings have them, at equal steps of probability. */
export function manyTrainings(skill: number): number[] {
  const normal = normalFrom(5);
  const drawn = Array.from({length: 2000}, normal).flatMap((z) => [z, -z]);
  return drawn.map((z) => skill + TRAINING_SPREAD * Math.max(-2.5, Math.min(2.5, z)));
}
