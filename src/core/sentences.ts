/**
 * The sentences that open the pages: each answers the page's question from the cubes, whichever way the data point,
 * with its interval, rows and seeds. Pure: the same in the page's HTML, in the live page and in tests.
 */
import type {AllCubes} from "./cubes-reader.js";
import type {Selection} from "./selection.js";
import {budgetSentence, lengthOrMeaningSentence} from "./sentences/budget.js";
import {calibrationEvidence, calibrationSentence} from "./sentences/calibration.js";
import {certaintySentence, examplesSentence, overviewSentence} from "./sentences/effects.js";
import {
  entropyAndAccuracyEvidence,
  entropyAndAccuracySentence,
  entropyEvidence,
  entropySentence
} from "./sentences/entropy.js";
import {
  dataAndJudgesSentence,
  labelsSentence,
  unexplainedSentence,
  mergingSentence,
  rateSentence,
  repliesSentence
} from "./sentences/judging.js";
import {accuracyEvidence, accuracySentence} from "./sentences/levels.js";
import {meaningSentence, sharesSentence} from "./sentences/meaning.js";
import {noiseDetailSentence, noiseSentence} from "./sentences/noise.js";
import {poolingWarning} from "./sentences/pooling.js";
import {runsSentence} from "./sentences/runs.js";
import {trainingSentence, trainingTimeSentence} from "./sentences/training.js";

/** What a sentence is: cubes and the reader's selection in, text out. Cubes that a page doesn't load are empty. */
export type Sentence = (cubes: AllCubes, selection: Selection) => string;

/** By the name that a page asks for. */
export const SENTENCES = {
  overview: overviewSentence,
  meaning: meaningSentence,
  certainty: certaintySentence,
  shares: sharesSentence,
  accuracy: accuracySentence,
  "accuracy-evidence": accuracyEvidence,
  calibration: calibrationSentence,
  "calibration-evidence": calibrationEvidence,
  entropy: entropySentence,
  "entropy-evidence": entropyEvidence,
  "entropy-and-accuracy": entropyAndAccuracySentence,
  "entropy-and-accuracy-evidence": entropyAndAccuracyEvidence,
  "pooling-warning": poolingWarning,
  "token-budget": budgetSentence,
  "length-or-meaning": lengthOrMeaningSentence,
  examples: examplesSentence,
  "data-and-judges": dataAndJudgesSentence,
  merging: mergingSentence,
  replies: repliesSentence,
  labels: labelsSentence,
  unexplained: unexplainedSentence,
  rate: rateSentence,
  training: trainingSentence,
  "training-time": trainingTimeSentence,
  noise: noiseSentence,
  "noise-detail": noiseDetailSentence,
  runs: runsSentence
} as const satisfies Record<string, Sentence>;
