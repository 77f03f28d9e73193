/** Rows of `reliability.json`, `risk-coverage.json`, `brier.json` and `distributions.json`. */
import type {BrierRow, DistributionRow, ReliabilityRow, RiskRow} from "../../src/core/cubes.js";
import {CALIBRATION_BINS as BINS} from "../../src/core/measures.js";
import {brierDecomposition, type BinSums} from "../../src/core/statistics/brier-decomposition.js";
import {ratioEstimate} from "./ratio.js";
import {
  BIN_SUMS,
  COVERAGES,
  entropyRange,
  HISTOGRAM_BINS,
  kindOf,
  QUANTITIES,
  RIGHT,
  UNSCORED,
  type Summary
} from "./summary.js";
import type {System} from "./systems.js";
import {ALL, type Cell, type TestLayout} from "./test-layout.js";

const KINDS_OF_BINS = ["width", "mass"] as const;

/** Bins of single seeds, and those of all seeds' rows together with intervals. Bins of equal mass are each seed's own. */
export function reliabilityRows({system, kind, members}: System, layout: TestLayout): ReliabilityRow[] {
  return layout.cells.flatMap((cell, c) => {
    const place = {system, corpus: cell.corpus, axis: cell.axis};
    return KINDS_OF_BINS.flatMap((bins, which) => {
      const pooled = binSums(
        members.map(({summary}) => summary),
        c,
        which
      );
      const intervals = accuracyIntervals(members, layout, cell, which);
      const rows = binRows(pooled, (bin) => intervals[bin]!).map((row) => ({
        ...place,
        seed: ALL,
        bins,
        ...row
      }));
      if (kind === "baseline") return rows;
      const single = members.flatMap(({seed, summary}) =>
        binRows(binSums([summary], c, which), () => ({low: null, high: null})).map((row) => ({
          ...place,
          seed,
          bins,
          ...row
        }))
      );
      return [...rows, ...single];
    });
  });
}

function binSums(summaries: Summary[], cell: number, which: number): Float64Array {
  const size = BINS * BIN_SUMS;
  const sums = new Float64Array(size);
  for (const {cells} of summaries)
    for (let i = 0; i < size; ++i) sums[i]! += cells[cell]!.bins[which * size + i]!;
  return sums;
}

type BinRow = Pick<ReliabilityRow, "bin" | "confidence" | "accuracy" | "low" | "high" | "n">;

/** Bins that hold rows, numbered from 1. */
function binRows(
  sums: Float64Array,
  interval: (bin: number) => {low: number | null; high: number | null}
): BinRow[] {
  return Array.from({length: BINS}, (_, bin) => bin).flatMap((bin) => {
    const [n, confidence, right] = sums.subarray(bin * BIN_SUMS, bin * BIN_SUMS + 3);
    if (!n) return [];
    const {low, high} = interval(bin);
    return [{bin: bin + 1, confidence: confidence! / n, accuracy: right! / n, low, high, n}];
  });
}

/** Intervals of the accuracy in each bin over all seeds' rows; a dialogue is one cluster over all seeds. */
function accuracyIntervals(
  members: System["members"],
  {rows: total}: TestLayout,
  cell: Cell,
  which: number
): {low: number | null; high: number | null}[] {
  const {rows, dialogue, dialogues, stratum} = cell;
  const right = Array.from({length: BINS}, () => new Float64Array(dialogues));
  const counts = Array.from({length: BINS}, () => new Float64Array(dialogues));
  for (const {summary} of members) {
    const {outcome} = summary;
    const bins = which === 0 ? summary.widthBin : summary.massBin.subarray(kindOf(cell) * total);
    for (let i = 0; i < rows.length; ++i) {
      const row = rows[i]!;
      if (outcome[row] === UNSCORED) continue;
      counts[bins[row]!]![dialogue[i]!]! += 1;
      if (outcome[row] === RIGHT) right[bins[row]!]![dialogue[i]!]! += 1;
    }
  }
  return counts.map((count, bin) => ratioEstimate(right[bin]!, count, stratum, [0, 1]));
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
        const place = {system, corpus, axis, quantity, from: bin * width, to: (bin + 1) * width};
        return {...place, correct: count(1), wrong: count(0)};
      });
    });
  });
}
