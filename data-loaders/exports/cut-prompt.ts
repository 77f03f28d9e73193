/**
 * Prompts as short as the study's trainer makes them (`contexts.py`): other trainers cut sequences where the label stands.
 */
import {BadInput} from "../../src/core/bad-input.js";
import type {DataRow} from "../../src/core/contract.js";
import type {PromptTokens} from "./prompt-tokens.js";

/** A row whose prompt is cut as the study's trainer would. */
export type ExportRow = DataRow & {
  /** Whether the prompt lost anything. */
  cut: boolean;
  /** Whether it lost the beginning of its last turn. */
  within: boolean;
};

/**
 * Rows of one job with prompts of `room` tokens at most. All axes of one (corpus, example) lose as much as the longest of
 * them has too much: whole turns from the first on, and where only the last is left, tokens from its front. What stands
 * before the turns always stays. Throws BadInput where that leaves no room for a turn.
 */
export function cutPrompts(rows: DataRow[], room: number, tokens: PromptTokens): ExportRow[] {
  const excess = new Map<string, number>();
  for (const row of rows) {
    const above = tokens.count(row.prompt) - room;
    excess.set(exampleOf(row), Math.max(excess.get(exampleOf(row)) ?? 0, above));
  }
  return rows.map((row) => {
    const above = excess.get(exampleOf(row))!;
    return above > 0 ? {...row, ...cutPrompt(row, above, room, tokens)} : {...row, cut: false, within: false};
  });
}

function exampleOf({corpus, example_id}: DataRow): string {
  return JSON.stringify([corpus, example_id]);
}

function cutPrompt(
  row: DataRow,
  excess: number,
  room: number,
  tokens: PromptTokens
): Pick<ExportRow, "prompt" | "cut" | "within"> {
  const points = [...row.prompt];
  const before = (place: number) => tokens.count(points.slice(0, place).join(""));
  const turns = row.turns === "" ? [0] : row.turns.split(",").map(Number);
  const first = before(turns[0]!);
  if (first + excess >= tokens.count(row.prompt)) throw noRoom(row, room, first);
  const turn = turns.slice(1).find((start) => before(start) - first >= excess);
  const from = turn ?? tokens.placeOf(row.prompt, first + excess);
  const kept = [...points.slice(0, turns[0]), ...points.slice(from)];
  return {prompt: kept.join(""), cut: true, within: turn === undefined};
}

function noRoom({example_id}: DataRow, room: number, fixed: number): BadInput {
  return new BadInput({
    where: "training.max_tokens",
    expected: `prompts of ${room} tokens at most, with a turn in each`,
    found: `${fixed} tokens before the turns of ${example_id} alone`,
    mend: "Shorten the axis' question, or raise training.max_tokens."
  });
}
