/**
 * Variances over dialogues without keeping any dialogue. Each dialogue adds a vector v of up to four sums to the moments
 * of its corpus and axis; the variance of any estimate whose influence is a linear function c·v follows from Σv and Σvv',
 * for every cell, since a dialogue lies in one corpus.
 */
import type {Uncertain} from "../../src/core/cubes.js";
import {uncertaintyFrom, type Domain, type Variance} from "../../src/core/statistics/uncertainty.js";
import {ALL, type TestLayout} from "./test-layout.js";

/** Corpus × axis or all axes: groups of dialogues that cells are unions of. */
export interface DialogueGroups {
  /** Axes, and all axes. */
  slots: number;
  count: number;
  /** Groups of each cell, one a corpus. */
  ofCell: number[][];
  /** Group of each setting. */
  ofSetting: number[];
}

const known = new WeakMap<TestLayout, DialogueGroups>();

/** Made once for a layout. */
export function groupsOf(layout: TestLayout): DialogueGroups {
  let groups = known.get(layout);
  if (!groups) known.set(layout, (groups = makeGroups(layout)));
  return groups;
}

function makeGroups({axes, corpora, cells, settings}: TestLayout): DialogueGroups {
  const slots = axes.length + 1;
  const ofCell = cells.map(({corpus, axis}) => {
    const slot = axis === ALL ? axes.length : axes.indexOf(axis);
    return corpora.flatMap((name, c) => (corpus === ALL || corpus === name ? [c * slots + slot] : []));
  });
  const ofSetting = settings.map(({corpus, axis}) => corpora.indexOf(corpus) * slots + axes.indexOf(axis));
  return {slots, count: corpora.length * slots, ofCell, ofSetting};
}

/** Sums over dialogues of vectors of `width` numbers and of their products, by group. */
export class DialogueMoments {
  readonly clusters: Float64Array;
  readonly sums: Float64Array;
  /** Of components i ≥ j of a group's vectors at `(group · width + i) · width + j`. */
  readonly products: Float64Array;

  constructor(
    groups: number,
    readonly width: number
  ) {
    this.clusters = new Float64Array(groups);
    this.sums = new Float64Array(groups * width);
    this.products = new Float64Array(groups * width * width);
  }

  /** Adds vectors of two to a group: `values[first]` and the next, and so on every `step`. A dialogue whose second is 0 has no rows. */
  addPairs(group: number, values: Float64Array, first: number, step: number, count: number): void {
    let [n, a, b, aa, ba, bb] = [0, 0, 0, 0, 0, 0];
    for (let i = 0, at = first; i < count; ++i, at += step) {
      const x = values[at]!;
      const y = values[at + 1]!;
      n += y > 0 ? 1 : 0;
      a += x;
      b += y;
      aa += x * x;
      ba += y * x;
      bb += y * y;
    }
    this.clusters[group]! += n;
    addTo(this.sums, 2 * group, [a, b]);
    addTo(this.products, 4 * group, [aa, 0, ba, bb]);
  }

  /** Adds vectors of three, in front of the number of rows. */
  addTriples(group: number, values: Float64Array, first: number, step: number, count: number): void {
    let [n, a, b, c, aa, ba, bb, ca, cb, cc] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0, at = first; i < count; ++i, at += step) {
      const x = values[at]!;
      const y = values[at + 1]!;
      const z = values[at + 2]!;
      n += values[at + 3]! > 0 ? 1 : 0;
      a += x;
      b += y;
      c += z;
      aa += x * x;
      ba += y * x;
      bb += y * y;
      ca += z * x;
      cb += z * y;
      cc += z * z;
    }
    this.clusters[group]! += n;
    addTo(this.sums, 3 * group, [a, b, c]);
    addTo(this.products, 9 * group, [aa, 0, 0, ba, bb, 0, ca, cb, cc]);
  }

  /** Adds so many dialogues whose vector of two is the same. */
  addPair(group: number, a: number, b: number, times: number): void {
    const {clusters, sums, products} = this;
    clusters[group]! += times;
    sums[2 * group]! += times * a;
    sums[2 * group + 1]! += times * b;
    products[4 * group]! += times * a * a;
    products[4 * group + 2]! += times * b * a;
    products[4 * group + 3]! += times * b * b;
  }

  /** Σ over groups of one of the sums. */
  total(groups: readonly number[], which: number): number {
    let total = 0;
    for (const group of groups) total += this.sums[group * this.width + which]!;
    return total;
  }

  /**
   * Variance of an estimate whose influence by dialogue is `coefficients` · vector, with corpora as strata; the same as
   * `clusterVariance` of the influences themselves. NaN with fewer than two dialogues.
   */
  variance(groups: readonly number[], coefficients: readonly number[]): Variance {
    let [variance, clusters, strata] = [0, 0, 0];
    for (const group of groups) {
      const count = this.clusters[group]!;
      if (count === 0) continue;
      clusters += count;
      strata += 1;
      const square = this.squares(group, coefficients);
      const sum = this.linear(group, coefficients);
      variance += count > 1 ? (count / (count - 1)) * Math.max(0, square - (sum * sum) / count) : square;
    }
    return {variance: clusters < 2 ? NaN : variance, df: clusters - strata};
  }

  /**
   * Σ first / Σ second of vectors of two, with the {@link variance} of that; null where the second is 0. Asked for millions of times.
   *
   * @param edge - What a row more or less is worth, where not the ratio itself: see {@link edgeOf}.
   */
  ratio(groups: readonly number[], edge?: number): Estimated | null {
    const {clusters, sums, products} = this;
    let [above, below, variance, dialogues, strata] = [0, 0, 0, 0, 0];
    for (let i = 0; i < groups.length; ++i) {
      above += sums[2 * groups[i]!]!;
      below += sums[2 * groups[i]! + 1]!;
    }
    if (below === 0) return null;
    const value = above / below;
    const [a, b] = [1 / below, -(edge ?? value) / below];
    for (let i = 0; i < groups.length; ++i) {
      const group = groups[i]!;
      const count = clusters[group]!;
      if (count === 0) continue;
      dialogues += count;
      strata += 1;
      const at = 4 * group;
      const square = a * a * products[at]! + 2 * b * a * products[at + 2]! + b * b * products[at + 3]!;
      const sum = a * sums[2 * group]! + b * sums[2 * group + 1]!;
      variance += count > 1 ? (count / (count - 1)) * Math.max(0, square - (sum * sum) / count) : square;
    }
    return {value, variance: {variance: dialogues < 2 ? NaN : variance, df: dialogues - strata}};
  }

  /** Interval over dialogues of such an estimate. */
  uncertainty(
    groups: readonly number[],
    value: number,
    coefficients: readonly number[],
    domain?: Domain
  ): Uncertain {
    return uncertaintyFrom(value, this.variance(groups, coefficients), undefined, domain);
  }

  /** Σ c·v over the dialogues of a group. */
  private linear(group: number, coefficients: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < this.width; ++i) sum += coefficients[i]! * this.sums[group * this.width + i]!;
    return sum;
  }

  /** Σ (c·v)² over the dialogues of a group. */
  private squares(group: number, coefficients: readonly number[]): number {
    const {width, products} = this;
    let square = 0;
    for (let i = 0; i < width; ++i)
      for (let j = 0; j <= i; ++j)
        square +=
          (i === j ? 1 : 2) *
          coefficients[i]! *
          coefficients[j]! *
          products[(group * width + i) * width + j]!;
    return square;
  }
}

/** An estimate of some rows, and its variance over their dialogues. */
export interface Estimated {
  value: number;
  variance: Variance;
}

/**
 * Both intervals of an estimate over the rows of all seeds together; the one over trainings from the seeds' own estimates,
 * where two at least have one.
 */
export function intervalsOf(pooled: Estimated, seeds: readonly Estimated[], domain?: Domain): Uncertain {
  const count = seeds.length;
  let [total, within, between] = [0, 0, 0];
  for (const {value, variance} of seeds) {
    total += value;
    within += variance.variance;
  }
  for (const {value} of seeds) between += (value - total / count) ** 2;
  const moments = {seeds: count, between: between / (count - 1), within: within / count};
  return uncertaintyFrom(pooled.value, pooled.variance, moments, domain);
}

/** What each seed has to say of how trainings differ; nothing where there is but one. */
export function ratiosOf(
  seeds: readonly DialogueMoments[],
  groups: readonly number[],
  edge?: number
): Estimated[] {
  const own: Estimated[] = [];
  if (seeds.length < 2) return own;
  for (const seed of seeds) {
    const ratio = seed.ratio(groups, edge);
    if (ratio) own.push(ratio);
  }
  return own;
}

/**
 * Where bins hold equal shares of the rows, a dialogue with many rows in the outermost one moves the bin's edge, and pushes
 * others' rows out of it: rows at the edge, whose accuracy is that between both bins. Its influence is Σ right − edge · rows,
 * not Σ right − accuracy · rows (the influence of a quantile; but for what dialogues of unequal size add, which is small).
 * Bins in the middle have an edge on either side, whose accuracies are on average their own: undefined.
 *
 * @param accuracy - Of each bin; undefined where one holds no rows.
 */
export function edgeOf(accuracy: readonly (number | undefined)[], bin: number): number | undefined {
  const next = bin === 0 ? accuracy[1] : bin === accuracy.length - 1 ? accuracy[bin - 1] : undefined;
  const own = accuracy[bin];
  return own === undefined || next === undefined ? undefined : (own + next) / 2;
}

function addTo(sums: Float64Array, from: number, values: number[]): void {
  for (let i = 0; i < values.length; ++i) sums[from + i]! += values[i]!;
}
