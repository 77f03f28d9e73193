import {nouns} from "./lexicon.js";
import type {Lexicon} from "./lexicon.js";

/** A customer writes to a support desk about something that failed. */
export const support: Lexicon = {
  roles: [["customer", "agent"]],
  topics: nouns("router", "account", "printer", "parcel", "invoices*", "backups*", "passwords*", "licences*"),
  parts: nouns(
    "cause",
    "refund",
    "ticket",
    "deadline",
    "upgrade",
    "fees*",
    "forms*",
    "logs*",
    "settings*",
    "delays*"
  ),
  values: ["pending", "confirmed", "resolved", "temporary", "registered", "approved", "urgent"],
  verb: ["is", "are"],
  dialogues: [
    [["asker", "help, my {topic} failed. check the {parts}."]],
    [
      ["answerer", "how can we help?"],
      ["asker", "with my {topic}: the {parts}."]
    ]
  ],
  closings: ["no more on file", "records show no more", "i see no more"],
  turns: ["now about the {topic}", "now we check the {topic}", "now regarding the {topic}"]
};
