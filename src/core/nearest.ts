/** The known word that somebody may have meant. */
import {closest, distance} from "fastest-levenshtein";

/** The nearest of `known`, where one is near enough to be meant; else null. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(word, known);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : null;
}
