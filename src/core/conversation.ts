/**
 * The words of the field, as types: a corpus holds examples, an example is one response to be judged with the
 * dialogue before it, and an annotation is what is said of it on one axis.
 */

/** One turn of a dialogue. Roles are free text (`user`, `assistant`, `passage`, `Anna`, …). */
export interface Turn {
  role: string;
  text: string;
}

/** Scores that several raters gave on one named scale; `null` where a rater abstained. */
export type RaterScores = Record<string, (number | null)[]>;

/** What a corpus itself says of an example on one axis, before any judge is asked. */
export interface Given {
  /** A label of the axis, as text. */
  label?: string;
  /** Why that label, as a clause that can follow the word *because*. */
  explanation?: string;
}

/** One response to be judged, with its dialogue: the unit that a reader yields. */
export interface Example {
  /** Unique in its corpus. */
  example_id: string;
  /** Splits are grouped by it, intervals are clustered by it. */
  dialogue_id: string;
  turns: Turn[];
  response: string;
  /** Axis → label and explanation, where the corpus comes with them. */
  given?: Record<string, Given>;
  /** Rater scale → scores, where people rated the example. */
  scores?: RaterScores;
}

/** Where a label or an explanation comes from, as the notebook names it. */
export type AnnotationSource = "planted" | "given" | "raters" | "judges";

/** What is said of one example on one axis: the merged label and the explanation that goes with it. */
export interface Annotation {
  corpus: string;
  example_id: string;
  axis: string;
  label: string;
  /** A clause that can follow the word *because*; empty where there is none. */
  explanation: string;
  label_source: AnnotationSource;
  explanation_source: AnnotationSource | "templated" | "none";
}

/** An axis: what is judged, and the labels it is judged with. */
export interface Axis {
  id: string;
  title: string;
  question: string;
  /** What the question means, at more length, for whoever rates. */
  definition?: string;
  kind: "ordinal" | "nominal";
  /** In ascending order where ordinal. */
  labels: string[];
}

/** A setting is corpus × axis. */
export interface Setting {
  corpus: string;
  axis: string;
}
