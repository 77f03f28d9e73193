/** Values of options, checked as they are read. */
import {InvalidArgumentError} from "commander";
import {BadInput} from "../../src/core/bad-input.js";
import {COLUMNS} from "../imports/predicted-row.js";
import {FORMATS} from "../paper/formats.js";
import type {Format} from "../paper/formats.js";
import {TABLE_FORMATS, type TableFormat} from "../paper/table-formats.js";

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

/** `--only effects,layers`. */
export function parseNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

/** `--format pdf,png`. */
export const parseFormats = (text: string): Format[] => namesAmong(FORMATS, text);
export const parseTableFormats = (text: string): TableFormat[] => namesAmong(TABLE_FORMATS, text);

function namesAmong<T extends string>(known: readonly T[], text: string): T[] {
  const names = parseNames(text);
  const unknown = names.find((name) => !known.some((format) => format === name));
  if (names.length === 0 || unknown !== undefined)
    throw new InvalidArgumentError(`there are ${known.join(", ")}.`);
  return names as T[];
}

/** Widths that a figure can be drawn for and a page can hold. */
const [NARROWEST, WIDEST] = [60, 400];

/** `--width 84`. */
export function parseMillimetres(text: string): number {
  const mm = Number(text);
  if (!(mm >= NARROWEST && mm <= WIDEST))
    throw new InvalidArgumentError(`a width is ${NARROWEST} to ${WIDEST} mm.`);
  return mm;
}

/** `--largest 25`. */
export function parseMegabytes(text: string): number {
  const mb = Number(text);
  if (!(mb > 0)) throw new InvalidArgumentError("it is a number of megabytes.");
  return mb;
}

/** `--dpi 600`. */
export function parseDots(text: string): number {
  const dots = Number(text);
  if (!Number.isInteger(dots) || dots < 72 || dots > 1200)
    throw new InvalidArgumentError("it is a whole number from 72 to 1200.");
  return dots;
}

/** A study that --study names, or the first of the arguments; the others are files. */
export function studyAndFiles(
  command: string,
  named: string | undefined,
  given: string[]
): {study: string; files: string[]} {
  const [study, ...files] = named === undefined ? given : [named, ...given];
  if (study !== undefined) return {study, files};
  throw new BadInput({
    where: `because ${command}`,
    expected: "a study file",
    found: "none",
    mend: `Name it: \`npx because ${command} FILE\`, or \`--study FILE\`.`
  });
}

/** The same for a command without files: one of both names the study. */
export function studyAlone(
  command: string,
  named: string | undefined,
  given: string | undefined
): {study: string} {
  const {study, files} = studyAndFiles(command, named, given === undefined ? [] : [given]);
  if (files.length === 0) return {study};
  throw new BadInput({
    where: `because ${command}`,
    expected: "one study file",
    found: `${study} and ${files.join(", ")}`,
    mend: "Name it once: as an argument, or with --study."
  });
}
