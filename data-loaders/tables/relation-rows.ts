/** Rows of `relations.json` and `quintiles.json`: entropy against being right, over test rows and all seeds of an arm. */
import type {QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {groupsOf, type DialogueMoments} from "./dialogue-moments.js";
import {usableMeans, type EntropyMoments} from "./entropy-moments.js";
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
  {seeds, within: moments}: EntropyMoments,
  layout: TestLayout
): RelationRow[] {
  const means = seeds.map(({sums}) => layout.settings.map((_, setting) => usableMeans(sums, setting)));
  const groups = groupsOf(layout);
  return layout.cells.map(({corpus, axis, settings}, c): RelationRow => {
    const within = correlationWithin(moments, groups.ofCell[c]!);
    const members = means.flatMap((seed) => settings.map((setting) => seed[setting]!));
    const areas = seeds.map(({ranks}) => ranks.auroc[c]!).filter((area) => !Number.isNaN(area));
    return {
      arm,
      layer,
      estimator,
      corpus,
      axis,
      pooled: pooledCorrelation(members, within),
      within: within.r,
      within_low: within.low,
      within_high: within.high,
      auroc: areas.length > 0 ? areas.reduce((sum, area) => sum + area, 0) / areas.length : null,
      n: members.reduce((sum, {n}) => sum + n, 0)
    };
  });
}

/** A setting with one seed: usable rows, and means of entropy and of being right. */
type SettingMeans = ReturnType<typeof usableMeans>;

interface Within {
  r: number | null;
  low: number | null;
  high: number | null;
  /** Σ dx·dy, Σ dx², Σ dy². */
  products: [number, number, number];
}

/**
 * Correlation after both sides lost the mean of their setting and seed. The influence of a row on r, with x and y scaled to
 * variance 1, is (xy − r(x² + y²)/2)/n (Devlin, Gnanadesikan & Kettenring 1975).
 */
function correlationWithin(moments: DialogueMoments, groups: number[]): Within {
  const products: Within["products"] = [
    moments.total(groups, 0),
    moments.total(groups, 1),
    moments.total(groups, 2)
  ];
  const [xy, xx, yy] = products;
  const n = moments.total(groups, 3);
  if (isFlat(xx, n) || isFlat(yy, n)) return {r: null, low: null, high: null, products};
  const r = clampedCorrelation(xy, xx, yy);
  const coefficients = [1 / Math.sqrt(xx * yy), -r / (2 * xx), -r / (2 * yy), 0];
  const {low, high} = moments.uncertainty(groups, r, coefficients, [-1, 1]);
  return {r, low, high, products};
}

/** Correlation of all rows: what varies within settings and seeds, and what varies between them. */
function pooledCorrelation(members: SettingMeans[], {products}: Within): number | null {
  const known = members.filter(({n}) => n > 0);
  const n = known.reduce((sum, one) => sum + one.n, 0);
  const mean = (key: "entropy" | "right") => known.reduce((sum, one) => sum + one.n * one[key], 0) / n;
  const [x, y] = [mean("entropy"), mean("right")];
  let [xy, xx, yy] = products;
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

/** One row a fifth that holds rows; fifths are taken within each setting and seed. */
function quintileRows(
  {arm, layer, estimator}: Place,
  {fifths: moments, fifthEntropy: entropy}: EntropyMoments,
  layout: TestLayout
): QuintileRow[] {
  const groups = groupsOf(layout);
  const rows: QuintileRow[] = [];
  layout.cells.forEach(({corpus, axis, settings}, c) => {
    for (let f = 0; f < FIFTHS; ++f) {
      const places = groups.ofCell[c]!.map((group) => group * FIFTHS + f);
      const n = moments.total(places, 1);
      if (n === 0) continue;
      const accuracy = moments.total(places, 0) / n;
      const {low, high} = moments.uncertainty(places, accuracy, [1 / n, -accuracy / n], [0, 1]);
      let sum = 0;
      for (const setting of settings) sum += entropy[setting * FIFTHS + f]!;
      rows.push({
        arm,
        corpus,
        axis,
        layer,
        estimator,
        quintile: f + 1,
        entropy: sum / n,
        accuracy,
        low,
        high,
        n
      });
    }
  });
  return rows;
}
