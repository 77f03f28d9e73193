/**
 * Labels of which one begins another, as in the trainer's `longer_labels.py`: the tokens of *good* begin those of *good
 * enough*, so their probability holds that of both labels.
 */
import {readFile} from "node:fs/promises";
import {Tokenizer} from "@huggingface/tokenizers";
import {COMPLETION_TEXT} from "../../src/core/prompt.js";

/** A label as the pieces of which it is predicted. */
export type LabelPieces = (label: string) => string[];

/** Words and marks stand for tokens where no tokenizer is known: *good* begins *good enough*, but 1 does not begin 10. */
export const wordPieces: LabelPieces = (label) => label.match(/[\p{L}\p{N}\p{M}_]+|[^\s]/gu) ?? [];

/** Stands for the prompt, as in the trainer's tokenizer. */
const ANCHOR = ":";

/** Tokens by a `tokenizer.json`, of a label behind a prompt. */
export async function tokenPieces(file: string): Promise<LabelPieces> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(file, "utf8")) as object, {});
  const encode = (text: string) => tokenizer.encode(text, {add_special_tokens: false}).tokens;
  const before = encode(ANCHOR).length;
  return (label) => encode(ANCHOR + COMPLETION_TEXT.label_prefix + label).slice(before);
}

/** Two labels of which the first begins the second. */
export type Beginning = [shorter: string, longer: string];

/** Pairs of labels of which one begins the other, with none between them. */
export function beginnings(labels: string[], piecesOf: LabelPieces): Beginning[] {
  const pieces = new Map(labels.map((label) => [label, piecesOf(label)]));
  const begins = (a: string, b: string) => {
    const [short, long] = [pieces.get(a)!, pieces.get(b)!];
    return short.length < long.length && short.every((piece, i) => piece === long[i]);
  };
  return labels.flatMap((shorter) => {
    const longer = labels.filter((label) => begins(shorter, label));
    return longer
      .filter((label) => !longer.some((between) => begins(between, label)))
      .map((label): Beginning => [shorter, label]);
  });
}

/** Takes from each label's probability that of the longer ones it begins; all in logarithms. */
export function withoutLonger(
  logProbabilities: Map<string, number>,
  pairs: readonly Beginning[]
): Map<string, number> {
  const exact = new Map(logProbabilities);
  for (const [label, log] of logProbabilities) {
    const share = pairs
      .filter(([shorter]) => shorter === label && log > -Infinity)
      .reduce((sum, [, longer]) => sum + Math.exp(logProbabilities.get(longer)! - log), 0);
    if (share > 0) exact.set(label, log + Math.log(Math.max(1 - share, SMALLEST)));
  }
  return exact;
}

/** A continuation that is this many times as likely as what it continues was encoded otherwise. */
const ROUNDING = 1.1;
/** What is left of a label that goes on for certain. */
const SMALLEST = 1e-300;

/** A pair whose longer label is likelier than the one that begins it, which tokens of one model cannot be. */
export function contradicted(
  logProbabilities: Map<string, number>,
  pairs: readonly Beginning[]
): Beginning | undefined {
  return pairs.find(
    ([shorter, longer]) => logProbabilities.get(longer)! > logProbabilities.get(shorter)! + Math.log(ROUNDING)
  );
}
