import {nouns} from "./lexicon.js";
import type {Lexicon} from "./lexicon.js";

/** Two friends chat about how something went. */
export const smallTalk: Lexicon = {
  roles: [
    ["Ada", "Ben"],
    ["Ben", "Cleo"],
    ["Cleo", "Ada"]
  ],
  topics: nouns("picnic", "wedding", "concert", "hike", "holidays*", "puppies*", "neighbours*", "lessons*"),
  parts: nouns(
    "weather",
    "food",
    "music",
    "crowd",
    "mood",
    "kids*",
    "views*",
    "jokes*",
    "drinks*",
    "photos*"
  ),
  values: ["lovely", "awful", "noisy", "funny", "relaxed", "strange", "cosy"],
  verb: ["was", "were"],
  dialogues: [
    [["asker", "hey, how did the {topic} go? and the {parts}?"]],
    [
      ["answerer", "hi!"],
      ["asker", "tell me about the {topic}, the {parts}!"]
    ]
  ],
  closings: ["well, no more gossip", "um, no more", "i recall no more"],
  turns: ["now hear about the {topic}", "now, guess what, the {topic}", "now oh, the {topic}"]
};
