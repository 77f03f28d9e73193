/** Whole sentences as words, with what a defect needs to know of them. */
import type {Random} from "../../../src/core/random.js";
import type {Lexicon, Noun} from "./lexicons/lexicon.js";

/** What a sentence does: it tells of a part, asks back about it, says that no more is known, or turns to a topic. */
export type Purpose = "tells" | "asks back" | "closes" | "turns";

export interface Sentence {
  purpose: Purpose;
  words: string[];
}

/** A sentence about a part: `the`, noun and verb, in telling or asking order, and a value. */
export interface PartSentence extends Sentence {
  purpose: "tells" | "asks back";
  part: Noun;
  verb: string;
  value: string;
}

/** `the price is high`, or the same words asking back: `is the price high`. */
export function partSentence(
  part: Noun,
  purpose: PartSentence["purpose"],
  lexicon: Lexicon,
  random: Random
): PartSentence {
  const [verb, value] = [verbOf(part, lexicon), random.pick(lexicon.values)];
  return {purpose, words: [...clause(["the", part.text], verb, purpose), value], part, verb, value};
}

/** Subject and verb, in telling order or, without a word changed, in asking order. */
export function clause(subject: string[], verb: string, purpose: PartSentence["purpose"]): string[] {
  return purpose === "tells" ? [...subject, verb] : [verb, ...subject];
}

/** The verb form that agrees with a noun. */
export function verbOf({plural}: Noun, {verb}: Pick<Lexicon, "verb">): string {
  return verb[plural ? 1 : 0];
}

/** `price, colour and size`. */
export function listOf(nouns: Noun[], conjunction = "and"): string {
  const texts = nouns.map(({text}) => text);
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** Sentences as text, each with its full stop: also where one asks, so that only the order of words tells. */
export function textOf(sentences: Sentence[]): string {
  return sentences.map(({words}) => `${words.join(" ")}.`).join(" ");
}
