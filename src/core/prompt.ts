/** The text a model reads, and the fixed words around label and explanation. */
import type {Order} from "./arms.js";
import type {Axis, Turn} from "./conversation.js";

/**
 * What stands between prompt, label and explanation. Every piece starts with a space or a newline, so that a
 * byte-level BPE cuts the whole text exactly where the pieces meet.
 */
export const COMPLETION_TEXT = {label_prefix: " ", because: " because ", therefore: " so"} as const;

/**
 * The prompt of one example on one axis; ends right before {@link COMPLETION_TEXT}`.label_prefix`. The axis comes last:
 * what is too long is cut from the front, and that must never be the question; and axes of one dialogue share all
 * that stands before it.
 */
export function renderPrompt(
  {turns, response}: {turns: Turn[]; response: string},
  axis: Pick<Axis, "id">
): string {
  return [...dialogueLines({turns, response}), `${axis.id}:`].join("\n");
}

/** Where the turns of a prompt begin, in code points; the last is the judged response. */
export function turnStarts(example: {turns: Turn[]; response: string}): number[] {
  let at = 0;
  return dialogueLines(example).map((line) => {
    const start = at;
    at += [...line].length + 1;
    return start;
  });
}

function dialogueLines({turns, response}: {turns: Turn[]; response: string}): string[] {
  return [...turns, {role: "response", text: response}].map(({role, text}) => `${role}: ${oneLine(text)}`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
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
