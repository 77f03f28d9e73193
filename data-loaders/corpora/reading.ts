/** What every reader hands back, and how a reader counts what it leaves out. */
import type {Example} from "../../src/core/conversation.js";

/** Counts of a reading; final when its examples have been gone through. */
export interface Tally {
  /** Responses that could be judged, and rows that gave none: what is kept and what is dropped add up to it. */
  rows_read: number;
  /** Reason → rows left out for it. */
  dropped: Map<string, number>;
}

/** Examples of a corpus, in the order of its files: all at hand, or read as they are asked for. */
export interface Reading extends Tally {
  examples: Iterable<Example> | AsyncIterable<Example>;
}

/** A reading of a small file, whose examples are all at hand. */
export interface WholeReading extends Reading {
  examples: Example[];
}

/** A reading with nothing in it yet. */
export function emptyReading(): WholeReading {
  return {examples: [], rows_read: 0, dropped: new Map()};
}

/** A reading whose examples `read` gives one by one, counting as it goes. */
export function streamed(read: (tally: Tally) => AsyncIterable<Example>): Reading {
  const reading: Reading = emptyReading();
  reading.examples = read(reading);
  return reading;
}

/** Counts rows that are left out, by a reason that the notebook shows. */
export function drop(tally: Tally, reason: string, rows = 1): void {
  if (rows > 0) tally.dropped.set(reason, (tally.dropped.get(reason) ?? 0) + rows);
}
