/**
 * USR (Mehri & Eskenazi, ACL 2020): responses of several systems to the same 60 contexts of Topical-Chat or
 * PersonaChat, each scored by three raters. Reads `tc_usr_data.json` and `pc_usr_data.json` as published.
 */
import {z} from "zod";
import type {Example, Turn} from "../../src/core/conversation.js";
import {checkShape, scoresOf} from "./rated-document.js";
import {drop, emptyReading} from "./reading.js";
import type {WholeReading} from "./reading.js";
import {readJson} from "./source-file.js";
import type {Source} from "./source-file.js";

const Document = z.array(
  z.looseObject({
    context: z.string(),
    responses: z.array(z.looseObject({response: z.string(), Overall: z.array(z.unknown()).min(1)})).min(1)
  })
);

/**
 * One example a response. All responses to one context are one dialogue, and so are contexts of which one goes on where
 * another ends: they are two moments of the same conversation.
 */
export async function readUsr(source: Source): Promise<WholeReading> {
  const contexts = checkShape(Document, await readJson(source), source.name, "the format of USR");
  const reading = emptyReading();
  const keys = [...new Set(contexts.map(({context}) => trimmed(context)))];
  const responsesTo = new Map<string, number>();
  for (const {context, responses} of contexts) {
    const key = trimmed(context);
    const turns = turnsOf(key);
    for (const row of responses) {
      reading.rows_read++;
      const nth = responsesTo.get(key) ?? 0;
      responsesTo.set(key, nth + 1);
      if (row.response.trim() === "") drop(reading, "the response is empty");
      else
        reading.examples.push(
          exampleOf(`${nameOf(key, keys)}-${nth}`, nameOf(beginningOf(key, keys), keys), turns, row)
        );
    }
  }
  return reading;
}

/** A context without blanks at the ends of its lines, which differ where the conversation is the same. */
function trimmed(context: string): string {
  return context
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}

/** The shortest context that this one goes on from; itself where there is none. */
function beginningOf(context: string, all: string[]): string {
  const beginnings = all.filter((other) => context.startsWith(`${other}\n`));
  return beginnings.reduce((shortest, other) => (other.length < shortest.length ? other : shortest), context);
}

/** `context-07`, by order of first occurrence. */
function nameOf(context: string, all: string[]): string {
  return `context-${String(all.indexOf(context)).padStart(2, "0")}`;
}

function exampleOf(example_id: string, dialogue_id: string, turns: Turn[], row: {response: string}): Example {
  return {example_id, dialogue_id, turns, response: row.response.trim(), scores: scoresOf(row)};
}

/** One turn a line. The rated system answers the last turn, so that one is the user's and roles alternate backwards. */
function turnsOf(context: string): Turn[] {
  const lines = context.split("\n");
  return lines.map((text, i) => ({role: (lines.length - i) % 2 === 1 ? "user" : "assistant", text}));
}
