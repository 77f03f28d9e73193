/** Rows of the cubes about labels and judges. A *cell* is corpus × axis, where either may be `"all"`. */
import type {AnnotationSource} from "../conversation.js";
import type {VoteStatus} from "../judging/votes.js";

/** `label-counts.json`: examples by label, in training and in test. */
export interface LabelCountRow {
  corpus: string;
  axis: string;
  label: string;
  source: AnnotationSource;
  train: number;
  test: number;
}

/**
 * `agreement.json`: how far raters agree in a cell. `a` and `b` name raters: `judge/prompt`, `judge` (the mean of its
 * prompts), `judges` (the merged label), `people` (the golden label); with `alpha`, `a` names the group (`judges` or
 * `people`) and `b` is empty.
 */
export interface AgreementRow {
  corpus: string;
  axis: string;
  a: string;
  b: string;
  measure: "alpha" | "qwk" | "exact" | "within_one" | "mae" | "mse";
  value: number | null;
  low: number | null;
  high: number | null;
  /** Items that both rated; for alpha, items with two ratings at least. */
  n: number;
}

/** `severity.json`: how much higher than its fellows a rater scores, in labels, on the items that they share. */
export interface SeverityRow {
  corpus: string;
  axis: string;
  rater: string;
  severity: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

/** `merge-rules.json`: each rule against the golden set. */
export interface MergeRuleRow {
  corpus: string;
  axis: string;
  rule: string;
  measure: "mae" | "mse" | "exact" | "within_one" | "qwk";
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  /** Whether the study's labels are merged by this rule. */
  chosen: boolean;
  /** Whether it was chosen for being nearest to these very golden labels (`merge.scores: best`): its error is then too low. */
  by_golden?: boolean;
  /**
   * Whether the rule can't be told apart from the chosen one in this measure: the 95 % interval over dialogues of their
   * paired difference holds 0. True of the chosen rule; null where there is no interval.
   */
  tied?: boolean | null;
}

/** `judge-calls.json`: what a judge did with a prompt. */
export interface JudgeCallRow {
  judge: string;
  prompt: string;
  axis: string;
  corpus: string;
  status: VoteStatus;
  /** Questions whose last attempt ended so. */
  votes: number;
  /** Attempts that ended so, the last ones among them. */
  attempts: number;
  input_tokens: number;
  output_tokens: number;
  /** In the study's currency; null without a price. */
  cost: number | null;
}

/** `votes.json`, a plain document: all votes on the examples that pages show. */
export interface VotesDocument {
  currency: string;
  judges: {id: string; title: string; model: string}[];
  prompts: {id: string; scale: readonly [number, number]}[];
  items: VotedItem[];
}

export interface VotedItem {
  corpus: string;
  example_id: string;
  axis: string;
  /** Label after merging; null where too few votes were usable. */
  merged: string | null;
  /** The merged score before it became a label, on label positions from 1. */
  merged_score: number | null;
  explanation: string;
  /** Label by people; null where nobody rated it. */
  golden: string | null;
  votes: {judge: number; prompt: number; status: VoteStatus; score: number | null; explanation: string}[];
}
