/**
 * Defects of naturalness: from some sentence on, every sentence about a part has one, all of one kind. They break the
 * order of words and leave what is said, so that the other two axes stay as they are. A broken sentence keeps its words
 * exactly: counting words finds none.
 */
import type {Random} from "../../../src/core/random.js";
import type {Noun} from "./lexicons/lexicon.js";
import {clause} from "./sentences.js";
import type {PartSentence, Sentence} from "./sentences.js";

export const DEFECT_KINDS = ["swapped", "stilted"] as const;
export type DefectKind = (typeof DEFECT_KINDS)[number];

/** What was done to one sentence. */
export interface Defect {
  kind: DefectKind;
  /** Its place in the response. */
  sentence: number;
  /** The noun at fault. */
  part: Noun;
  /** The words that show it, as they now stand. */
  evidence: string[];
}

/** Breaks the last `count` of the sentences about parts, all in one way: the writer tires. */
export function breakSentences(
  sentences: Sentence[],
  count: number,
  random: Random
): {sentences: Sentence[]; defects: Defect[]} {
  const kind = random.pick(DEFECT_KINDS);
  const breakable = sentences.flatMap((sentence, place) => (isAboutPart(sentence) ? [place] : []));
  const chosen = new Set(breakable.slice(breakable.length - count));
  const defects: Defect[] = [];
  const broken = sentences.map((sentence, place) => {
    if (!chosen.has(place) || !isAboutPart(sentence)) return sentence;
    const {words, evidence} = BREAK[kind](sentence);
    defects.push({kind, sentence: place, part: sentence.part, evidence});
    return {...sentence, words};
  });
  return {sentences: broken, defects};
}

export function isAboutPart(sentence: Sentence): sentence is PartSentence {
  return "part" in sentence;
}

type Break = (sentence: PartSentence) => {words: string[]; evidence: string[]};

const BREAK: Record<DefectKind, Break> = {
  /** `price the is high`, `price is the high`: the noun before what belongs before it. */
  swapped({purpose, part, verb, value}) {
    const before = [part.text, ...clause(["the"], verb, purpose)];
    return {words: [...before, value], evidence: before};
  },
  /** `high the price is`: what is said comes first, as nobody speaks today. */
  stilted({purpose, part, verb, value}) {
    const words = [value, ...clause(["the", part.text], verb, purpose)];
    return {words, evidence: words.slice(0, 3)};
  }
};
