/**
 * FED (Mehri & Eskenazi, SIGDIAL 2020): turns of Meena, Mitsuku and people, each scored by five raters. Reads
 * `fed_data.json` as published; its rows about whole dialogues, which have no response, are left out.
 */
import {z} from "zod";
import type {Turn} from "../../src/core/conversation.js";
import {checkShape, scoresOf, Scores} from "./rated-document.js";
import {drop, emptyReading} from "./reading.js";
import type {WholeReading} from "./reading.js";
import {readJson} from "./source-file.js";
import type {Source} from "./source-file.js";

const ROLES: Record<string, string> = {User: "user", System: "assistant"};

const Document = z.array(
  z.looseObject({
    context: z.string(),
    response: z.string().optional(),
    annotations: z.record(z.string(), Scores)
  })
);

/** One example a rated turn; turns whose contexts continue one another are one dialogue. */
export async function readFed(source: Source): Promise<WholeReading> {
  const document = checkShape(Document, await readJson(source), source.name, "the format of FED");
  const reading = emptyReading();
  reading.rows_read = document.length;
  const rated = document.flatMap(({context, response, annotations}) => {
    if (response === undefined) drop(reading, "a rating of a whole dialogue");
    else if (textOf(response) === "") drop(reading, "the response is empty");
    else return [{turns: turnsOf(context), response, annotations}];
    return [];
  });
  const dialogues = dialoguesOf(rated.map(({turns, response}) => [...turns, ...turnsOf(response)]));
  reading.examples = rated.map(({turns, response, annotations}, i) => ({
    example_id: `turn-${String(i).padStart(3, "0")}`,
    dialogue_id: dialogues[i]!,
    turns,
    response: textOf(response),
    scores: scoresOf(annotations)
  }));
  return reading;
}

function textOf(response: string): string {
  return response.replace(/^(User|System):/, "").trim();
}

/** Lines such as `User: Hi!`; a line without a speaker goes on with the turn before. */
function turnsOf(context: string): Turn[] {
  const turns: Turn[] = [];
  for (const line of context.split("\n")) {
    const [, speaker, text] = /^(User|System):(.*)$/.exec(line) ?? [];
    const last = turns.at(-1);
    if (speaker !== undefined) turns.push({role: ROLES[speaker]!, text: text!.trim()});
    else if (last) last.text = `${last.text} ${line.trim()}`.trim();
    else if (line.trim() !== "") turns.push({role: "user", text: line.trim()});
  }
  return turns;
}

/**
 * The dialogue of each conversation. The file does not name dialogues, but a later turn's context begins with the
 * whole conversation of an earlier one: the longest known beginning decides. Numbered as they come in the file.
 */
function dialoguesOf(conversations: Turn[][]): string[] {
  const keys = conversations.map((turns) => beginnings(turns));
  const dialogueOf = new Map<string, number>();
  const shortestFirst = keys.map((_, i) => i).sort((a, b) => keys[a]!.length - keys[b]!.length || a - b);
  for (const i of shortestFirst) {
    const known = keys[i]!.findLast((key) => dialogueOf.has(key));
    dialogueOf.set(keys[i]!.at(-1)!, known === undefined ? i : dialogueOf.get(known)!);
  }
  const found = keys.map((key) => dialogueOf.get(key.at(-1)!)!);
  const order = [...new Set(found)];
  return found.map((dialogue) => `dialogue-${String(order.indexOf(dialogue)).padStart(3, "0")}`);
}

/** Every beginning of a conversation as text, the whole of it last. */
function beginnings(turns: Turn[]): string[] {
  const lines = turns.map(({role, text}) => JSON.stringify([role, text]));
  return lines.map((_, i) => lines.slice(0, i + 1).join("\n"));
}
