/**
 * USR (Mehri & Eskenazi, ACL 2020): responses of several systems to the same 60 contexts of Topical-Chat or
 * PersonaChat, each scored by three raters. Reads `tc_usr_data.json` and `pc_usr_data.json` as published.
 */
import {z} from "zod";
import type {Example, Turn} from "../../src/core/conversation.js";
import type {RatedCorpusConfig} from "../../src/core/study.js";
import {checkShape, scoresOf} from "./rated-document.js";
import {drop, emptyReading} from "./reading.js";
import type {Reading} from "./reading.js";
import {readJson} from "./source-file.js";

const Document = z.array(
  z.looseObject({
    context: z.string(),
    responses: z.array(z.looseObject({response: z.string(), Overall: z.array(z.unknown()).min(1)})).min(1)
  })
);

/** One example a response; all responses to one context are one dialogue. */
export async function readUsr(config: RatedCorpusConfig, folder: string): Promise<Reading> {
  const contexts = checkShape(
    Document,
    await readJson(config.path, folder),
    config.path,
    "the format of USR"
  );
  const reading = emptyReading();
  const dialogues = new Map<string, {id: string; responses: number}>();
  for (const {context, responses} of contexts) {
    const key = context.trim();
    if (!dialogues.has(key))
      dialogues.set(key, {id: `context-${String(dialogues.size).padStart(2, "0")}`, responses: 0});
    const dialogue = dialogues.get(key)!;
    const turns = turnsOf(key);
    for (const row of responses) {
      reading.rows_read++;
      const example_id = `${dialogue.id}-${dialogue.responses++}`;
      if (row.response.trim() === "") drop(reading, "the response is empty");
      else reading.examples.push(exampleOf(example_id, dialogue.id, turns, row));
    }
  }
  return reading;
}

function exampleOf(example_id: string, dialogue_id: string, turns: Turn[], row: {response: string}): Example {
  return {example_id, dialogue_id, turns, response: row.response.trim(), scores: scoresOf(row)};
}

/** One turn a line. The rated system answers the last turn, so that one is the user's and roles alternate backwards. */
function turnsOf(context: string): Turn[] {
  const lines = context.split("\n").map((line) => line.trim());
  return lines.map((text, i) => ({role: (lines.length - i) % 2 === 1 ? "user" : "assistant", text}));
}
