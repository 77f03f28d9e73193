import type {EmbeddedCorpusConfig} from "../../../../src/core/study.js";
import {assistant} from "./assistant.js";
import {film} from "./film.js";
import type {Lexicon} from "./lexicon.js";
import {product} from "./product.js";
import {reading} from "./reading.js";
import {smallTalk} from "./small-talk.js";
import {support} from "./support.js";

/** The six kinds of conversation. */
export const LEXICONS: Record<EmbeddedCorpusConfig["kind"], Lexicon> = {
  assistant,
  support,
  reading,
  product,
  film,
  "small-talk": smallTalk
};
