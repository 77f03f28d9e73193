/**
 * The sentences that open the pages: each answers the page's question from the cubes, whichever way the data point,
 * with its interval, rows and seeds. Pure: the same in the page's HTML, in the live page and in tests.
 */
import type {AllCubes} from "./cubes-reader.js";
import type {Selection} from "./selection.js";
import {examplesSentence, meaningSentence, overviewSentence} from "./sentences/effects.js";
import {entropyAndAccuracySentence, entropySentence} from "./sentences/entropy.js";
import {accuracySentence} from "./sentences/levels.js";
import {runsSentence} from "./sentences/runs.js";

/** What a sentence is: cubes and the reader's selection in, text out. Cubes that a page doesn't load are empty. */
export type Sentence = (cubes: AllCubes, selection: Selection) => string;

/** By the name that a page asks for. */
export const SENTENCES = {
  overview: overviewSentence,
  meaning: meaningSentence,
  accuracy: accuracySentence,
  entropy: entropySentence,
  "entropy-and-accuracy": entropyAndAccuracySentence,
  examples: examplesSentence,
  runs: runsSentence
} as const satisfies Record<string, Sentence>;
