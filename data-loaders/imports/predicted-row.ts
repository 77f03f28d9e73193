/** One prediction of another trainer, whatever file it came in. */
import {BadInput} from "../../src/core/bad-input.js";

/** Columns that a table of predictions may have under another name. */
export const COLUMNS = [
  "example_id",
  "corpus",
  "axis",
  "gold",
  "probabilities",
  "log_probabilities"
] as const;
export type Column = (typeof COLUMNS)[number];

export interface PredictedRow {
  /** File and line or row, for messages. */
  where: string;
  example_id: string;
  /** Null where the file does not say, which will do in a study with one. */
  corpus: string | null;
  axis: string | null;
  /** What the file takes for the true label; null where it does not say. */
  gold: string | null;
  /** Label → log-probability in nats. */
  logProbabilities: Map<string, number>;
  /** Whether the probabilities are of the labels' tokens, as parts of the whole vocabulary's, for certain. */
  wholeVocabulary: boolean;
}

/** `found` and `mend` as in {@link BadInput}. */
export function refuse(where: string, expected: string, found: string, mend: string): BadInput {
  return new BadInput({where, expected, found, mend});
}

/** Text of an id or a label; null where there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : null;
}
