/** Prompts as short as the study's trainer makes them: other trainers cut sequences where the label stands. */
import type {DataRow} from "../../src/core/contract.js";
import type {CountTokens} from "../../src/core/modes.js";

export interface CutPrompt {
  prompt: string;
  /** Whether turns were left out. */
  cut: boolean;
}

/**
 * A prompt of `room` tokens at most: its first turns are left out, whole, while it is longer; what stands before them and
 * the last turn, which is judged, always stay.
 */
export function cutPrompt({prompt, turns}: DataRow, room: number, countPrompt: CountTokens): CutPrompt {
  if (countPrompt(prompt) <= room) return {prompt, cut: false};
  const points = [...prompt];
  const starts = turns.split(",").filter(Boolean).map(Number);
  const head = points.slice(0, starts[0]).join("");
  const from = (turn: number) => head + points.slice(starts[turn]).join("");
  // Prompts only get shorter from turn to turn: the first that fits is found by halving.
  let [low, high] = [1, starts.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (countPrompt(from(middle)) <= room) high = middle;
    else low = middle + 1;
  }
  return high < 1 ? {prompt, cut: false} : {prompt: from(high), cut: true};
}
