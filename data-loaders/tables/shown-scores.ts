/** What a unit said of the test rows that pages show, for `examples.json`. */
import type {Reading} from "./read-predictions.js";
import type {Summary} from "./summary.js";

export interface ShownScores {
  /** UNSCORED, WRONG or RIGHT, by shown row. */
  outcome: Uint8Array;
  /** Label's index, by shown row; 255 where the row has no prediction. */
  predicted: Uint8Array;
  /** As many a row as the longest list of labels. */
  probabilities: Float64Array;
}

export function shownScores(
  {outcome, predicted, shownProbabilities}: Summary,
  {shownPlace, shown}: Pick<Reading, "shownPlace" | "shown">
): ShownScores {
  const own = {outcome: new Uint8Array(shown), predicted: new Uint8Array(shown)};
  for (let row = 0; row < shownPlace.length; ++row) {
    const place = shownPlace[row]!;
    if (place < 0) continue;
    own.outcome[place] = outcome[row]!;
    own.predicted[place] = predicted[row]!;
  }
  return {...own, probabilities: shownProbabilities};
}
