/** What one system with one seed said of the test rows, as columns aligned with them. */
import {join} from "node:path";
import type {ScoredRows} from "../../src/core/statistics/cell-measures.js";
import {literal, type Chunk, type Database, type DoubleLists} from "./database.js";
import {followingRow, type RowKeys} from "./row-keys.js";
import type {TestLayout} from "./test-layout.js";

/** Columns of a system and seed; rows that weren't scored hold NaN. */
export interface RowScores extends ScoredRows {
  predicted: Uint8Array;
  nll: Float64Array;
  brier: Float64Array;
  confidence: Float64Array;
  label_entropy: Float64Array;
  margin: Float64Array;
  off_label_mass: Float64Array;
  /** 1 where the row has a prediction with usable label logits. */
  scored: Uint8Array;
  /** Label probabilities of the rows of `shown`, each as many as the longest list of labels. */
  shownProbabilities: Float64Array;
}

/** What reading a run's predictions found. */
export interface PredictionCounts {
  /** Rows in the file. */
  rows: number;
  /** Rows without usable label logits. */
  unscored: number;
  /** Scored rows whose predicted label is gold. */
  right: number;
  /** Whether a row is none of the study, twice there, or has another gold label or an unknown prediction. */
  mismatch: boolean;
}

/** What readers share. */
export interface Reading {
  db: Database;
  layout: TestLayout;
  keys: RowKeys;
  /** Rows whose label probabilities are kept: place among them, or −1. */
  shownPlace: Int32Array;
  shown: number;
}

/** A code that no label has. */
const NONE = 255;

export function emptyScores({layout, shown}: Reading): RowScores {
  const column = () => new Float64Array(layout.rows).fill(NaN);
  return {
    gold: layout.gold,
    predicted: new Uint8Array(layout.rows).fill(NONE),
    nll: column(),
    brier: column(),
    confidence: column(),
    label_entropy: column(),
    margin: column(),
    off_label_mass: column(),
    scored: new Uint8Array(layout.rows),
    shownProbabilities: new Float64Array(shown * Math.max(0, ...layout.labelCount))
  };
}

/** Prepares a database for {@link readPredictions}. */
export async function createLabelType(db: Database, {labels}: TestLayout): Promise<void> {
  const names = labels.length > 0 ? labels : [""];
  await db.run(`CREATE TYPE study_label AS ENUM (${names.map(literal).join(", ")})`);
}

/**
 * Reads one run's `predictions.parquet` into `scores`. Rows may come in any order. After a mismatch the columns hold
 * what came before it. Throws where the file isn't as the contract says.
 */
export async function readPredictions(
  reading: Reading,
  folder: string,
  scores: RowScores
): Promise<PredictionCounts> {
  const counts: PredictionCounts = {rows: 0, unscored: 0, right: 0, mismatch: false};
  const code = (column: string) =>
    `coalesce(enum_code(TRY_CAST(${column} AS study_label)), ${NONE})::UTINYINT`;
  const sql = `SELECT ${reading.keys.sql}, ${code("gold")}, ${code("predicted")}, coalesce(label_logits::DOUBLE[], []),
    coalesce(off_label_mass::DOUBLE, 'NaN'::DOUBLE)
    FROM read_parquet(${literal(join(folder, "predictions.parquet"))})`;
  const seen = new Uint8Array(reading.layout.rows);
  let previous = -1;
  for await (const chunk of reading.db.chunks(sql)) {
    previous = readChunk(reading, chunk, scores, {counts, seen, previous});
    if (counts.mismatch) break;
  }
  return counts;
}

interface Progress {
  counts: PredictionCounts;
  seen: Uint8Array;
  previous: number;
}

/** Reads a chunk; returns the test row of its last row. */
function readChunk(
  {layout, keys, shownPlace}: Reading,
  chunk: Chunk,
  scores: RowScores,
  {counts, seen, previous}: Progress
): number {
  const words = chunk.words(0);
  const [gold, predicted] = [chunk.numbers(1), chunk.numbers(2)];
  const logits = chunk.lists(3);
  const offLabel = chunk.numbers(4);
  const labels = layout.labels.length;
  const longest = layout.labelCount.length > 0 ? Math.max(...layout.labelCount) : 0;
  const weights = new Float64Array(longest);
  for (let i = 0; i < chunk.rows; ++i) {
    const row = followingRow(keys, previous, words[2 * i]!, words[2 * i + 1]!);
    const axis = row < 0 ? 0 : layout.axis[row]!;
    const index = predicted[i] === NONE ? -1 : layout.labelIndex[axis * labels + predicted[i]!]!;
    if (row < 0 || seen[row] || gold[i] !== layout.goldLabel[row] || index < 0) {
      counts.mismatch = true;
      return previous;
    }
    previous = row;
    seen[row] = 1;
    counts.rows += 1;
    scores.predicted[row] = index;
    scores.off_label_mass[row] = offLabel[i]!;
    if (!scoreRow(scores, row, logits, i, layout.labelCount[axis]!, weights)) {
      counts.unscored += 1;
      continue;
    }
    if (index === layout.gold[row]) counts.right += 1;
    if (shownPlace[row]! >= 0) scores.shownProbabilities.set(weights, shownPlace[row]! * longest);
  }
  return previous;
}

/**
 * Label probabilities, the softmax over the label logits alone, and what follows from them. A row is scored when its
 * logits are as many as the labels, none of them NaN or +∞, and one finite. Leaves the probabilities in `weights`.
 */
function scoreRow(
  scores: RowScores,
  row: number,
  logits: DoubleLists,
  i: number,
  labels: number,
  weights: Float64Array
): boolean {
  scores.scored[row] = 0;
  if (logits.count(i) !== labels) return false;
  const start = logits.start(i);
  let top = -Infinity;
  for (let k = 0; k < labels; ++k) {
    const logit = logits.items[start + k]!;
    if (!(logit < Infinity) || logits.isNull(start + k)) return false;
    if (logit > top) top = logit;
  }
  if (top === -Infinity) return false;
  let sum = 0;
  for (let k = 0; k < labels; ++k) sum += weights[k] = Math.exp(logits.items[start + k]! - top);
  const logSum = Math.log(sum);
  let [entropy, brier, second] = [logSum, 0, -1];
  let topSeen = false;
  const gold = scores.gold[row]!;
  for (let k = 0; k < labels; ++k) {
    const raw = weights[k]!;
    const p = raw / sum;
    weights[k] = p;
    if (p > 0) entropy -= p * (logits.items[start + k]! - top);
    brier += (p - (k === gold ? 1 : 0)) ** 2;
    if (raw === 1 && !topSeen) topSeen = true;
    else if (p > second) second = p;
  }
  scores.scored[row] = 1;
  scores.nll[row] = logSum + top - logits.items[start + gold]!;
  scores.brier[row] = brier;
  scores.confidence[row] = 1 / sum;
  scores.label_entropy[row] = Math.max(0, entropy);
  scores.margin[row] = 1 / sum - second;
  return true;
}
