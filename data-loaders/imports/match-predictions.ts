/** Holds imported predictions against the study's test rows: all of them, each once, with the axis' labels. */
import type {DataRow} from "../../src/core/contract.js";
import {beginnings, contradicted, withoutLonger, wordPieces} from "./longer-labels.js";
import type {LabelPieces} from "./longer-labels.js";
import {refuse, type PredictedRow} from "./predicted-row.js";

/** A test row with what was predicted for it. */
export interface MatchedRow {
  row: DataRow;
  predicted: string;
  /** Log-probabilities in the order of the axis' labels. */
  logits: number[];
  /** 1 − probability of all labels together; null where the probabilities are of the labels alone. */
  offLabel: number | null;
}

/** Labels of each axis. */
export type Labels = Record<string, string[]>;

/** Sums of probabilities that came through single precision may be so far above one. */
const ABOVE_ONE = 1e-3;
/** With probabilities that add up to one this nearly in every row, nothing says how much the vocabulary's others have. */
const IS_ONE = 1e-3;

/**
 * One matched row a test row, in the order of `test`. Probabilities of labels' tokens lose what belongs to longer labels.
 * Throws BadInput, naming file and row, on unknown, doubled and missing examples, other gold labels, unknown or missing
 * labels, and probabilities that add up to more than one.
 */
export async function matchPredictions(
  test: DataRow[],
  labels: Labels,
  predictions: AsyncIterable<PredictedRow>,
  piecesOf: LabelPieces = wordPieces
): Promise<MatchedRow[]> {
  const rows = new Map(test.map((row) => [keyOf(row), row]));
  const found = new Map<string, {matched: MatchedRow; where: string; whole: boolean}>();
  const settings = {
    corpora: [...new Set(test.map(({corpus}) => corpus))],
    axes: [...new Set(test.map(({axis}) => axis))]
  };
  for await (const prediction of predictions) {
    const key = keyOf(placed(prediction, settings));
    const row = rows.get(key);
    if (!row) throw unknown(prediction, test);
    const before = found.get(key);
    if (before) throw doubled(prediction, row, before.where);
    const matched = matchRow(prediction, row, labels[row.axis]!, piecesOf);
    found.set(key, {matched, where: prediction.where, whole: prediction.wholeVocabulary});
  }
  refuseMissing(test, found);
  const all = [...found.values()];
  const labelsOnly = all.every(({matched, whole}) => !whole && Math.abs(matched.offLabel!) < IS_ONE);
  return test.map((row) => {
    const {matched} = found.get(keyOf(row))!;
    return labelsOnly ? {...matched, offLabel: null} : matched;
  });
}

type Key = Pick<DataRow, "corpus" | "axis" | "example_id">;

function keyOf({corpus, axis, example_id}: Key): string {
  return JSON.stringify([corpus, axis, example_id]);
}

/** Corpus and axis may be left out where the study has one. */
function placed(
  {where, example_id, corpus, axis}: PredictedRow,
  {corpora, axes}: {corpora: string[]; axes: string[]}
): Key {
  const one = (name: string, said: string | null, known: string[]): string => {
    if (said !== null) return said;
    if (known.length === 1) return known[0]!;
    throw refuse(
      where,
      `column ${name}, since the study has ${known.join(", ")}`,
      "none",
      `Add it, or name it with --column ${name}=NAME.`
    );
  };
  return {example_id, corpus: one("corpus", corpus, corpora), axis: one("axis", axis, axes)};
}

function matchRow(
  prediction: PredictedRow,
  row: DataRow,
  labels: string[],
  piecesOf: LabelPieces
): MatchedRow {
  const {where, gold, logProbabilities} = prediction;
  if (gold !== null && gold !== row.gold)
    throw refuse(
      where,
      `gold label “${row.gold}” for ${nameOf(row)}`,
      `“${gold}”`,
      "These predictions are for other labels: export the study again and score that."
    );
  const strange = [...logProbabilities.keys()].find((label) => !labels.includes(label));
  const without = labels.find((label) => !logProbabilities.has(label));
  if (strange !== undefined || without !== undefined)
    throw refuse(
      where,
      `a probability for each label of ${row.axis}: ${labels.join(", ")}`,
      strange === undefined ? `none for ${without}` : `one for “${strange}”`,
      "Name the columns after the study's labels."
    );
  const exact = exclusive(prediction, labels, piecesOf);
  const logits = labels.map((label) => exact.get(label)!);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  if (sum > 1 + ABOVE_ONE)
    throw refuse(
      where,
      "probabilities that add up to one at most",
      String(Number(sum.toPrecision(6))),
      howToAddUp(prediction, labels)
    );
  if (logits.every((logit) => logit === -Infinity))
    throw refuse(
      where,
      "a label with some probability",
      "none",
      "Give logarithms (logp_LABEL) where numbers are small."
    );
  const predicted = labels[logits.indexOf(Math.max(...logits))]!;
  return {row, predicted, logits, offLabel: Math.max(0, 1 - sum)};
}

/** Log-probabilities of labels that exclude one another. Those of a table are taken for such. */
function exclusive(
  {where, logProbabilities, wholeVocabulary}: PredictedRow,
  labels: string[],
  piecesOf: LabelPieces
): Map<string, number> {
  if (!wholeVocabulary) return logProbabilities;
  const pairs = beginnings(labels, piecesOf);
  const wrong = contradicted(logProbabilities, pairs);
  if (!wrong) return withoutLonger(logProbabilities, pairs);
  const [shorter, longer] = wrong;
  throw refuse(
    where,
    `“${shorter}” at least as likely as “${longer}”, whose tokens it begins`,
    "a smaller log-likelihood",
    "The scored model has other tokens than the study's: import a table with probabilities that exclude one another."
  );
}

/** Labels that begin others are told by their text, since nothing says what a table's numbers are of. */
function howToAddUp({wholeVocabulary}: PredictedRow, labels: string[]): string {
  const shorter = labels.find((a) => labels.some((b) => a !== b && b.startsWith(a)));
  const longer = labels.find((label) => label !== shorter && label.startsWith(shorter ?? label));
  if (wholeVocabulary) return "Score the study's labels alone, each after the same prompt.";
  return shorter !== undefined && longer !== undefined
    ? `“${shorter}” begins “${longer}”: if these are probabilities of their tokens, take that of the longer label from the shorter one's, or import lm-eval's sample log, where this is done.`
    : "Divide by their sum, or give log-probabilities of the whole vocabulary.";
}

function unknown(prediction: PredictedRow, [first]: DataRow[]): Error {
  const {where, example_id, corpus, axis} = prediction;
  return refuse(
    where,
    `a test row of the study${first ? `, such as ${nameOf(first)}` : ""}`,
    nameOf({example_id, corpus: corpus ?? "its corpus", axis: axis ?? "its axis"}),
    "Score the rows of `because export`'s test file; training rows do not belong here."
  );
}

function doubled({where}: PredictedRow, row: DataRow, before: string): Error {
  return refuse(where, "each test row once", `${nameOf(row)} again, after ${before}`, "Keep one of them.");
}

function refuseMissing(test: DataRow[], found: Map<string, unknown>): void {
  const missing = test.filter((row) => !found.has(keyOf(row)));
  if (missing.length === 0) return;
  throw refuse(
    "the files together",
    `a prediction for each of ${test.length} test rows`,
    `none for ${missing.length}, the first ${nameOf(missing[0]!)}`,
    "Score all rows of the test file; several files may be given at once."
  );
}

function nameOf({example_id, corpus, axis}: Key): string {
  return `example ${example_id} of ${corpus} on axis ${axis}`;
}
