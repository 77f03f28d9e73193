/** The responses of a dialogue that are judged: the study says which. */
import type {Example, Turn} from "../../src/core/conversation.js";
import {drop} from "./reading.js";
import type {Tally} from "./reading.js";

/** Which responses are judged: `turn` of the study. */
export type Which = "first" | "last" | "all";

/** The role whose turns are judged. */
export const ANSWERING = "assistant";

export interface Dialogue {
  dialogue_id: string;
  turns: Turn[];
  /** An id that no other response has; `nth` counts the responses of the dialogue from 1. */
  idOf(nth: number, turns: Turn[], response: string): string;
}

/** An example for each response that is judged. Those with nothing in them, or nothing before them, are counted. */
export function* examplesOf(
  {dialogue_id, turns, idOf}: Dialogue,
  which: Which,
  tally: Tally
): Generator<Example> {
  const places = turns.flatMap(({role}, i) => (role === ANSWERING ? [i] : []));
  const nths = chosen(places.length, which);
  if (nths.length === 0) {
    tally.rows_read++;
    drop(tally, "the dialogue has no response");
  }
  for (const nth of nths) {
    tally.rows_read++;
    const place = places[nth - 1]!;
    const before = turns.slice(0, place);
    const response = turns[place]!.text.trim();
    if (response === "") drop(tally, "the response is empty");
    else if (before.length === 0) drop(tally, "the response opens the dialogue");
    else yield {example_id: idOf(nth, before, response), dialogue_id, turns: before, response};
  }
}

function chosen(count: number, which: Which): number[] {
  if (count === 0) return [];
  if (which === "all") return Array.from({length: count}, (_, i) => i + 1);
  return [which === "first" ? 1 : count];
}
