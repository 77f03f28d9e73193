import {nouns} from "./lexicon.js";
import type {Lexicon} from "./lexicon.js";

/** Two people in a film plan or fear something. */
export const film: Lexicon = {
  roles: [
    ["MARA", "JONAS"],
    ["JONAS", "VERA"],
    ["VERA", "MARA"]
  ],
  topics: nouns("casino", "ransom", "tunnel", "painting", "diamonds*", "letters*", "hostages*", "twins*"),
  parts: nouns(
    "driver",
    "alarm",
    "boss",
    "signal",
    "plan",
    "guards*",
    "cops*",
    "exits*",
    "keys*",
    "cameras*"
  ),
  values: ["gone", "ready", "asleep", "dead", "late", "outside", "armed"],
  verb: ["is", "are"],
  dialogues: [
    [["asker", "tonight, the {topic}. talk. what of the {parts}?"]],
    [
      ["asker", "they know of the {topic}."],
      ["answerer", "damn."],
      ["asker", "quick, the {parts}!"]
    ]
  ],
  closings: ["ask me no more", "no more, i swear", "i heard no more"],
  turns: ["now think of the {topic}", "now listen, the {topic}", "now back to the {topic}"]
};
