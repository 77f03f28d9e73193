/** Rows of `relations.json` and `quintiles.json`: entropy against being right, over test rows and all seeds of an arm. */
import type {QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {DialogueMoments, groupsOf, type DialogueGroups} from "./dialogue-moments.js";
import {FIFTHS, rankEntropies, type Ranks} from "./entropy-ranks.js";
import type {EntropySeries, SeedSeries} from "./entropy-series.js";
import {RIGHT} from "./summary.js";
import type {TestLayout} from "./test-layout.js";

/** What is below this part of a standard deviation of one is rounding: a side that is constant has no correlation. */
const FLAT = 1e-12;

/** Both cubes' rows of one series of one arm. */
export function relateToCorrectness(
  arm: string,
  {layer, estimator, seeds}: EntropySeries,
  layout: TestLayout
): {relations: RelationRow[]; quintiles: QuintileRow[]} {
  const place = {arm, layer, estimator};
  const ranks = seeds.map((seed) => rankEntropies(seed, layout));
  return {
    relations: relationRows(place, seeds, ranks, layout),
    quintiles: quintileRows(place, seeds, ranks, layout)
  };
}

type Place = Pick<RelationRow, "arm" | "layer" | "estimator">;

function relationRows(place: Place, seeds: SeedSeries[], ranks: Ranks[], layout: TestLayout): RelationRow[] {
  const means = meansOfSettings(seeds, ranks, layout);
  const groups = groupsOf(layout);
  const moments = withinMoments(seeds, ranks, means, layout, groups);
  return layout.cells.map(({corpus, axis, settings}, c): RelationRow => {
    const own = groups.ofCell[c]!;
    const within = correlationWithin(moments, own);
    const members = means.flatMap((seed) => settings.map((setting) => seed[setting]!));
    const areas = ranks.map(({auroc}) => auroc[c]!).filter((area) => !Number.isNaN(area));
    return {
      ...place,
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
interface SettingMeans {
  n: number;
  entropy: number;
  right: number;
}

function meansOfSettings(
  seeds: SeedSeries[],
  ranks: Ranks[],
  {setting, settings}: TestLayout
): SettingMeans[][] {
  return seeds.map(({values, outcome}, s) => {
    const {fifth} = ranks[s]!;
    const sums = settings.map((): SettingMeans => ({n: 0, entropy: 0, right: 0}));
    for (let row = 0; row < values.length; ++row) {
      if (fifth[row] === 0) continue;
      const own = sums[setting[row]!]!;
      own.n += 1;
      own.entropy += values[row]!;
      if (outcome[row] === RIGHT) own.right += 1;
    }
    return sums.map(({n, entropy, right}) => ({n, entropy: entropy / n, right: right / n}));
  });
}

/** By dialogue Σ dx·dy, Σ dx², Σ dy² and the number of rows, with x and y less the mean of their setting and seed. */
function withinMoments(
  seeds: SeedSeries[],
  ranks: Ranks[],
  means: SettingMeans[][],
  {setting, settings, axis, dialogueStart, dialogueCorpus}: TestLayout,
  {slots, count}: DialogueGroups
): DialogueMoments {
  const moments = new DialogueMoments(count, 4);
  const entropyOf = Float64Array.from(means.flat(), ({entropy}) => entropy);
  const rightOf = Float64Array.from(means.flat(), ({right}) => right);
  const vector = new Float64Array(4 * slots);
  const all = 4 * (slots - 1);
  for (let g = 0; g < dialogueCorpus.length; ++g) {
    vector.fill(0);
    for (let s = 0; s < seeds.length; ++s) {
      const {values, outcome} = seeds[s]!;
      const {fifth} = ranks[s]!;
      for (let row = dialogueStart[g]!; row < dialogueStart[g + 1]!; ++row) {
        if (fifth[row] === 0) continue;
        const own = s * settings.length + setting[row]!;
        const dx = values[row]! - entropyOf[own]!;
        const dy = (outcome[row] === RIGHT ? 1 : 0) - rightOf[own]!;
        const at = 4 * axis[row]!;
        vector[at]! += dx * dy;
        vector[at + 1]! += dx * dx;
        vector[at + 2]! += dy * dy;
        vector[at + 3]! += 1;
      }
    }
    for (let slot = 0; slot < slots - 1; ++slot)
      for (let k = 0; k < 4; ++k) vector[all + k]! += vector[4 * slot + k]!;
    for (let slot = 0; slot < slots; ++slot)
      if (vector[4 * slot + 3]! > 0) moments.add(dialogueCorpus[g]! * slots + slot, vector, 4 * slot);
  }
  return moments;
}

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
function quintileRows(place: Place, seeds: SeedSeries[], ranks: Ranks[], layout: TestLayout): QuintileRow[] {
  const groups = groupsOf(layout);
  const {moments, entropy} = fifthMoments(seeds, ranks, layout, groups);
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
      const {arm, layer, estimator} = place;
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

/** By group and fifth: right rows and rows of each dialogue. By setting and fifth: Σ entropy. */
function fifthMoments(
  seeds: SeedSeries[],
  ranks: Ranks[],
  {setting, settings, axis, dialogueStart, dialogueCorpus}: TestLayout,
  {slots, count}: DialogueGroups
): {moments: DialogueMoments; entropy: Float64Array} {
  const moments = new DialogueMoments(count * FIFTHS, 2);
  const entropy = new Float64Array(settings.length * FIFTHS);
  const vector = new Float64Array(2 * slots * FIFTHS);
  const all = 2 * (slots - 1) * FIFTHS;
  for (let g = 0; g < dialogueCorpus.length; ++g) {
    vector.fill(0);
    for (let s = 0; s < seeds.length; ++s) {
      const {values, outcome} = seeds[s]!;
      const {fifth} = ranks[s]!;
      for (let row = dialogueStart[g]!; row < dialogueStart[g + 1]!; ++row) {
        if (fifth[row] === 0) continue;
        const f = fifth[row]! - 1;
        const right = outcome[row] === RIGHT ? 1 : 0;
        const at = 2 * (axis[row]! * FIFTHS + f);
        vector[at]! += right;
        vector[at + 1]! += 1;
        vector[all + 2 * f]! += right;
        vector[all + 2 * f + 1]! += 1;
        entropy[setting[row]! * FIFTHS + f]! += values[row]!;
      }
    }
    for (let place = 0; place < slots * FIFTHS; ++place)
      if (vector[2 * place + 1]! > 0)
        moments.add(dialogueCorpus[g]! * slots * FIFTHS + place, vector, 2 * place);
  }
  return {moments, entropy};
}
