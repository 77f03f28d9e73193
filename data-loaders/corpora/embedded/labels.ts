/**
 * How labels follow from what was planted. Every axis has the labels 1 (worst) to 5 (whole).
 */

/** The axes that embedded corpora come labelled on. */
export const EMBEDDED_AXES = ["naturalness", "comprehensiveness", "on-topic"] as const;
export type EmbeddedAxis = (typeof EMBEDDED_AXES)[number];

/** What was planted in one response, as counts. */
export interface Amounts {
  /** Sentences with broken grammar or a stilted order, 0 to 4. */
  broken: number;
  /** Parts that the dialogue asks for; the response has one sentence for each. */
  asked: number;
  /** Sentences that say something of a part, before the response has no more to say and asks back. */
  told: number;
  /** Of the sentences that say something, those about a part that nobody asked for. */
  decoys: number;
  /** Sentences on the dialogue's topic. */
  onTopic: number;
}

/**
 * - naturalness: 5, less one for every broken sentence;
 * - comprehensiveness: 1 + 4 · parts asked for and told of / parts asked for, rounded;
 * - on-topic: 1 + 4 · sentences on the topic / sentences, rounded.
 */
export function labelOf(axis: EmbeddedAxis, {broken, asked, told, decoys, onTopic}: Amounts): number {
  if (axis === "naturalness") return 5 - broken;
  return shareLabel(axis === "comprehensiveness" ? told - decoys : onTopic, asked);
}

/** 1 for none of it, 5 for all of it. */
export function shareLabel(part: number, whole: number): number {
  return 1 + Math.round((4 * part) / whole);
}
