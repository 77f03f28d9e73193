/**
 * What a reader has chosen with the toggle bar, and its life in the URL. Defaults are left out of the URL; what a
 * study does not have is ignored and named, so that a link from another study still opens.
 */
import {compareBudgets, MODES} from "./arms.js";
import type {Arm, Mode, Order, Reduction} from "./arms.js";
import type {EntropySource, IntervalKind, MeasureId, StudyFacts} from "./cubes.js";

export interface Selection {
  /** Modes shown beside label-only, in figure order. */
  modes: Mode[];
  order: Order;
  reduction: Reduction;
  /** Token budget of the arms shown, as in the arm; empty for the study's first. */
  tokens: string;
  /** A corpus or axis of the study, or `all`: pooled. */
  corpus: string;
  axis: string;
  /** A training seed, or `all`: the mean over seeds. */
  seed: string;
  measure: MeasureId;
  /** What the intervals generalise to. */
  interval: IntervalKind;
  /** Levels of each arm, or differences to label-only. */
  view: "level" | "effect";
  estimator: EntropySource;
  /** Layer at which entropy is read; 0 is the embedding. */
  layer: number;
}

/** What of a study decides which selections there are. */
export type SelectionFacts = Pick<
  StudyFacts,
  "arms" | "axes" | "corpora" | "seeds" | "measures" | "estimators" | "layers"
>;

export type StudyArm = Arm & {id: string};

export interface ParsedSelection {
  selection: Selection;
  /** `key=value` of what was not understood. */
  ignored: string[];
}

/** Everything a selection can be in this study, by key. */
export interface Choices {
  modes: Mode[];
  order: Order[];
  reduction: Reduction[];
  tokens: string[];
  corpus: string[];
  axis: string[];
  seed: string[];
  measure: MeasureId[];
  interval: IntervalKind[];
  view: Selection["view"][];
  estimator: EntropySource[];
  layer: number[];
}

export function choicesOf(facts: SelectionFacts): Choices {
  const arms = facts.arms.filter(({mode}) => mode !== "label-only");
  const unique = <T>(values: T[]): T[] => [...new Set(values)];
  return {
    modes: MODES.filter((mode) => arms.some((arm) => arm.mode === mode)),
    order: orElse(unique(arms.map(({order}) => order)), "label-first"),
    reduction: orElse(unique(arms.map(({reduction}) => reduction)), "token-mean"),
    tokens: unique(["", ...arms.map(({tokens = ""}) => tokens)]).sort(compareBudgets),
    corpus: ["all", ...facts.corpora.map(({id}) => id)],
    axis: ["all", ...facts.axes.map(({id}) => id)],
    seed: ["all", ...facts.seeds],
    measure: orElse([...facts.measures], "accuracy"),
    interval: facts.seeds.length > 1 ? ["dialogues", "trainings"] : ["dialogues"],
    view: ["level", "effect"],
    estimator: [...facts.estimators, "label_entropy"],
    layer: Array.from({length: facts.layers + 1}, (_, layer) => layer)
  };
}

function orElse<T>(values: T[], value: T): T[] {
  return values.length > 0 ? values : [value];
}

/** What is shown before anything is chosen: every mode, label first, pooled over all, at the last layer. */
export function defaultSelection(facts: SelectionFacts): Selection {
  const choices = choicesOf(facts);
  return {
    modes: choices.modes,
    order: preferred(choices.order, "label-first"),
    reduction: preferred(choices.reduction, "token-mean"),
    tokens: "",
    corpus: "all",
    axis: "all",
    seed: "all",
    measure: preferred(choices.measure, "accuracy"),
    interval: preferred(choices.interval, "trainings"),
    view: "level",
    estimator: preferred(choices.estimator, "energy"),
    layer: facts.layers
  };
}

function preferred<T>(values: T[], value: T): T {
  return values.includes(value) ? value : values[0]!;
}

const SINGLE_KEYS = [
  "order",
  "reduction",
  "tokens",
  "corpus",
  "axis",
  "seed",
  "measure",
  "interval",
  "view",
  "estimator"
] as const;

/** Reads a URL's query. Keys of others are left alone; a value that the study does not have is ignored and named. */
export function parseSelection(search: string, facts: SelectionFacts): ParsedSelection {
  const query = new URLSearchParams(search);
  const choices = choicesOf(facts);
  const selection = defaultSelection(facts);
  const ignored: string[] = [];
  const modes = query.get("modes");
  if (modes !== null) {
    const named = modes.split(" ").filter((mode) => mode !== "");
    selection.modes = choices.modes.filter((mode) => named.includes(mode));
    for (const mode of named) if (!choices.modes.includes(mode as Mode)) ignored.push(`modes=${mode}`);
  }
  for (const key of SINGLE_KEYS) {
    const value = query.get(key);
    if (value === null) continue;
    if ((choices[key] as string[]).includes(value)) Object.assign(selection, {[key]: value});
    else ignored.push(`${key}=${value}`);
  }
  const layer = query.get("layer");
  if (layer !== null) {
    if (/^\d+$/.test(layer) && choices.layer.includes(Number(layer))) selection.layer = Number(layer);
    else ignored.push(`layer=${layer}`);
  }
  return {selection, ignored};
}

/**
 * The query of a selection, with its `?`, defaults left out; empty text for the default. Keys of others in `search`
 * (such as the example that is open) are kept.
 */
export function serialiseSelection(selection: Selection, facts: SelectionFacts, search = ""): string {
  const query = new URLSearchParams(search);
  const defaults = defaultSelection(facts);
  const put = (key: string, value: string, standard: string) => {
    if (value === standard) query.delete(key);
    else query.set(key, value);
  };
  put("modes", selection.modes.join(" "), defaults.modes.join(" "));
  for (const key of SINGLE_KEYS) put(key, selection[key], defaults[key]);
  put("layer", String(selection.layer), String(defaults.layer));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * The arms a selection shows, in figure order, label-only first. A mode without an arm of that order, reduction and
 * token budget is absent.
 */
export function selectedArms(selection: Selection, facts: Pick<StudyFacts, "arms">): StudyArm[] {
  const arms = [...facts.arms].sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode));
  return arms.filter(
    ({mode, order, reduction, tokens = ""}) =>
      mode === "label-only" ||
      (selection.modes.includes(mode) &&
        order === selection.order &&
        reduction === selection.reduction &&
        tokens === selection.tokens)
  );
}

/** Modes that were chosen but not trained in the chosen order, reduction and token budget. */
export function absentModes(selection: Selection, facts: Pick<StudyFacts, "arms">): Mode[] {
  const shown = new Set(selectedArms(selection, facts).map(({mode}) => mode));
  return selection.modes.filter((mode) => !shown.has(mode));
}
