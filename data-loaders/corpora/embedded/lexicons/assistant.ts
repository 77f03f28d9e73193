import {nouns} from "./lexicon.js";
import type {Lexicon} from "./lexicon.js";

/** A user asks an assistant to explain a project. */
export const assistant: Lexicon = {
  roles: [["user", "assistant"]],
  topics: nouns("bread", "pond", "tent", "loom", "tomatoes*", "candles*", "kites*", "shelves*"),
  parts: nouns(
    "timing",
    "method",
    "cost",
    "goal",
    "danger",
    "tools*",
    "steps*",
    "rules*",
    "materials*",
    "mistakes*"
  ),
  values: ["simple", "modest", "familiar", "obvious", "manageable", "typical", "limited"],
  verb: ["is", "are"],
  dialogues: [
    [["asker", "please guide me on the {topic}. explain the {parts}."]],
    [["asker", "i am new to the {topic}. list the {parts}."]]
  ],
  closings: ["i know no more", "no more to add", "there is no more"],
  turns: ["now for the {topic}", "now take the {topic}", "now to the {topic}"]
};
