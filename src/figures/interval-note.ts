/** Which intervals a figure draws, in words: what they generalise to, and where there are none. */
import type {AllCubes} from "../core/cubes-reader.js";
import {shownKind} from "../core/intervals.js";
import type {Selection} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";

type Facts = Pick<AllCubes["study"], "seeds">;

/** The note under a figure of estimates; `known` is false where none of them has an interval. */
export function shownIntervalNote(facts: Facts, selection: Selection, known = true): string {
  if (known) return `Lines: 95\u00a0% intervals ${intervalScope(facts, selection)}.`;
  return shownKind(selection) === "trainings"
    ? "No intervals: these tables hold none over other trainings."
    : "No intervals: these tables hold none here.";
}

/** Said of an interval that exists of one kind only, whatever was chosen. */
export const DIALOGUES_ONLY =
  "Lines: 95\u00a0% intervals over other dialogues, for these trained models; none over other trainings exist here.";
