/** The text a model reads, and the fixed words around label and explanation. */
import type {Order} from "./arms.js";
import type {Turn} from "./conversation.js";
import {oneLine, renderTemplate, startsOf} from "./prompt-template.js";
import type {PromptAxis, PromptTemplate, PromptText} from "./prompt-template.js";

/**
 * What stands between prompt, label and explanation. Every piece starts with a space or a newline, so that a
 * byte-level BPE cuts the whole text exactly where the pieces meet.
 */
export const COMPLETION_TEXT = {label_prefix: " ", because: " because ", therefore: " so"} as const;

/**
 * The prompt of one example on one axis, from the study's own template where it has one; ends right before
 * {@link COMPLETION_TEXT}`.label_prefix`. By itself the axis comes last: what is too long is cut from the front, and
 * that must never be the question; and axes of one dialogue share all that stands before it.
 */
export function renderPrompt(
  example: {turns: Turn[]; response: string},
  axis: PromptAxis,
  template: PromptTemplate | null = null
): PromptText {
  if (template) return renderTemplate(template, example, axis);
  const turns = [...example.turns, {role: "response", text: example.response}];
  const lines = turns.map(({role, text}) => `${role}: ${oneLine(text)}`);
  return {prompt: [...lines, `${axis.id}:`].join("\n"), turns: startsOf(lines)};
}

/** What follows a prompt in training: label and, unless it is empty, explanation, in the arm's order. */
export function renderCompletion(
  {label, explanation}: {label: string; explanation: string},
  order: Order
): string {
  const {label_prefix, because, therefore} = COMPLETION_TEXT;
  if (explanation === "") return `${label_prefix}${label}`;
  return order === "label-first"
    ? `${label_prefix}${label}${because}${explanation}`
    : `${because}${explanation}${therefore}${label_prefix}${label}`;
}
