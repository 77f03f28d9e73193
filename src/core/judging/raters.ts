/** How the cubes about judging name raters, and how pages call them. */
import type {VotesDocument} from "../cubes.js";

/** The merged label of all judges, and the golden label by people, where a row of `agreement.json` names a rater. */
export const MERGED = "judges";
export const PEOPLE = "people";

/** A judge with one prompt (`judge/prompt`), a judge over its prompts, or one of the two above. */
export interface Rater {
  id: string;
  /** Empty for all judges together, and for people. */
  judge: string;
  /** Empty where it is no single prompt. */
  prompt: string;
  title: string;
  /** Without the judge's name, where that stands above. */
  short: string;
}

const EXAMPLES = ", examples";
const PROMPT_TITLES: Record<string, string> = {
  "scale-4": "1–4",
  "scale-4-examples": `1–4${EXAMPLES}`,
  "scale-5": "1–5",
  "scale-5-examples": `1–5${EXAMPLES}`
};

/** `1–4, examples` for a prompt that comes with Because, otherwise its key. */
export function promptTitle(id: string): string {
  return PROMPT_TITLES[id] ?? id;
}

/** What the titles of prompts with worked examples mean, where a figure names such; else empty. */
export function promptsNote(raters: readonly Pick<Rater, "prompt">[]): string {
  const found = raters.map(({prompt}) => promptTitle(prompt)).find((title) => title.endsWith(EXAMPLES));
  if (!found) return "";
  return `${found}: scale ${found.slice(0, -EXAMPLES.length)}, with worked examples in the prompt.`;
}

/** What a rater's id says, with the titles that the study gives its judges. */
export function raterOf({judges}: Pick<VotesDocument, "judges">, id: string): Rater {
  if (id === MERGED) return {id, judge: "", prompt: "", title: "Judges, merged", short: "merged"};
  if (id === PEOPLE) return {id, judge: "", prompt: "", title: "People", short: "people"};
  const slash = id.indexOf("/"); // keys of a study hold none
  const [judge, prompt] = slash < 0 ? [id, ""] : [id.slice(0, slash), id.slice(slash + 1)];
  const name = judges.find((each) => each.id === judge)?.title ?? judge;
  return prompt === ""
    ? {id, judge, prompt, title: name, short: "all prompts"}
    : {id, judge, prompt, title: `${name}, ${promptTitle(prompt)}`, short: promptTitle(prompt)};
}

/** What is customary to ask of Krippendorff's alpha (2004): for firm conclusions, and for tentative ones. */
export const FIRM = 0.8;
export const TENTATIVE = 0.667;
