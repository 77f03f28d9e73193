/** Values of options, checked as they are read. */
import {InvalidArgumentError} from "commander";
import {COLUMNS} from "../imports/predicted-row.js";

/** `--times`: two at least, since one run differs from nothing. */
export function parseTimes(text: string): number {
  const times = Number(text);
  if (!Number.isInteger(times) || times < 2) throw new InvalidArgumentError("it is a whole number from 2.");
  return times;
}

/** `--column example_id=id`, repeatable. */
export function collectColumn(value: string, before: Record<string, string>): Record<string, string> {
  const [name, column] = [value.slice(0, value.indexOf("=")), value.slice(value.indexOf("=") + 1)];
  if (!value.includes("=") || column === "" || !COLUMNS.some((known) => known === name))
    throw new InvalidArgumentError(`it is NAME=COLUMN, where NAME is one of ${COLUMNS.join(", ")}.`);
  return {...before, [name]: column};
}

/** `--seed 3`. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() === "" || !Number.isInteger(seed))
    throw new InvalidArgumentError("a seed is a whole number.");
  return seed;
}
