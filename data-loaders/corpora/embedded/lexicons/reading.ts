import {nouns} from "./lexicon.js";
import type {Lexicon} from "./lexicon.js";

/** A question about a passage. */
export const reading: Lexicon = {
  roles: [["question", "reader"]],
  topics: nouns("kingdom", "voyage", "harvest", "siege", "wolves*", "monks*", "miners*", "pirates*"),
  parts: nouns(
    "hero",
    "season",
    "village",
    "ending",
    "weapon",
    "enemies*",
    "laws*",
    "roads*",
    "songs*",
    "storms*"
  ),
  values: ["ancient", "bitter", "famous", "hidden", "peaceful", "cruel", "noble"],
  verb: ["was", "were"],
  dialogues: [
    [
      ["passage", "an old chronicle records the {topic}."],
      ["asker", "how does it portray the {parts}?"]
    ],
    [
      ["passage", "this chapter describes the {topic}."],
      ["asker", "what does it reveal of the {parts}?"]
    ]
  ],
  closings: ["it says no more", "no more is written", "the page tells no more"],
  turns: ["now come the lines on the {topic}", "now it names the {topic}", "now it turns to the {topic}"]
};
