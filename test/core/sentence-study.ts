/** A study of two settings and three arms, and sentences on it. */
import {armId, LABEL_ONLY, type Arm, type Mode} from "../../src/core/arms.js";
import type {LevelRow, StudyFacts} from "../../src/core/cubes.js";
import {decodeCubes, type AllCubes} from "../../src/core/cubes-reader.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import type {Selection} from "../../src/core/selection.js";
import {SENTENCES} from "../../src/core/sentences.js";

const arm = (mode: Mode): Arm => ({mode, order: "label-first", reduction: "token-mean"});
export const idOf = (mode: Mode) => armId(arm(mode));
const MODES: Mode[] = ["explanation", "shuffled", "filler"];
const CORPORA = {support: "Support desk", film: "Film dialogue"};

export const study = {
  seeds: ["1", "2", "3"],
  arms: [LABEL_ONLY, ...MODES.map(arm)].map((one) => ({...one, id: armId(one)})),
  axes: [{id: "adherence", title: "Adherence", question: "?", kind: "ordinal", labels: ["1", "2", "3"]}],
  corpora: Object.entries(CORPORA).map(([id, title]) => ({id, title}) as StudyFacts["corpora"][number]),
  settings: Object.keys(CORPORA).map((corpus) => ({
    corpus,
    axis: "adherence",
    train: 10,
    test: 900,
    test_dialogues: 150,
    majority_share: 0.4
  })),
  baselines: ["majority", "bag-of-words"],
  layers: 2
} as unknown as StudyFacts;

const SELECTION: Selection = {
  modes: MODES,
  order: "label-first",
  reduction: "token-mean",
  tokens: "",
  corpus: "all",
  axis: "all",
  seed: "all",
  measure: "accuracy",
  interval: "dialogues",
  view: "level",
  estimator: "energy",
  layer: 2
};

/** A sentence on some cubes, at the default selection but for `change`. */
export function say(
  name: keyof typeof SENTENCES,
  part: Partial<AllCubes>,
  change: Partial<Selection> = {}
): string {
  return SENTENCES[name]({...decodeCubes({study}), ...part}, {...SELECTION, ...change});
}

/** A page's answer and, after it, what it rests on. */
export function sayAll(
  name: "accuracy" | "calibration" | "entropy" | "entropy-and-accuracy",
  part: Partial<AllCubes>,
  change: Partial<Selection> = {}
): string {
  return `${say(name, part, change)} ${say(`${name}-evidence`, part, change)}`;
}

/** A value with its interval, as rows of cubes have them. */
export type Estimate = [value: number, low: number | null, high: number | null];

/** One row of levels, pooled unless said otherwise. */
export function levelRow(
  system: string,
  [value, low, high]: Estimate,
  change: Partial<LevelRow> = {}
): LevelRow {
  const kind = system === "majority" || system === "bag-of-words" ? ("baseline" as const) : ("arm" as const);
  const place = {seed: "all", corpus: "all", axis: "all", measure: "accuracy" as const};
  const counts = {n: 1800, dialogues: 300};
  return {...NO_UNCERTAINTY, system, kind, ...place, value, low, high, ...counts, ...change};
}
