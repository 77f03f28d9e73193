/** A report as it is resolved: every directive replaced by what it comes to; the same for all that is written from it. */
import type Token from "markdown-it/lib/token.mjs";
import type {Claim} from "../../src/core/claims/claim.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import type {Selection} from "../../src/core/selection.js";
import type {Reference} from "./bibliography.js";

/** What a report is made from, besides the tables. */
export interface ReportSource {
  /** Markdown. */
  text: string;
  /** How messages call the file. */
  file: string;
  /** BibTeX; null where the study names none. */
  bibliography: {text: string; file: string} | null;
}

export interface ReportFigure {
  /** From 1, in the order of the text. */
  number: number;
  /** Of its files, and within links: `effects`, `effects-2`. */
  id: string;
  name: string;
  selection: Selection;
  caption: string;
  /** What it drew, in words. */
  drawn: {title: string; alt: string};
}

/** Something worth a warning: a number typed by hand, a claim that is not known, a figure with nothing to draw. */
export interface Finding {
  line: number;
  found: string;
  mend: string;
}

/** A number that the author says is no claim, and why. */
export interface TypedByHand {
  line: number;
  text: string;
  why: string;
}

export interface Report {
  source: ReportSource;
  cubes: AllCubes;
  /** The title as plain text, and as tokens of one line. */
  title: string;
  heading: Token[];
  /** Tokens of markdown-it; `claim`, `typed`, `cited` and `figure` besides, with what they are in `meta`. */
  tokens: Token[];
  claims: Claim[];
  figures: ReportFigure[];
  /** Cited works in the order of their first citation. */
  references: Reference[];
  typed: TypedByHand[];
  findings: Finding[];
  /** Directives as they are written, and what stands in their place in Markdown. */
  replaced: {line: number; raw: string; by: string}[];
}
