/**
 * One identity for every mode and baseline: its name, colour, marker and place in the order, in every figure. Steps
 * away from meaning are one ordered family of hues; label-only is neutral, the explanation strongest, filler apart.
 */
import {MODES, parseArm} from "./arms.js";
import type {Mode, Order, Reduction} from "./arms.js";
import type {Baseline} from "./contract.js";

/** Paper behind the figures; contrast is checked against it. */
export const BACKGROUND = {light: "#fdfcf9", dark: "#15171a"} as const;

/** Bars that are no mode's: grey that stands out from the paper by 3 : 1. */
export const BAR_SHADES = {light: "#908b83", dark: "#706d68"} as const;

/** Marker shapes, as d3 names its symbols, and one more. */
export type Marker =
  "circle" | "diamond" | "triangle" | "square" | "star" | "cross" | "wye" | "triangle-down";

export interface ModeLook {
  title: string;
  /** Where the column is narrow. */
  short: string;
  /** What a reader of the figure must know of it, in a few words. */
  gloss: string;
  light: string;
  dark: string;
  /** Shades for words, which need more contrast than markers; the markers' own where these have enough. */
  text?: {light?: string; dark?: string};
  marker: Marker;
}

export const MODE_LOOKS: Record<Mode, ModeLook> = {
  "label-only": {
    title: "Label only",
    short: "Label",
    gloss: "no explanation: the baseline",
    light: "#676461",
    dark: "#9c9690",
    marker: "circle"
  },
  explanation: {
    title: "Explanation",
    short: "Expl.",
    gloss: "the real reason",
    light: "#bf1a23",
    dark: "#fb5f09",
    marker: "diamond"
  },
  "key-words": {
    title: "Key words",
    short: "Key w.",
    gloss: "its rarest words, in order",
    light: "#701e6b",
    dark: "#ad57a2",
    text: {dark: "#c983be"},
    marker: "triangle"
  },
  mismatched: {
    title: "Mismatched",
    short: "Mism.",
    gloss: "another example’s reason",
    light: "#3740a7",
    dark: "#627bea",
    text: {dark: "#8496f2"},
    marker: "square"
  },
  shuffled: {
    title: "Shuffled",
    short: "Shuf.",
    gloss: "its words in random order",
    light: "#3d87ca",
    dark: "#8ab7ff",
    text: {light: "#2a6eb0"},
    marker: "star"
  },
  "bag-of-words": {
    title: "Bag of words",
    short: "Bag",
    gloss: "frequent words, drawn at random",
    light: "#3998a9",
    dark: "#7de2ea",
    text: {light: "#1d7484"},
    marker: "cross"
  },
  "random-vocabulary": {
    title: "Random vocabulary",
    short: "Rand.",
    gloss: "any words, drawn at random",
    light: "#6a9b62",
    dark: "#c8efc3",
    text: {light: "#45743e"},
    marker: "wye"
  },
  filler: {
    title: "Filler",
    short: "Filler",
    gloss: "one word repeated",
    light: "#bc8600",
    dark: "#d7ca73",
    text: {light: "#8a6100"},
    marker: "triangle-down"
  }
};

/** Colour of a mode as a CSS variable that follows light and dark; the fallback is for a figure taken out of the page. */
export function modeColor(mode: Mode): string {
  return `var(--mode-${mode}, ${MODE_LOOKS[mode].light})`;
}

export const BASELINE_TITLES: Record<Baseline, string> = {
  majority: "Majority class",
  length: "Length only",
  "bag-of-words": "Bag-of-words classifier"
};

export const ORDER_TITLES: Record<Order, string> = {
  "label-first": "label first",
  "explanation-first": "explanation first"
};

export const REDUCTION_TITLES: Record<Reduction, string> = {
  "token-mean": "token mean",
  "example-mean": "example mean",
  "part-mean": "part mean"
};

/** `8 tokens`, `matched`, `free length`: a token budget beside other words. */
export function budgetTitle(tokens: string): string {
  if (tokens === "free") return "free length";
  if (tokens === "matched") return "matched length";
  return tokens === "1" ? "1 token" : `${tokens} tokens`;
}

type Recipe = {order: Order; reduction: Reduction; tokens?: string};

/**
 * `label first, token mean`, and the token budget where it is not the study's first: `label first, token mean, 8
 * tokens`. With the arms it stands among, an order that they all share is left unsaid: `token mean`. Label-only has no
 * order that counts.
 */
export function recipeTitle(
  {order, reduction, tokens}: Recipe,
  among?: readonly {mode: Mode; order: Order}[]
): string {
  const orders = new Set(among?.filter(({mode}) => mode !== "label-only").map((arm) => arm.order));
  const unsaid = orders.size === 1 && orders.has(order);
  return [
    ...(unsaid ? [] : [ORDER_TITLES[order]]),
    REDUCTION_TITLES[reduction],
    ...(tokens ? [budgetTitle(tokens)] : [])
  ].join(", ");
}

/** `Shuffled, label first, token mean`; `Label only`. `among` as in {@link recipeTitle}. */
export function armTitle(id: string, among?: readonly {mode: Mode; order: Order}[]): string {
  const {mode, ...recipe} = parseArm(id);
  const {title} = MODE_LOOKS[mode];
  return mode === "label-only" ? title : `${title}, ${recipeTitle(recipe, among)}`;
}

/** The same for words in a mode's colour. */
export function modeTextColor(mode: Mode): string {
  return `var(--mode-${mode}-text, ${modeTextShade(mode, "light")})`;
}

/** Shade of words in a mode's colour: at least 4.5 : 1 against the paper. */
export function modeTextShade(mode: Mode, scheme: "light" | "dark"): string {
  const look = MODE_LOOKS[mode];
  return look.text?.[scheme] ?? look[scheme];
}

/** The style sheet's half of the palette: two variables a mode, for markers and for words, in light and in dark. */
export function paletteCss(): string {
  const variables = (scheme: "light" | "dark") =>
    MODES.flatMap((mode) => [
      `--mode-${mode}: ${MODE_LOOKS[mode][scheme]};`,
      `--mode-${mode}-text: ${modeTextShade(mode, scheme)};`
    ]).join(" ");
  return `:root { ${variables("light")} }\n@media (prefers-color-scheme: dark) { :root { ${variables("dark")} } }\n`;
}
