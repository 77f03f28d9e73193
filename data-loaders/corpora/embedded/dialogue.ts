/** The turns before the response: what the dialogue is about, and which parts are asked for. */
import type {Turn} from "../../../src/core/conversation.js";
import type {Random} from "../../../src/core/random.js";
import type {Lexicon} from "./lexicons/lexicon.js";
import type {Subject} from "./response.js";
import {listOf} from "./sentences.js";

/** One of the lexicon's dialogues with its slots filled. Turns are never broken: only the response is judged. */
export function writeDialogue({topic, asked}: Subject, {dialogues, roles}: Lexicon, random: Random): Turn[] {
  const [asker, answerer] = random.pick(roles);
  const parts = listOf(asked);
  return random.pick(dialogues).map(([who, text]) => ({
    role: who === "asker" ? asker : who === "answerer" ? answerer : who,
    text: text.replace("{topic}", topic.text).replace("{parts}", parts)
  }));
}
