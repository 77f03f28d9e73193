/** Which intervals a figure draws, in words: what they generalise to, and where there are none. */
import type {AllCubes} from "../core/cubes-reader.js";
import {shownKind} from "../core/intervals.js";
import type {Selection} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";
import type {FigureOptions} from "./figure.js";
import type {FrameOptions} from "./frame.js";

type Facts = Pick<AllCubes["study"], "seeds">;

/** The legend of markers that say by themselves whether their interval holds zero. */
export const ZERO_KEYS = [
  {text: "interval excludes zero", sign: "filled"},
  {text: "interval holds zero", sign: "hollow"}
] as const satisfies FrameOptions["keys"];

/** The note under a figure of estimates; `known` is false where none of them has an interval. */
export function shownIntervalNote(facts: Facts, selection: Selection, known = true): string {
  if (known) return `Lines: 95\u00a0% intervals ${intervalScope(facts, selection)}.`;
  return shownKind(selection) === "trainings"
    ? "No intervals: these tables hold none over other trainings."
    : "No intervals: these tables hold none here.";
}

/** Said where intervals go on beyond the scale, which would else be theirs alone. */
export function cutNote(
  data: readonly {low: number | null; high: number | null; thin?: {low: number; high: number} | undefined}[],
  [least, most]: readonly [number, number],
  {paper}: Pick<FigureOptions, "paper"> = {}
): string {
  const cut = data.some(({low, high, thin}) =>
    [low, high, thin?.low, thin?.high].some((end) => end != null && (end < least || end > most))
  );
  return cut
    ? `Lines with an arrowhead go on beyond the scale${paper ? "" : ": point at one to read its ends"}.`
    : "";
}
