/** What judges are asked, what they answer, and what people rate: shared by the judges stage, merging and the pages. */

/** One message of a prompt. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/** One question to one judge: rate and explain an example on an axis. */
export interface VoteRequest {
  corpus: string;
  example_id: string;
  axis: string;
  /** Key of the judge in the study. */
  judge: string;
  /** Key of the prompt in the study. */
  prompt: string;
  messages: Message[];
  /** Lowest and highest score that can be given. */
  scale: readonly [number, number];
}

/**
 * What became of a question. `scored` alone is a vote that counts: `refused` (the model declined), `empty` (no text),
 * `cut-off` (ended by the length limit before it was whole), `unreadable` (no score can be read), `out-of-scale` (a
 * score that the scale has not), `failed` (the service gave no reply within the bound of retries).
 */
export const VOTE_STATUSES = [
  "scored",
  "refused",
  "empty",
  "cut-off",
  "unreadable",
  "out-of-scale",
  "failed"
] as const;
export type VoteStatus = (typeof VOTE_STATUSES)[number];

/** A line of the vote log: one reply to one question. The last attempt of a key is the one that counts. */
export interface Vote {
  /** Hash of everything that decides the reply: service, model, parameters, messages, and the scale. */
  key: string;
  corpus: string;
  example_id: string;
  axis: string;
  judge: string;
  prompt: string;
  /** From 1. */
  attempt: number;
  status: VoteStatus;
  /** On the prompt's scale; null unless `scored`. What was out of scale stands in `raw`. */
  score: number | null;
  scale: readonly [number, number];
  /** A clause that can follow the word *because*; empty where there is none. */
  explanation: string;
  /** The service's reply as it came, or what it said instead. */
  raw: string;
  input_tokens: number;
  output_tokens: number;
  /** In the study's currency; null without a price. */
  cost: number | null;
  /** Seconds from sending to the reply's end, of this attempt. */
  seconds: number;
  /** ISO 8601, UTC. */
  at: string;
}

/** A line of a ratings file: what one person gave one example on one axis. Saved by the Rate page, read as golden set. */
export interface Rating {
  corpus: string;
  example_id: string;
  axis: string;
  rater: string;
  /** A label of the axis, or null where the rater passed. */
  label: string | null;
  /** Which text was rated ({@link "./example-text.js"}); absent from files that don't say. */
  text?: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Votes on one example and axis, on one common scale: label positions from 1 to the number of labels. */
export interface RatedItem {
  corpus: string;
  example_id: string;
  axis: string;
  /** By rater (for judges `judge/prompt`); null where it has no usable vote. */
  scores: (number | null)[];
}
