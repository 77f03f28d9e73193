import {nouns} from "./lexicon.js";
import type {Lexicon} from "./lexicon.js";

/** A shopper asks a seller about a product. */
export const product: Lexicon = {
  roles: [["shopper", "seller"]],
  topics: nouns("lamp", "kettle", "camera", "blanket", "boots*", "speakers*", "scissors*", "curtains*"),
  parts: nouns(
    "price",
    "colour",
    "weight",
    "size",
    "fabric",
    "buttons*",
    "straps*",
    "edges*",
    "batteries*",
    "seams*"
  ),
  values: ["sturdy", "light", "adjustable", "bright", "elegant", "durable", "standard"],
  verb: ["is", "are"],
  dialogues: [
    [["asker", "i may buy the {topic}. how good are the {parts}?"]],
    [["asker", "question about the {topic}: describe the {parts}."]]
  ],
  closings: ["the box says no more", "no more is known", "we list no more"],
  turns: ["now see the {topic}", "now compare the {topic}", "now on to the {topic}"]
};
