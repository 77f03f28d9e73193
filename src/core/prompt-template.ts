/**
 * Training prompts in a study's own words: a text with placeholders, checked once and filled for each example and axis.
 * What stands before the dialogue is never cut; a prompt that is too long loses the oldest turns.
 */
import {BadInput} from "./bad-input.js";
import type {Axis, Turn} from "./conversation.js";
import {checkPlaceholders, fillPlaceholders, placeholdersIn} from "./placeholders.js";

/** What a template of a training prompt may show. */
export const PROMPT_PLACEHOLDERS = [
  "axis",
  "question",
  "definition",
  "labels",
  "dialogue",
  "response"
] as const;
type PromptPlaceholder = (typeof PROMPT_PLACEHOLDERS)[number];

/** What of an axis a prompt may show. */
export type PromptAxis = Pick<Axis, "id" | "title" | "question" | "labels" | "definition">;

/** A template that {@link readPromptTemplate} has checked, parted at its dialogue. */
export interface PromptTemplate {
  /** Before the dialogue; never cut. */
  head: string;
  /** After it, up to where the label follows: the response, and what is asked. */
  tail: string;
}

/** A prompt, and where its turns begin in code points; the last is the response with what introduces it. */
export interface PromptText {
  prompt: string;
  turns: number[];
}

const NOTHING_SAID = "(nothing was said before)";

/**
 * Checks a template and parts it. White space at its end is dropped: the label follows with the space before it.
 *
 * @param file names it in messages
 * @param axes the study's: no two of them may ask the same
 * @throws BadInput where a placeholder is unknown, dialogue or response are not there once and in this order, nothing
 * stands after the response, or two axes would have the same prompt
 */
export function readPromptTemplate(
  template: string,
  file: string,
  axes: readonly PromptAxis[]
): PromptTemplate {
  checkPlaceholders(template, file, PROMPT_PLACEHOLDERS);
  const text = template.trimEnd();
  const placed = placeholdersIn(text);
  const dialogue = onlyOne("dialogue", placed, file);
  const response = onlyOne("response", placed, file);
  if (response.start < dialogue.start)
    throw problem(file, "{{dialogue}} before {{response}}", "the response first", "Swap them.");
  if (text.slice(response.end).trim() === "")
    throw problem(
      file,
      "words after the response that the label answers, such as “{{axis}}:”",
      "the response at its end",
      "Add a line after {{response}} that asks for the label."
    );
  const parted = {head: text.slice(0, dialogue.start), tail: text.slice(dialogue.end)};
  refuseSameQuestion(parted, file, axes);
  return parted;
}

/** The prompt of one example on one axis; the label follows it. */
export function renderTemplate(
  {head, tail}: PromptTemplate,
  {turns, response}: {turns: Turn[]; response: string},
  axis: PromptAxis
): PromptText {
  const values = valuesOf(axis, response);
  const lines = turns.map(({role, text}) => `${role}: ${oneLine(text)}`);
  const before = fillPlaceholders(head, values) + (lines.length > 0 ? "" : NOTHING_SAID);
  const starts = startsOf(lines, [...before].length);
  const dialogue = lines.join("\n");
  return {
    prompt: `${before}${dialogue}${fillPlaceholders(tail, values)}`,
    turns: [...starts, [...before].length + [...dialogue].length]
  };
}

/** Where lines that are joined by line breaks begin, in code points, when the first begins at `from`. */
export function startsOf(lines: readonly string[], from = 0): number[] {
  let at = from;
  return lines.map((line) => {
    const start = at;
    at += [...line].length + 1;
    return start;
  });
}

/** Line breaks are where turns begin, so no turn has any within. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function valuesOf(axis: PromptAxis, response: string): Record<PromptPlaceholder, string> {
  return {
    axis: axis.title,
    question: axis.question,
    definition: axis.definition ? `\n${axis.definition.trim()}` : "",
    labels: axis.labels.join(", "),
    dialogue: "",
    response: oneLine(response)
  };
}

function onlyOne(name: PromptPlaceholder, placed: ReturnType<typeof placeholdersIn>, file: string) {
  const found = placed.filter((each) => each.name === name);
  if (found.length === 1) return found[0]!;
  throw problem(
    file,
    `{{${name}}} once`,
    found.length === 0 ? "none" : `${found.length} of them`,
    found.length === 0 ? `Add {{${name}}}.` : "Keep one."
  );
}

function refuseSameQuestion(template: PromptTemplate, file: string, axes: readonly PromptAxis[]): void {
  const known = new Map<string, string>();
  for (const axis of axes) {
    const {prompt} = renderTemplate(template, {turns: [], response: ""}, axis);
    const other = known.get(prompt);
    if (other !== undefined)
      throw problem(
        file,
        "a prompt of its own for each axis",
        `the same for ${other} and ${axis.id}`,
        "Show {{axis}} or {{question}}."
      );
    known.set(prompt, axis.id);
  }
}

function problem(where: string, expected: string, found: string, mend: string): BadInput {
  return new BadInput({where, expected, found, mend});
}
