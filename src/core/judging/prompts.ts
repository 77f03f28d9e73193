/** From an example and an axis to what a judge is asked. */
import {BadInput} from "../bad-input.js";
import type {Axis, Example} from "../conversation.js";
import {checkPlaceholders, fillPlaceholders, placeholdersIn} from "../placeholders.js";
import type {BuiltInPrompt, PromptConfig} from "../study/judging.js";
import {BUILT_IN_PROMPTS} from "../study/judging.js";
import {builtInTemplate, FORMAT, PLACEHOLDERS} from "./prompt-texts.js";
import type {Placeholder} from "./prompt-texts.js";
import type {Message} from "./votes.js";

type Scale = readonly [number, number];
/** What of an axis judges are told. */
export type AskedAxis = Pick<Axis, "id" | "title" | "question" | "labels" | "definition">;

/** One way to ask. */
export interface JudgePrompt {
  /** Its key in the study. */
  id: string;
  /** Lowest and highest score that can be given. */
  scale: Scale;
  /** The messages of one question: a single one of role `user`, since not every model takes another. */
  render(example: Pick<Example, "turns" | "response">, axis: AskedAxis): Message[];
}

/** Scale and template of each built-in prompt. */
export const BUILT_IN: Record<BuiltInPrompt, {scale: Scale; template: string}> = {
  "scale-4": {scale: [1, 4], template: builtInTemplate([1, 4], false)},
  "scale-4-examples": {scale: [1, 4], template: builtInTemplate([1, 4], true)},
  "scale-5": {scale: [1, 5], template: builtInTemplate([1, 5], false)},
  "scale-5-examples": {scale: [1, 5], template: builtInTemplate([1, 5], true)}
};

/** The study's prompts: what it names, or the built-in four under their own names. */
export function promptConfigs(prompts: Record<string, PromptConfig>): [key: string, config: PromptConfig][] {
  const named = Object.entries(prompts);
  return named.length > 0 ? named : BUILT_IN_PROMPTS.map((built_in) => [built_in, {built_in}]);
}

/**
 * The prompt that a study names `key`. `templateText` is the text of the template file, where it names one. Throws
 * BadInput on a template with an unknown placeholder, or without the response.
 */
export function promptOf(config: PromptConfig, key: string, templateText?: string): JudgePrompt {
  if ("built_in" in config) return prompt(key, BUILT_IN[config.built_in]);
  if (templateText === undefined) throw new TypeError(`The text of ${config.template} is needed.`);
  checkTemplate(templateText, config.template);
  return prompt(key, {scale: config.scale, template: templateText});
}

function prompt(id: string, {scale, template}: {scale: Scale; template: string}): JudgePrompt {
  return {
    id,
    scale,
    render: (example, axis) => [
      {role: "user", content: fillPlaceholders(template, valuesOf(example, axis, scale))}
    ]
  };
}

function valuesOf(
  {turns, response}: Pick<Example, "turns" | "response">,
  axis: AskedAxis,
  scale: Scale
): Record<Placeholder, string> {
  const range = `from ${scale[0]} to ${scale[1]}`;
  return {
    axis: axis.title,
    question: axis.question,
    definition: axis.definition ? `\n${axis.definition.trim()}` : "",
    labels: describeScale(axis.labels, scale),
    scale: range,
    dialogue:
      turns.length > 0
        ? turns.map(({role, text}) => `${role}: ${text}`).join("\n")
        : "(nothing was said before)",
    response,
    format: FORMAT.replace("{{scale}}", range)
  };
}

/** What the ends of the scale mean, and, where labels are words and scores as many, what each score means. */
export function describeScale(labels: readonly string[], [low, high]: Scale): string {
  const words = labels.some((label) => !Number.isFinite(Number(label)));
  if (words && labels.length === high - low + 1)
    return `${labels.map((label, i) => `${low + i} means "${label}"`).join(", ")}.`;
  if (words)
    return `${low} means "${labels[0]!}", ${high} means "${labels.at(-1)!}", and the scores between lie evenly between them.`;
  return `${low} is the lowest score and ${high} the highest.`;
}

function checkTemplate(template: string, file: string): void {
  checkPlaceholders(template, file, PLACEHOLDERS);
  if (!placeholdersIn(template).some(({name}) => name === "response"))
    throw new BadInput({
      where: file,
      expected: "a template that shows the response, as {{response}}",
      found: "none",
      mend: "Add {{response}} where the response to be rated stands; {{dialogue}} is what was said before it."
    });
}
