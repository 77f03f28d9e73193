/** Rows of `reliability.json`, `risk-coverage.json`, `brier.json` and `distributions.json`. */
import type {BrierRow, DistributionRow, ReliabilityRow, RiskRow, Uncertain} from "../../src/core/cubes.js";
import {CALIBRATION_BINS as BINS} from "../../src/core/measures.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {brierDecomposition, type BinSums} from "../../src/core/statistics/brier-decomposition.js";
import {shareIntervals} from "../../src/core/statistics/share-intervals.js";
import {DialogueMoments, edgeOf, groupsOf, intervalsOf, type Estimated} from "./dialogue-moments.js";
import {
  BIN_SUMS,
  COVERAGES,
  entropyRange,
  HISTOGRAM_BINS,
  QUANTITIES,
  RIGHT,
  UNSCORED,
  type Summary
} from "./summary.js";
import type {System} from "./systems.js";
import {ALL, type TestLayout} from "./test-layout.js";

const KINDS_OF_BINS = ["width", "mass"] as const;

/** Bins of single seeds, and those of all seeds' rows together with intervals. Bins of equal mass are each seed's own. */
export function reliabilityRows({system, kind, members}: System, layout: TestLayout): ReliabilityRow[] {
  const width = allMoments(members, layout, 0, 0);
  const mass = [0, 1].map((level) => allMoments(members, layout, 1, level));
  const single = kind === "arm" ? members : [];
  return layout.cells.flatMap(({corpus, axis}, c) =>
    KINDS_OF_BINS.flatMap((bins, which) => {
      const moments = which === 0 ? width : mass[corpus === ALL ? 1 : 0]!;
      const groups = groupsOf(layout).ofCell[c]!;
      const place = (seed: string) => ({system, corpus, axis, seed, bins});
      const rowsOf = (seed: string, summaries: Summary[], intervals: BinMoments | null) =>
        binRows(binSums(summaries, c, which), intervals, groups, which).map((row) =>
          Object.assign(place(seed), row)
        );
      return [
        ...rowsOf(
          ALL,
          members.map(({summary}) => summary),
          moments
        ),
        ...single.flatMap(({seed, summary}) => rowsOf(seed, [summary], null))
      ];
    })
  );
}

function binSums(summaries: Summary[], cell: number, which: number): Float64Array {
  const size = BINS * BIN_SUMS;
  const sums = new Float64Array(size);
  for (const {cells} of summaries)
    for (let i = 0; i < size; ++i) sums[i]! += cells[cell]!.bins[which * size + i]!;
  return sums;
}

type BinRow = Omit<ReliabilityRow, "system" | "seed" | "corpus" | "axis" | "bins">;

/** Bins that hold rows, numbered from 1; with moments, with intervals of the accuracy. */
function binRows(sums: Float64Array, moments: BinMoments | null, groups: number[], which: number): BinRow[] {
  const accuracies = Array.from({length: BINS}, (_, bin) => {
    const [n, , right] = sums.subarray(bin * BIN_SUMS, bin * BIN_SUMS + 3);
    return n ? right! / n : undefined;
  });
  return Array.from({length: BINS}, (_, bin) => bin).flatMap((bin) => {
    const [n, confidence, right] = sums.subarray(bin * BIN_SUMS, bin * BIN_SUMS + 3);
    if (!n) return [];
    const accuracy = right! / n;
    const places = groups.map((group) => group * BINS + bin);
    const {low, high, low_trainings, high_trainings} = moments
      ? binIntervals(accuracy, n, moments, places, which === 0 ? undefined : edgeOf(accuracies, bin))
      : NO_UNCERTAINTY;
    const place = {bin: bin + 1, confidence: confidence! / n, accuracy};
    return [{...place, low, high, low_trainings, high_trainings, n}];
  });
}

/**
 * Trainings have unequal parts in a bin, some none: a training's value is not its own accuracy there but what it makes of
 * that of all, p + S · Σ (right − p)/n over its rows. With equal parts the two are the same.
 */
function binIntervals(
  accuracy: number,
  n: number,
  {all, seeds}: BinMoments,
  places: number[],
  edge = accuracy
): Uncertain {
  const linear = (share: number) => [share / n, (-edge * share) / n];
  const apart = seeds.map((own): Estimated => {
    const part = seeds.length / n;
    const {variance, df} = own.variance(places, linear(seeds.length));
    const moved = part * (own.total(places, 0) - accuracy * own.total(places, 1));
    // A training with rows of fewer than two dialogues can't say how it does on single ones.
    return {value: accuracy + moved, variance: {variance: variance || 0, df}};
  });
  const pooled = {value: accuracy, variance: all.variance(places, linear(1))};
  return shareIntervals(accuracy, intervalsOf(pooled, apart));
}

/** Of all seeds' rows together, and seed by seed. */
interface BinMoments {
  all: DialogueMoments;
  seeds: DialogueMoments[];
}

function allMoments(
  members: System["members"],
  layout: TestLayout,
  which: number,
  level: number
): BinMoments {
  return {
    all: binMoments(members, layout, which, level),
    seeds: members.length > 1 ? members.map((member) => binMoments([member], layout, which, level)) : []
  };
}

/** Moments of right rows and of rows by bin, over dialogues; a dialogue is one cluster over all seeds. */
function binMoments(
  members: System["members"],
  layout: TestLayout,
  which: number,
  level: number
): DialogueMoments {
  const {rows, corpora, axis, dialogueCorpus, dialogueStart} = layout;
  const {slots, count} = groupsOf(layout);
  const moments = new DialogueMoments(count * BINS, 2);
  const step = slots * BINS * 2;
  for (let k = 0; k < corpora.length; ++k) {
    const [first, end] = [dialogueCorpus.indexOf(k), dialogueCorpus.lastIndexOf(k) + 1];
    const sums = new Float64Array((end - first) * step);
    for (const {summary} of members) {
      const {outcome} = summary;
      const binsOfKind = (kind: number) =>
        which === 0 ? summary.widthBin : summary.massBin.subarray(kind * rows, (kind + 1) * rows);
      const [ofAxis, ofAll] = [binsOfKind(2 * level), binsOfKind(2 * level + 1)];
      for (let g = first; g < end; ++g)
        for (let row = dialogueStart[g]!; row < dialogueStart[g + 1]!; ++row) {
          const became = outcome[row]!;
          if (became === UNSCORED) continue;
          const right = became === RIGHT ? 1 : 0;
          const own = (g - first) * step + (axis[row]! * BINS + ofAxis[row]!) * 2;
          const all = (g - first) * step + ((slots - 1) * BINS + ofAll[row]!) * 2;
          sums[own]! += right;
          sums[own + 1]! += 1;
          sums[all]! += right;
          sums[all + 1]! += 1;
        }
    }
    for (let place = 0; place < slots * BINS; ++place)
      moments.addPairs(k * slots * BINS + place, sums, 2 * place, step, end - first);
  }
  return moments;
}

/** Risk at each coverage, mean over seeds. */
export function riskRows({system, members}: System, {cells}: TestLayout): RiskRow[] {
  return cells.flatMap(({corpus, axis}, c) => {
    const seeds = members.map(({summary}) => summary.cells[c]!).filter(({n}) => n > 0);
    if (seeds.length === 0) return [];
    return COVERAGES.map((coverage, i) => ({
      system,
      corpus,
      axis,
      coverage,
      risk: seeds.reduce((sum, {risk}) => sum + risk[i]!, 0) / seeds.length
    }));
  });
}

/** Parts of the Brier score of “the predicted label is right”, over the rows of all seeds in bins of equal width. */
export function brierRows({system, members}: System, {cells}: TestLayout): BrierRow[] {
  const summaries = members.map(({summary}) => summary);
  return cells.flatMap(({corpus, axis}, c) => {
    const parts = brierDecomposition(binsOf(binSums(summaries, c, 0)));
    return parts ? [{system, corpus, axis, ...parts}] : [];
  });
}

function binsOf(sums: Float64Array): BinSums[] {
  return Array.from({length: BINS}, (_, bin) => {
    const at = bin * BIN_SUMS;
    return {
      rows: sums[at]!,
      confidence: sums[at + 1]!,
      correct: sums[at + 2]!,
      squares: sums[at + 3]!,
      products: sums[at + 4]!
    };
  });
}

/** Histograms over the rows of all seeds; every bin of a system that scored anything in the cell. */
export function distributionRows({system, members}: System, layout: TestLayout): DistributionRow[] {
  return layout.cells.flatMap(({corpus, axis}, c) => {
    const seeds = members.map(({summary}) => summary.cells[c]!).filter(({n}) => n > 0);
    if (seeds.length === 0) return [];
    return QUANTITIES.flatMap((quantity, q) => {
      const width = (quantity === "label_entropy" ? entropyRange(layout) : 1) / HISTOGRAM_BINS;
      return Array.from({length: HISTOGRAM_BINS}, (_, bin): DistributionRow => {
        const at = (q * HISTOGRAM_BINS + bin) * 2;
        const count = (right: number) =>
          seeds.reduce((sum, {histograms}) => sum + histograms[at + right]!, 0);
        const [from, to] = [bin * width, (bin + 1) * width];
        return {system, corpus, axis, quantity, from, to, correct: count(1), wrong: count(0)};
      });
    });
  });
}
