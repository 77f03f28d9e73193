/**
 * How much of a prompt every arm keeps. A sequence holds a prompt and what follows it; were each arm to cut its prompts
 * by what it needs itself, arms with long texts would see less of long dialogues than label-only does.
 */
import type {Arm} from "../../src/core/arms.js";
import type {DataRow} from "../../src/core/contract.js";
import {COMPLETION_TEXT} from "../../src/core/prompt.js";
import type {CountTokens} from "../../src/core/modes.js";

/** The begin-of-text token, which stands before every prompt of models that have one. */
const BEGIN = 1;
/** The end-of-text token after an explanation. */
const END = 1;

/** What decides the room; all lengths in tokens. */
export interface Room {
  maxTokens: number;
  /** Longest completion of any arm, in training and in scoring. */
  completion: number;
  prompts: Iterable<string>;
  countPrompt: CountTokens;
  /** Whether a chat template stands around prompts, which takes tokens that are not counted here. */
  framed?: boolean;
}

/**
 * Tokens that a prompt keeps at most: what the longest completion of any arm leaves, but half of the sequence at least
 * (the explanation is then cut from its end). Where all prompts are shorter, the longest prompt: a further arm then
 * changes nothing for the others. Within a chat template, whose length only the model's own tokenizer tells, all that
 * completions leave.
 */
export function promptRoom({maxTokens, completion, prompts, countPrompt, framed = false}: Room): number {
  const most = Math.max(maxTokens - BEGIN - completion, Math.ceil((maxTokens - BEGIN) / 2));
  if (framed) return most;
  let longest = 1;
  for (const prompt of prompts) {
    longest = Math.max(longest, countPrompt(prompt));
    if (longest >= most) return most;
  }
  return longest;
}

/** Tokens of the longest completion: label, and the longest text of any arm or as much as one may write when scored. */
export function longestCompletion(
  texts: {arm: Arm; train: DataRow[]}[],
  labels: string[],
  generateTokens: number,
  countTokens: CountTokens
): number {
  const {label_prefix, because, therefore} = COMPLETION_TEXT;
  const label = Math.max(...labels.map((text) => countTokens(label_prefix + text)));
  const explained = texts.map(({arm, train}) => {
    const text = train.reduce((most, {explanation}) => Math.max(most, countTokens(explanation)), 0);
    if (text === 0) return 0;
    return arm.order === "label-first"
      ? countTokens(because) + text + END
      : countTokens(because) + Math.max(text, generateTokens) + countTokens(therefore);
  });
  return label + Math.max(0, ...explained);
}
