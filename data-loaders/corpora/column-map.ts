/** One's own rows as examples, through the column map of the study. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Example, Given, RaterScores} from "../../src/core/conversation.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {checkedRows, valueOf} from "./own-table.js";
import type {OwnRow, OwnTable} from "./own-table.js";
import {Misfit, scoresOf, textOf, turnsOf} from "./own-values.js";
import {streamed} from "./reading.js";
import type {Reading} from "./reading.js";
import {SeenIds} from "./seen-ids.js";

/** Every row becomes an example; a row that cannot is an error that names it. */
export function readTable(open: () => Promise<OwnTable>, config: OwnCorpusConfig): Reading {
  return streamed(async function* (tally) {
    const ids = new SeenIds();
    for await (const row of checkedRows(await open(), config)) {
      const example = exampleOf(row, ++tally.rows_read, config);
      if (config.columns.id !== undefined) checkId(example.example_id, row, ids, config);
      yield example;
    }
  });
}

/** `nth` counts rows from 1. */
function exampleOf(row: OwnRow, nth: number, config: OwnCorpusConfig): Example {
  const {columns} = config;
  const example_id = columns.id === undefined ? String(nth) : required(row, columns.id, "an id", config);
  const dialogue_id =
    columns.dialogue === undefined
      ? example_id
      : required(row, columns.dialogue, "the id of a dialogue", config);
  const response = required(row, columns.response, "a response with text in it", config);
  const turns = columns.turns === undefined ? [] : read(turnsOf, row, columns.turns, config);
  const given = givenOf(row, config);
  const scores = ratingsOf(row, config);
  return {
    example_id,
    dialogue_id,
    turns,
    response,
    ...(Object.keys(given).length > 0 && {given}),
    ...(Object.keys(scores).length > 0 && {scores})
  };
}

/** What the file says on each axis; axes of which it says nothing in this row are left out. */
function givenOf(row: OwnRow, config: OwnCorpusConfig): Record<string, Given> {
  const labels = config.labels ?? {};
  const explanations = typeof config.explanations === "object" ? config.explanations : {};
  const given: Record<string, Given> = {};
  for (const [axis, column] of Object.entries(labels)) {
    const label = read(textOf, row, column, config);
    if (label !== null) given[axis] = {label};
  }
  for (const [axis, column] of Object.entries(explanations)) {
    const explanation = read(textOf, row, column, config);
    if (explanation !== null) given[axis] = {...given[axis], explanation};
  }
  return given;
}

/** Scores by column, which is the name of the rater scale. */
function ratingsOf(row: OwnRow, config: OwnCorpusConfig): RaterScores {
  const columns = new Set(Object.values(config.scores ?? {}).flatMap(({from}) => from));
  return Object.fromEntries([...columns].map((column) => [column, read(scoresOf, row, column, config)]));
}

function required(row: OwnRow, column: string, expected: string, config: OwnCorpusConfig): string {
  const text = read(textOf, row, column, config);
  if (text !== null) return text;
  throw new BadInput({
    where: placeOf(row, column, config),
    expected,
    found: valueOf(row.values, column) === undefined ? "no such value" : "an empty one",
    mend: "Fill it in, or remove the row."
  });
}

function read<T>(reader: (value: unknown) => T, row: OwnRow, column: string, config: OwnCorpusConfig): T {
  try {
    return reader(valueOf(row.values, column));
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new BadInput({
      where: placeOf(row, column, config),
      expected: error.expected,
      found: error.found,
      mend: "Correct the value, or name another column in the study."
    });
  }
}

function placeOf({unit, number}: OwnRow, column: string, config: OwnCorpusConfig): string {
  return `${config.path}, ${unit} ${number}, column ${column}`;
}

function checkId(id: string, row: OwnRow, ids: SeenIds, config: OwnCorpusConfig): void {
  const before = ids.add(id, row.number);
  if (before === null) return;
  throw new BadInput({
    where: placeOf(row, config.columns.id ?? "", config),
    expected: "an id of its own in every row",
    found: `“${id}”, which ${row.unit} ${before} has too`,
    mend: "Make the ids unique, or leave out columns.id to number the rows."
  });
}
