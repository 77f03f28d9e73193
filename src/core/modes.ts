/**
 * Explanation modes: what stands in the explanation's place when training. Pure functions, deterministic in (study
 * seed, corpus, example, axis, mode), used both to write training files and to preview in the notebook.
 */
import type {Mode} from "./arms.js";
import {createRandom} from "./random.js";
import type {Random} from "./random.js";

/** The explanation that a mode starts from, and whose it is. */
export interface ModeSource {
  corpus: string;
  example_id: string;
  axis: string;
  label: string;
  explanation: string;
}

/** Number of tokens of a text: the tokenizer's where lengths are matched, else the number of words. */
export type CountTokens = (text: string) => number;

/** What modes draw from: the training explanations of one corpus. Made by {@link createPool}. */
export interface ModePool {
  seed: number;
  /** All words of all explanations, repeated as often as they occur: drawing one uniformly draws from the unigrams. */
  words: string[];
  /** Each word once, in order of first occurrence. */
  vocabulary: string[];
  /** Word → number of explanations that hold it. */
  documents: Map<string, number>;
  explanations: ModeSource[];
  countTokens: CountTokens;
  /** Whether drawn text is made as long as the explanation in tokens, or (`false`) in words. */
  matched: boolean;
}

/** The word that `filler` repeats. */
export const FILLER = "word";
/** Part of an explanation's words that `key-words` keeps. */
export const KEY_WORDS_SHARE = 1 / 3;

/** Words of a text: what stands between white space. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

export const countWords: CountTokens = (text) => wordsOf(text).length;

/** The pool of one corpus. Only training explanations may go in: test rows must not colour what is trained on. */
export function createPool(
  explanations: ModeSource[],
  {
    seed,
    countTokens = countWords,
    matched = false
  }: {seed: number; countTokens?: CountTokens; matched?: boolean}
): ModePool {
  const texts = explanations.map(({explanation}) => wordsOf(explanation));
  const documents = new Map<string, number>();
  for (const words of texts)
    for (const word of new Set(words)) documents.set(word, (documents.get(word) ?? 0) + 1);
  const words = texts.flat();
  return {
    seed,
    words,
    vocabulary: [...new Set(words)],
    documents,
    explanations,
    countTokens: cached(countTokens),
    matched
  };
}

function cached(countTokens: CountTokens): CountTokens {
  const counts = new Map<string, number>();
  return (text) => {
    const known = counts.get(text) ?? countTokens(text);
    counts.set(text, known);
    return known;
  };
}

/**
 * The text that a mode puts after *because*; empty for label-only and for an empty explanation. Throws a RangeError
 * where the mode has nothing to draw from (a mismatched explanation needs one of another label in the corpus).
 */
export function renderMode(mode: Mode, source: ModeSource, pool: ModePool): string {
  if (mode === "label-only" || countWords(source.explanation) === 0) return "";
  return RENDERERS[mode](
    source,
    pool,
    createRandom(pool.seed, source.corpus, source.example_id, source.axis, mode)
  );
}

type Renderer = (source: ModeSource, pool: ModePool, random: Random) => string;

const RENDERERS: Record<Exclude<Mode, "label-only">, Renderer> = {
  explanation: ({explanation}) => explanation,
  shuffled: ({explanation}, _, random) => random.shuffle(wordsOf(explanation)).join(" "),
  "bag-of-words": (source, pool, random) => drawWords(source, pool, () => random.pick(pool.words)),
  "random-vocabulary": (source, pool, random) => drawWords(source, pool, () => random.pick(pool.vocabulary)),
  filler: (source, pool) => drawWords(source, pool, () => FILLER),
  mismatched,
  "key-words": keyWords
};

/** Draws words until the text is as long as the explanation: nearest in tokens when matched, equal in words when not. */
function drawWords({explanation}: ModeSource, {matched, countTokens}: ModePool, draw: () => string): string {
  const count = matched ? countTokens : countWords;
  const target = count(explanation);
  let text = draw();
  for (;;) {
    const longer = `${text} ${draw()}`;
    if (Math.abs(count(longer) - target) > Math.abs(count(text) - target) || count(longer) === count(text))
      return text;
    text = longer;
  }
}

/** Another example's explanation, of another label on the same axis; among the tenth nearest in length when matched. */
function mismatched(source: ModeSource, pool: ModePool, random: Random): string {
  const others = pool.explanations.filter(
    ({example_id, axis, label, explanation}) =>
      example_id !== source.example_id &&
      axis === source.axis &&
      label !== source.label &&
      countWords(explanation) > 0
  );
  if (others.length === 0)
    throw new RangeError(
      `mode mismatched: corpus “${source.corpus}” has no explanation of another label than ${source.label} on axis “${source.axis}”`
    );
  return random.pick(pool.matched ? nearestTenth(others, source, pool) : others).explanation;
}

function nearestTenth(
  others: ModeSource[],
  {explanation}: ModeSource,
  {countTokens}: ModePool
): ModeSource[] {
  const target = countTokens(explanation);
  const distance = (other: ModeSource) => Math.abs(countTokens(other.explanation) - target);
  const sorted = [...others].sort(
    (a, b) => distance(a) - distance(b) || (a.example_id < b.example_id ? -1 : 1)
  );
  return sorted.slice(0, Math.ceil(sorted.length / 10));
}

/** The third of the words with the largest tf–idf, in their order; earlier words win ties. */
function keyWords({explanation}: ModeSource, {documents, explanations}: ModePool): string {
  const words = wordsOf(explanation);
  const frequency = new Map<string, number>();
  for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const weight = (word: string) =>
    frequency.get(word)! * Math.log((1 + explanations.length) / (1 + (documents.get(word) ?? 0)));
  const kept = words
    .map((word, position) => ({word, position}))
    .sort((a, b) => weight(b.word) - weight(a.word) || a.position - b.position)
    .slice(0, Math.max(1, Math.round(words.length * KEY_WORDS_SHARE)));
  return kept
    .sort((a, b) => a.position - b.position)
    .map(({word}) => word)
    .join(" ");
}

/** The longest run of leading words whose length is nearest to `tokens`; the whole text where it is no longer. */
export function cutToTokens(text: string, tokens: number, countTokens: CountTokens): string {
  const words = wordsOf(text);
  let best = "";
  for (let n = 1; n <= words.length; n++) {
    const prefix = words.slice(0, n).join(" ");
    if (Math.abs(countTokens(prefix) - tokens) > Math.abs(countTokens(best) - tokens)) break;
    best = prefix;
  }
  return best;
}
