/**
 * CoQA (Reddy et al., TACL 2019): conversations about a passage. Reads `coqa-train-v1.0.json` and `coqa-dev-v1.0.json`,
 * one document with a list `data`, one entry after another. Further answers by other people (dev) are not read.
 */
import {JSONParser} from "@streamparser/json";
import {z} from "zod";
import type {Turn} from "../../src/core/conversation.js";
import type {CoqaConfig} from "../../src/core/study.js";
import {examplesOf} from "./dialogue-responses.js";
import {streamBytes} from "./line-stream.js";
import {misfit} from "./publisher-values.js";
import {checkShape} from "./rated-document.js";
import {streamed} from "./reading.js";
import type {Reading} from "./reading.js";
import {notJson} from "./source-file.js";
import type {Source} from "./source-file.js";

const Utterances = z.array(z.object({input_text: z.string(), turn_id: z.number()}));
const Story = z.object({
  id: z.string().min(1),
  story: z.string(),
  questions: Utterances.min(1),
  answers: Utterances
});
type Story = z.infer<typeof Story>;

/** One dialogue a passage. The passage is its first turn, of role `context`. */
export function readCoqa(config: CoqaConfig, sources: Source[]): Reading {
  return streamed(async function* (tally) {
    for (const source of sources) {
      let place = 0;
      for await (const entry of streamEntries(source)) {
        const story = checkShape(Story, entry, `${source.name}, data[${place++}]`, "the format of CoQA");
        yield* examplesOf(
          {dialogue_id: story.id, turns: turnsOf(story), idOf: (nth) => `${story.id}-${nth}`},
          config.turn,
          tally
        );
      }
      if (place === 0) throw misfit(source.name, "a list `data` with stories in it, as in CoQA", "none");
    }
  });
}

function turnsOf({story, questions, answers}: Story): Turn[] {
  const answerTo = new Map(answers.map(({turn_id, input_text}) => [turn_id, input_text]));
  const exchanges = questions.flatMap(({turn_id, input_text}): Turn[] => [
    {role: "user", text: input_text.trim()},
    {role: "assistant", text: (answerTo.get(turn_id) ?? "").trim()}
  ]);
  return [{role: "context", text: story.trim()}, ...exchanges];
}

/** The entries of the document's `data`. Throws BadInput on what is no JSON, or not all of it. */
async function* streamEntries(source: Source): AsyncGenerator<unknown> {
  const parser = new JSONParser({paths: ["$.data.*"], keepStack: false});
  const decoder = new TextDecoder("utf-8", {fatal: true});
  let entries: unknown[] = [];
  parser.onValue = ({value}) => void entries.push(value);
  for await (const bytes of streamBytes(source)) {
    try {
      parser.write(decoder.decode(bytes, {stream: true}));
    } catch (error) {
      throw notJson(source.name, error as Error);
    }
    yield* entries;
    entries = [];
  }
  if (!parser.isEnded) throw notJson(source.name, new Error("it breaks off"));
}
