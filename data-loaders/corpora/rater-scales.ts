/** The scales of the published human-rated sets, as their READMEs give them. */

export interface RaterScale {
  /** Lowest and highest score. */
  range: [number, number];
  /** What a response with a high score is, as a word that can follow “found it” and “not”. */
  quality: string;
}

const USR: Record<string, RaterScale> = {
  Understandable: {range: [0, 1], quality: "understandable"},
  Natural: {range: [1, 3], quality: "natural"},
  "Maintains Context": {range: [1, 3], quality: "in keeping with the context"},
  Engaging: {range: [1, 3], quality: "engaging"},
  "Uses Knowledge": {range: [0, 1], quality: "well informed"},
  Overall: {range: [1, 5], quality: "good overall"}
};

const FED: Record<string, RaterScale> = {
  Interesting: {range: [0, 2], quality: "interesting"},
  Engaging: {range: [0, 2], quality: "engaging"},
  Specific: {range: [0, 2], quality: "specific"},
  Relevant: {range: [0, 2], quality: "relevant"},
  Correct: {range: [0, 2], quality: "correct"},
  "Semantically appropriate": {range: [0, 2], quality: "sensible"},
  Understandable: {range: [0, 1], quality: "understandable"},
  Fluent: {range: [0, 2], quality: "fluent"},
  Overall: {range: [0, 4], quality: "good overall"}
};

const USS: Record<string, RaterScale> = {
  Satisfaction: {range: [1, 5], quality: "satisfying"}
};

/** Reader → scale → what is known of it. One's own files have scales of their own. */
export const RATER_SCALES: Record<string, Record<string, RaterScale>> = {usr: USR, fed: FED, uss: USS};
