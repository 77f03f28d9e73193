/**
 * What one kind of conversation is made of. A lexicon holds words and sentence patterns only; how many sentences are
 * drawn, and what is broken in them, is decided elsewhere and the same for all kinds.
 *
 * Everything is in lower case, so that a word moved from the start of a sentence is not betrayed by its capital.
 */

/** A noun that takes a verb: `plural` decides whether it takes `is` or `are`. */
export interface Noun {
  text: string;
  plural: boolean;
}

/** Sentence patterns: words apart by spaces, with the slots in braces that the field's comment names. */
export interface Lexicon {
  /** Who asks and who answers, by pairs; one pair is drawn a dialogue. */
  roles: [asker: string, answerer: string][];
  /** What the dialogue is about. Off topic is another of these, so a word is on topic here and off topic there. */
  topics: Noun[];
  /** What may be asked of a topic. */
  parts: Noun[];
  /** What may be said of a part, after the verb; any value suits any part. */
  values: string[];
  /** The verb between noun and value: singular, plural. */
  verb: [singular: string, plural: string];
  /** The dialogue before the response, by patterns: `asker: …` and `answerer: …` with `{topic}` and `{parts}`. */
  dialogues: [who: "asker" | "answerer" | (string & {}), text: string][][];
  /** Sentences that say that no more will be said, all with the words `no more`. */
  closings: string[];
  /** Sentences that turn to `{topic}`, all with `now` first. */
  turns: string[];
}

/** `nouns("lamp", "boots*")`: nouns by their text, plural where a star follows. */
export function nouns(...texts: string[]): Noun[] {
  return texts.map((text) => ({text: text.replace("*", ""), plural: text.endsWith("*")}));
}
