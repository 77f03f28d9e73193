/** What every reader hands back, and how a reader counts what it leaves out. */
import type {Example} from "../../src/core/conversation.js";

export interface Reading {
  examples: Example[];
  rows_read: number;
  /** Reason → rows left out for it. */
  dropped: Map<string, number>;
}

/** A reading with nothing in it yet. */
export function emptyReading(): Reading {
  return {examples: [], rows_read: 0, dropped: new Map()};
}

/** Counts rows that are left out, by a reason that the notebook shows. */
export function drop(reading: Reading, reason: string, rows = 1): void {
  if (rows > 0) reading.dropped.set(reason, (reading.dropped.get(reason) ?? 0) + rows);
}
