/** What the study keeps of a corpus, whatever its reader: lengths of responses, lengths of histories, no repeats. */
import type {Example} from "../../src/core/conversation.js";
import type {CorpusConfig} from "../../src/core/study.js";
import {drop} from "./reading.js";
import type {Reading} from "./reading.js";
import {SeenIds} from "./seen-ids.js";

/** The role of what is talked about: a passage, not a turn of the dialogue. */
const PASSAGE = "context";

/** The reading's examples without those that the study leaves out, which are counted, and with no more history. */
export async function* keptExamples(reading: Reading, config: CorpusConfig): AsyncGenerator<Example> {
  const {words, history} = config.reader === "embedded" ? {} : config;
  const {min = 0, max = Infinity} = words ?? {};
  const ids = new SeenIds();
  let place = 0;
  for await (const example of reading.examples) {
    const length = words ? wordsIn(example.response) : min;
    if (ids.add(example.example_id, ++place) !== null) drop(reading, "the same as an earlier one");
    else if (length < min) drop(reading, "the response has fewer words than the study asks for");
    else if (length > max) drop(reading, "the response has more words than the study asks for");
    else yield history === undefined ? example : {...example, turns: latest(example, history)};
  }
}

/** Words are what blanks part. */
function wordsIn(text: string): number {
  return text.trim().split(/\s+/).length;
}

/** The latest turns, and the passage that the dialogue is about. */
function latest({turns}: Example, history: number): Example["turns"] {
  const passages = turns.findIndex(({role}) => role !== PASSAGE);
  const first = passages < 0 ? turns.length : passages;
  const said = turns.slice(first);
  return [...turns.slice(0, first), ...said.slice(Math.max(0, said.length - history))];
}
