/** What the values of a query's columns are called and look like: arms have their mode's title, colour and marker. */
import {parseArm} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import {armTitle, modeColor, modeTextColor} from "../core/palette.js";
import {INK} from "./marks.js";

/** Colours of a column's values, in their order; apart for the colour-blind, in light and dark. */
const COLORS = ["#4269d0", "#c9711a", "#b3417f", "#2f8f7b", "#8a6fd1", "#77746e"];
/** Values that get a colour of their own. */
export const NAMED = COLORS.length;

/** Mode of a value that is an arm's id; null for other values. */
export function modeIn(value: string | number): Mode | null {
  if (typeof value === "number") return null;
  try {
    return parseArm(value).mode;
  } catch {
    return null;
  }
}

/** A colour for each value: arms keep their mode's, others take theirs in order, and those past the last share grey. */
export function paintsOf(values: readonly string[]): Map<string, string> {
  return new Map(
    values.map((value, i) => {
      const mode = modeIn(value);
      const own = COLORS[Math.min(i, NAMED - 1)]!;
      return [value, mode ? modeColor(mode) : value === "" ? INK : own];
    })
  );
}

/** Colour of a name: its mode's shade for words. */
export function textPaint(value: string | number): string {
  const mode = modeIn(value);
  return mode ? modeTextColor(mode) : INK;
}

/** Names of a column's values: arms by title, without the parts that all of them share; others as they are. */
export function namesOf(values: Iterable<string>): Map<string, string> {
  const all = [...new Set(values)];
  const arms = all.filter((value) => modeIn(value) !== null);
  const among = arms.map(parseArm);
  const parts = new Map(arms.map((arm) => [arm, armTitle(arm, among).split(", ")]));
  const recipes = [...parts.values()].filter(({length}) => length > 1).map(([, ...recipe]) => recipe);
  const told = (part: string) => recipes.length < 2 || !recipes.every((recipe) => recipe.includes(part));
  return new Map(
    all.map((value) => {
      const [mode, ...recipe] = parts.get(value) ?? [value];
      return [value, [mode, ...recipe.filter(told)].join(", ")];
    })
  );
}
