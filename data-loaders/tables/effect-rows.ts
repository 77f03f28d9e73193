/** Rows of `effects.json` and `across.json`: paired differences to label-only, and their mean over settings. */
import type {AcrossRow, EffectRow} from "../../src/core/cubes.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {randomEffects} from "../../src/core/statistics/random-effects.js";
import {coverageOf, differencesOf, estimateOf, meanOf, presentIn, type Estimates} from "./estimates.js";
import {productOf} from "./influence-moments.js";
import type {Pair} from "./systems.js";
import {ALL, type Cell, type TestLayout} from "./test-layout.js";

/** What an arm is compared with, seed by seed. */
export interface Comparisons {
  arm: string;
  seeds: string[];
  /** With label-only; empty where it has no run. */
  pairs: Pair[];
  /** With the explanation arm that differs in nothing else. */
  rivals: Pair[];
}

/** What an arm's rows of both cubes are made from. */
interface Differences {
  arm: string;
  toBase: ReturnType<typeof differencesOf>;
  toExplanation: Estimates;
}

/** `effects`: all cells, over all seeds and seed by seed; arms without label-only beside them have effects of null. `across`: the mean over settings. */
export function effectRows(
  {arm, seeds, pairs, rivals}: Comparisons,
  layout: TestLayout
): {effects: EffectRow[]; across: AcrossRow[]} {
  const differences = {
    arm,
    toBase: differencesOf(pairs, layout),
    toExplanation: differencesOf(rivals, layout)
  };
  const effects = layout.cells.flatMap((cell, c) =>
    [undefined, ...seeds].flatMap((seed) => rowsOf(differences, pairs, cell, c, seed))
  );
  return {effects, across: acrossRows(differences, layout)};
}

function rowsOf(
  {arm, toBase, toExplanation}: Differences,
  pairs: Pair[],
  cell: Cell,
  c: number,
  only: string | undefined
): EffectRow[] {
  const place = {arm, seed: only ?? ALL, corpus: cell.corpus, axis: cell.axis};
  const present = pairs.filter((pair) => pair.arm.cells[c]!.n > 0 && (only ?? pair.seed) === pair.seed);
  const counted = coverageOf(
    present.map((pair) => pair.arm),
    c
  );
  const flips = {gained: flipsIn(present, "gained", cell), lost: flipsIn(present, "lost", cell)};
  return MEASURE_IDS.map((measure, m): EffectRow => {
    const {value: effect, ...uncertain} = estimateOf(toBase, c, m, only);
    const versus = only === undefined ? againstExplanation(toExplanation, c, m) : NOT_COMPARED;
    return Object.assign({}, place, {measure, effect}, uncertain, flips, versus, counted);
  });
}

type Versus = Required<
  Pick<
    EffectRow,
    | "versus_explanation"
    | "versus_explanation_low"
    | "versus_explanation_high"
    | "versus_explanation_low_trainings"
    | "versus_explanation_high_trainings"
  >
>;
const NOT_COMPARED: Versus = {
  versus_explanation: null,
  versus_explanation_low: null,
  versus_explanation_high: null,
  versus_explanation_low_trainings: null,
  versus_explanation_high_trainings: null
};

function againstExplanation(toExplanation: Estimates, c: number, measure: number): Versus {
  const found = estimateOf(toExplanation, c, measure);
  return {
    versus_explanation: found.value,
    versus_explanation_low: found.low,
    versus_explanation_high: found.high,
    versus_explanation_low_trainings: found.low_trainings,
    versus_explanation_high_trainings: found.high_trainings
  };
}

function flipsIn(pairs: Pair[], which: "gained" | "lost", {settings}: Cell): number {
  return pairs.reduce((sum, pair) => sum + settings.reduce((n, setting) => n + pair[which][setting]!, 0), 0);
}

/** Mean effect over the settings of each cell that holds two at least. */
function acrossRows({arm, toBase}: Differences, layout: TestLayout): AcrossRow[] {
  const {cells, settings} = layout;
  const numbers = settings.map(({corpus, axis}) =>
    cells.findIndex((cell) => cell.corpus === corpus && cell.axis === axis)
  );
  return MEASURE_IDS.flatMap((measure, m) => {
    const effects = numbers.map((c) => meanOf(presentIn(toBase.seeds, c).map(({value}) => value(c, m))));
    const covariance = (a: number, b: number) =>
      covarianceOf(toBase, cells[numbers[a]!]!, cells[numbers[b]!]!, [numbers[a]!, numbers[b]!], m);
    return cells.flatMap(({corpus, axis, settings: members}): AcrossRow[] => {
      const known = members.filter((setting) => Number.isFinite(effects[setting]));
      if (known.length < 2) return [];
      const {mean, low, high, between, predicted_low, predicted_high} = randomEffects(
        known.map((setting) => effects[setting]!),
        known.map((a) => known.map((b) => covariance(a, b)))
      );
      const place = {arm, corpus, axis, measure, settings: known.length};
      return [{...place, mean, low, high, between, predicted_low, predicted_high}];
    });
  });
}

/**
 * Sampling covariance of two settings' effects, means over seeds: Σ over shared dialogues of the product of their
 * influences, times G/(G−1). Settings of different corpora share none.
 */
function covarianceOf(
  {layout, seeds, products}: Differences["toBase"],
  a: Cell,
  b: Cell,
  [first, second]: [number, number],
  measure: number
): number {
  if (a.corpus !== b.corpus) return 0;
  const own = Math.max(a.dialogues, b.dialogues);
  const counts = presentIn(seeds, first).length * presentIn(seeds, second).length;
  return ((own / (own - 1)) * productOf(products, layout, a, b, measure)) / counts;
}
