/**
 * Variances over dialogues without keeping any dialogue. Each dialogue adds a vector v of up to four sums to the moments
 * of its corpus and axis; the variance of any estimate whose influence is a linear function c·v follows from Σv and Σvv',
 * for every cell, since a dialogue lies in one corpus.
 */
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import type {Uncertain} from "../../src/core/cubes.js";
import {uncertaintyFrom, type Domain} from "../../src/core/statistics/uncertainty.js";
import {ALL, type TestLayout} from "./test-layout.js";

/** Corpus × axis or all axes: groups of dialogues that cells are unions of. */
export interface DialogueGroups {
  /** Axes, and all axes. */
  slots: number;
  count: number;
  /** Groups of each cell, one a corpus. */
  ofCell: number[][];
}

const known = new WeakMap<TestLayout, DialogueGroups>();

/** Made once for a layout. */
export function groupsOf(layout: TestLayout): DialogueGroups {
  let groups = known.get(layout);
  if (!groups) known.set(layout, (groups = makeGroups(layout)));
  return groups;
}

function makeGroups({axes, corpora, cells}: TestLayout): DialogueGroups {
  const slots = axes.length + 1;
  const ofCell = cells.map(({corpus, axis}) => {
    const slot = axis === ALL ? axes.length : axes.indexOf(axis);
    return corpora.flatMap((name, c) => (corpus === ALL || corpus === name ? [c * slots + slot] : []));
  });
  return {slots, count: corpora.length * slots, ofCell};
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

  /** Adds a dialogue's vector of two. */
  addPair(group: number, a: number, b: number): void {
    const {sums, products} = this;
    const [at, square] = [2 * group, 4 * group];
    this.clusters[group]! += 1;
    sums[at]! += a;
    sums[at + 1]! += b;
    products[square]! += a * a;
    products[square + 2]! += b * a;
    products[square + 3]! += b * b;
  }

  /** Adds a dialogue's vector of four. */
  addFour(group: number, a: number, b: number, c: number, d: number): void {
    const {sums, products} = this;
    const [at, square] = [4 * group, 16 * group];
    this.clusters[group]! += 1;
    sums[at]! += a;
    sums[at + 1]! += b;
    sums[at + 2]! += c;
    sums[at + 3]! += d;
    products[square]! += a * a;
    products[square + 4]! += b * a;
    products[square + 5]! += b * b;
    products[square + 8]! += c * a;
    products[square + 9]! += c * b;
    products[square + 10]! += c * c;
    products[square + 12]! += d * a;
    products[square + 13]! += d * b;
    products[square + 14]! += d * c;
    products[square + 15]! += d * d;
  }

  /** Σ over groups of one of the sums. */
  total(groups: readonly number[], which: number): number {
    let total = 0;
    for (const group of groups) total += this.sums[group * this.width + which]!;
    return total;
  }

  /**
   * Interval of an estimate whose influence by dialogue is `coefficients` · vector, with corpora as strata; the same as
   * `uncertaintyOf` of the influences themselves.
   */
  uncertainty(
    groups: readonly number[],
    value: number,
    coefficients: readonly number[],
    domain?: Domain
  ): Uncertain {
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
    if (clusters < 2) return NO_UNCERTAINTY;
    return uncertaintyFrom(value, {variance, df: clusters - strata}, undefined, domain);
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
