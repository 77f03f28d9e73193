/** Rows of `relations.json` and `quintiles.json`: entropy against being right, over test rows and all seeds of an arm. */
import type {QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {shareIntervals} from "../../src/core/statistics/share-intervals.js";
import {
  edgeOf,
  groupsOf,
  intervalsOf,
  ratiosOf,
  type DialogueMoments,
  type Estimated
} from "./dialogue-moments.js";
import {usableMeans, type EntropyMoments} from "./entropy-moments.js";
import {aurocIn} from "./entropy-placements.js";
import {FIFTHS} from "./entropy-ranks.js";
import type {EntropySeries} from "./entropy-series.js";
import type {TestLayout} from "./test-layout.js";

/** What is below this part of a standard deviation of one is rounding: a side that is constant has no correlation. */
const FLAT = 1e-12;

/** Both cubes' rows of one series of one arm. */
export function relateToCorrectness(
  arm: string,
  {layer, estimator}: EntropySeries,
  moments: EntropyMoments,
  layout: TestLayout
): {relations: RelationRow[]; quintiles: QuintileRow[]} {
  const place = {arm, layer, estimator};
  return {
    relations: relationRows(place, moments, layout),
    quintiles: quintileRows(place, moments, layout)
  };
}

type Place = Pick<RelationRow, "arm" | "layer" | "estimator">;

function relationRows(
  {arm, layer, estimator}: Place,
  moments: EntropyMoments,
  layout: TestLayout
): RelationRow[] {
  const {seeds, pooled} = moments;
  const means = seeds.map(({sums}) => layout.settings.map((_, setting) => usableMeans(sums, setting)));
  const {ofCell} = groupsOf(layout);
  return layout.cells.map(({corpus, axis, settings}, c): RelationRow => {
    const bySeed = means.map((seed) => settings.map((setting) => seed[setting]!));
    const within = correlationWithin(pooled.within, ofCell[c]!, rowsIn(bySeed.flat()));
    // Where a training has no correlation, as all its labels are right, nothing is known of how trainings differ.
    const own = seeds.flatMap((seed, s) => {
      const n = rowsIn(bySeed[s]!);
      return n > 0 ? [correlationWithin(seed.moments.within, ofCell[c]!, n)] : [];
    });
    const known = own.length > 1 ? own.filter((one) => one !== null) : [];
    const {low, high, low_trainings, high_trainings} = within
      ? intervalsOf(within, known.length === own.length ? known : [], [-1, 1])
      : NO_UNCERTAINTY;
    const area = aurocIn(moments.auroc, c, layout);
    return {
      arm,
      layer,
      estimator,
      corpus,
      axis,
      pooled: pooledCorrelation(bySeed.flat(), pooled.within, ofCell[c]!),
      within: within?.value ?? null,
      within_low: low,
      within_high: high,
      within_low_trainings: low_trainings,
      within_high_trainings: high_trainings,
      auroc: area.value,
      auroc_low: area.low,
      auroc_high: area.high,
      auroc_low_trainings: area.low_trainings,
      auroc_high_trainings: area.high_trainings,
      n: rowsIn(bySeed.flat())
    };
  });
}

/** A setting with one seed: usable rows, and means of entropy and of being right. */
type SettingMeans = ReturnType<typeof usableMeans>;

const rowsIn = (members: SettingMeans[]) => members.reduce((sum, {n}) => sum + n, 0);

/** Σ dx·dy, Σ dx², Σ dy². */
const productsOf = (moments: DialogueMoments, groups: number[]): [number, number, number] => [
  moments.total(groups, 0),
  moments.total(groups, 1),
  moments.total(groups, 2)
];

/**
 * Correlation after both sides lost the mean of their setting and seed; null where a side is constant. The influence of a
 * row on r, with x and y scaled to variance 1, is (xy − r(x² + y²)/2)/n (Devlin, Gnanadesikan & Kettenring 1975).
 */
function correlationWithin(moments: DialogueMoments, groups: number[], n: number): Estimated | null {
  const [xy, xx, yy] = productsOf(moments, groups);
  if (isFlat(xx, n) || isFlat(yy, n)) return null;
  const value = clampedCorrelation(xy, xx, yy);
  const coefficients = [1 / Math.sqrt(xx * yy), -value / (2 * xx), -value / (2 * yy)];
  return {value, variance: moments.variance(groups, coefficients)};
}

/** Correlation of all rows: what varies within settings and seeds, and what varies between them. */
function pooledCorrelation(
  members: SettingMeans[],
  within: DialogueMoments,
  groups: number[]
): number | null {
  const known = members.filter(({n}) => n > 0);
  const n = rowsIn(known);
  const mean = (key: "entropy" | "right") => known.reduce((sum, one) => sum + one.n * one[key], 0) / n;
  const [x, y] = [mean("entropy"), mean("right")];
  let [xy, xx, yy] = productsOf(within, groups);
  for (const one of known) {
    xy += one.n * (one.entropy - x) * (one.right - y);
    xx += one.n * (one.entropy - x) ** 2;
    yy += one.n * (one.right - y) ** 2;
  }
  return isFlat(xx, n) || isFlat(yy, n) ? null : clampedCorrelation(xy, xx, yy);
}

function isFlat(squares: number, n: number): boolean {
  return n < 2 || !(Math.sqrt(squares / n) > FLAT);
}

function clampedCorrelation(xy: number, xx: number, yy: number): number {
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

const FIFTH_NUMBERS = Array.from({length: FIFTHS}, (_, f) => f);

/** One row a fifth that holds rows; fifths are taken within each setting and seed. */
function quintileRows(
  {arm, layer, estimator}: Place,
  {seeds, pooled, fifthEntropy}: EntropyMoments,
  layout: TestLayout
): QuintileRow[] {
  const {ofCell} = groupsOf(layout);
  const rows: QuintileRow[] = [];
  layout.cells.forEach(({corpus, axis, settings}, c) => {
    const placesOf = (f: number) => ofCell[c]!.map((group) => group * FIFTHS + f);
    const accuracies = FIFTH_NUMBERS.map((f) => pooled.fifths.ratio(placesOf(f))?.value);
    for (const f of FIFTH_NUMBERS) {
      const places = placesOf(f);
      const edge = edgeOf(accuracies, f);
      const accuracy = pooled.fifths.ratio(places, edge);
      if (!accuracy) continue;
      const own = ratiosOf(
        seeds.map(({moments}) => moments.fifths),
        places,
        edge
      );
      const known = shareIntervals(accuracy.value, intervalsOf(accuracy, own));
      const {low, high, low_trainings, high_trainings} = known;
      const entropy = settings.reduce((sum, setting) => sum + fifthEntropy[setting * FIFTHS + f]!, 0);
      const n = pooled.fifths.total(places, 1);
      rows.push({
        arm,
        corpus,
        axis,
        layer,
        estimator,
        quintile: f + 1,
        entropy: entropy / n,
        accuracy: accuracy.value,
        low,
        high,
        low_trainings,
        high_trainings,
        n
      });
    }
  });
  return rows;
}
