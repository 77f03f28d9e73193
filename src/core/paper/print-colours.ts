/** Colours of figures on white paper, and a set that needs no colour. Names are those of the style sheet's variables. */
import {MODES} from "../arms.js";
import type {Mode} from "../arms.js";

export const VARIANTS = ["colour", "grey"] as const;
export type Variant = (typeof VARIANTS)[number];

/**
 * Lightness tells arms apart as far as it can; shape and dash tell them apart where it can't. None is lighter than 3 : 1
 * against white.
 */
export const MODE_GREYS: Record<Mode, string> = {
  "label-only": "#7d7d7d",
  explanation: "#000000",
  "key-words": "#2b2b2b",
  mismatched: "#3f3f3f",
  shuffled: "#535353",
  "bag-of-words": "#686868",
  "random-vocabulary": "#868686",
  filler: "#939393"
};

/** Of lines that join an arm's values, in the drawing's pixels; a line that isn't named is unbroken. */
export const MODE_DASHES: Partial<Record<Mode, string>> = {
  "label-only": "2,2",
  "key-words": "8,2",
  mismatched: "8,2,2,2",
  shuffled: "5,2",
  "bag-of-words": "3,1.5",
  "random-vocabulary": "5,2,1.5,2,1.5,2",
  filler: "1,2"
};

/** Words need 4.5 : 1. */
const LIGHTEST_WORDS = "#767676";

const WHITE = {paper: "#ffffff"};

const GREY: Record<string, string> = {
  ...WHITE,
  ink: "#111111",
  muted: "#5c5c5c",
  rule: "#dadada",
  bar: "#8b8b8b",
  less: "#767676",
  more: "#0a0a0a",
  "share-1": "#d6d6d6",
  "share-2": "#ababab",
  "share-3": "#808080",
  "share-4": "#505050",
  "share-5": "#161616",
  ...Object.fromEntries(
    MODES.flatMap((mode) => [
      [`mode-${mode}`, MODE_GREYS[mode]],
      [`mode-${mode}-text`, MODE_GREYS[mode] > LIGHTEST_WORDS ? LIGHTEST_WORDS : MODE_GREYS[mode]]
    ])
  )
};

/** Values of the style sheet's variables; what isn't named keeps its light shade. */
export const PRINT_COLOURS: Record<Variant, Readonly<Record<string, string>>> = {colour: WHITE, grey: GREY};
