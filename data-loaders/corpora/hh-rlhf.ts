/**
 * HH-RLHF (Bai et al. 2022, arXiv:2204.05862): pairs of dialogues that end in different responses, of which a person
 * chose one. Reads the `jsonl.gz` files of `Anthropic/hh-rlhf`, each line {chosen, rejected}.
 */
import type {Turn} from "../../src/core/conversation.js";
import type {HhRlhfConfig} from "../../src/core/study.js";
import {shortHash} from "../stages/content-hash.js";
import {examplesOf} from "./dialogue-responses.js";
import {streamObjects} from "./json-lines.js";
import {publisherText} from "./publisher-values.js";
import {drop, streamed} from "./reading.js";
import type {Reading} from "./reading.js";
import type {Source} from "./source-file.js";

const SPEAKER = /\n\n(Human|Assistant):/g;
const ROLES: Record<string, string> = {Human: "user", Assistant: "assistant"};

/**
 * Dialogues that open with the same words are one: the set has many pairs that continue the conversation of another.
 * Ids of examples are hashes of what they say, so that a pair that stands in two files counts once.
 */
export function readHhRlhf(config: HhRlhfConfig, sources: Source[]): Reading {
  return streamed(async function* (tally) {
    for (const source of sources)
      for await (const {number, values} of streamObjects(source)) {
        const text = publisherText(values, config.which, `${source.name}, line ${number}`);
        const turns = turnsOf(text);
        if (turns[0] === undefined) {
          tally.rows_read++;
          drop(tally, "the dialogue names no speaker");
        } else
          yield* examplesOf(
            {
              dialogue_id: shortHash(turns[0].text),
              turns,
              idOf: (_, before, response) => shortHash([before, response])
            },
            config.turn,
            tally
          );
      }
  });
}

/** Turns begin with a blank line and `Human:` or `Assistant:`. */
function turnsOf(text: string): Turn[] {
  const parts = text.split(SPEAKER).slice(1);
  return parts.flatMap((part, i) => (i % 2 === 0 ? [{role: ROLES[part]!, text: parts[i + 1]!.trim()}] : []));
}
