/** Arguments that several claims take: an arm, a measure, a cell of the tables, and what is shown of an estimate. */
import {MODES, armId} from "../arms.js";
import type {Mode} from "../arms.js";
import {BadInput} from "../bad-input.js";
import type {AllCubes} from "../cubes-reader.js";
import {choicesOf, defaultSelection} from "../selection.js";
import type {Selection} from "../selection.js";
import type {Parameter, Values} from "./claim.js";

/** A toggle of the notebook as an argument: the same choices, the same default. */
function toggle(key: Exclude<keyof Selection, "modes" | "view">, says: string): Parameter {
  return {
    says,
    choices: ({study}) => choicesOf(study)[key].map(String),
    standard: ({study}) => String(defaultSelection(study)[key])
  };
}

export const MEASURE = toggle("measure", "measure");
export const ESTIMATOR = toggle("estimator", "where entropy is read: an estimator, or `label_entropy`");
export const LAYER = toggle("layer", "layer, from 0 (embedding); default: the last");

/** Where the rows are from, which trainings, and what the interval generalises to. */
export const CELL = {
  corpus: toggle("corpus", "a corpus, or `all`"),
  axis: toggle("axis", "an axis, or `all`"),
  seed: toggle("seed", "a training seed, or `all`: the mean over seeds"),
  interval: toggle(
    "interval",
    "what the interval generalises to: other `dialogues`, or other `trainings` too"
  )
};

/** Which of a mode's arms is meant; unused where a whole id is named. */
export const RECIPE = {
  order: toggle("order", "order of the arm, where a mode is named"),
  reduction: toggle("reduction", "loss reduction of the arm, where a mode is named"),
  tokens: {
    ...toggle("tokens", "token budget of the arm, where a mode is named; default: the study's first"),
    standard: () => ""
  }
};

/** What of an estimate is printed. */
export const SHOW: Parameter = {
  says: "what is printed: the `value`, its `interval`, or `both`",
  choices: () => ["both", "value", "interval"],
  standard: () => "both"
};

/** One of some words. */
export function oneOf(says: string, words: readonly string[], standard?: string): Parameter {
  return {says, choices: () => words, ...(standard === undefined ? {} : {standard: () => standard})};
}

/** An arm: its whole id, or a mode. */
export const ARM: Parameter = {
  says: "an arm: its whole id, or a mode",
  choices: ({study}) => namesOf(study.arms)
};

/** An arm, or a shortcut baseline. */
export const SYSTEM: Parameter = {
  says: "an arm (its whole id, or a mode), or `shortcut:` and a baseline",
  choices: ({study}) => [...namesOf(study.arms), ...study.baselines.map((id) => SHORTCUT + id)]
};
const SHORTCUT = "shortcut:";

function namesOf(arms: AllCubes["study"]["arms"]): string[] {
  const modes = MODES.filter((mode) => arms.some((arm) => arm.mode === mode));
  return [...new Set([...modes, ...arms.map(({id}) => id)])];
}

/** What the toggles of the notebook would say for these arguments. */
export function selectionOf({study}: Pick<AllCubes, "study">, values: Values): Selection {
  const selection = defaultSelection(study);
  const known = Object.entries(values).filter(([key]) => key in selection);
  return {...selection, ...Object.fromEntries(known), layer: Number(values.layer ?? selection.layer)};
}

/**
 * The id of the arm that `name` means: a whole id, or a mode with the recipe of the arguments. Where that recipe was left
 * to its default and the study has none such, the mode's only arm of the first token budget.
 */
export function armNamed({study}: Pick<AllCubes, "study">, name: string, values: Values): string {
  if (name === "label-only" || study.arms.some(({id}) => id === name)) return name;
  const selection = selectionOf({study}, values);
  const id = armId({...selection, mode: name as Mode});
  if (study.arms.some((arm) => arm.id === id)) return id;
  const others = study.arms.filter(({mode, tokens}) => mode === name && !tokens);
  const standard = selectionOf({study}, {});
  const asked = (["order", "reduction", "tokens"] as const).some((key) => selection[key] !== standard[key]);
  if (!asked && others.length === 1) return others[0]!.id;
  throw new BadInput({
    where: "argument arm",
    expected: `an arm that the study trains with ${selection.order}, ${selection.reduction}`,
    found: `“${name}”, which it trains as ${study.arms
      .filter(({mode}) => mode === name)
      .map((arm) => arm.id)
      .join(", ")}`,
    mend: "Name one of these by its whole id."
  });
}

/** The same, or the id of a baseline. */
export function systemNamed(
  cubes: Pick<AllCubes, "study">,
  name: string,
  values: Values
): {id: string; kind: "arm" | "baseline"} {
  return name.startsWith(SHORTCUT)
    ? {id: name.slice(SHORTCUT.length), kind: "baseline"}
    : {id: armNamed(cubes, name, values), kind: "arm"};
}
