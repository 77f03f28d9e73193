/**
 * Embedded corpora: six kinds of conversation from a grammar of our own, for a study that needs no data of anybody
 * else's. A response is written whole; then defects of a known kind and amount are planted, apart on each axis, and
 * the labels follow from them.
 */
import type {Example} from "../../../src/core/conversation.js";
import {createRandom} from "../../../src/core/random.js";
import type {Random} from "../../../src/core/random.js";
import type {EmbeddedCorpusConfig} from "../../../src/core/study.js";
import {breakSentences} from "./defects.js";
import {writeDialogue} from "./dialogue.js";
import {explain} from "./explanations.js";
import type {Evidence} from "./explanations.js";
import {EMBEDDED_AXES, labelOf} from "./labels.js";
import {LEXICONS} from "./lexicons/index.js";
import type {Lexicon} from "./lexicons/lexicon.js";
import {drawAmounts} from "./plan.js";
import {composeResponse, drawSubject} from "./response.js";
import {textOf} from "./sentences.js";
import type {Sentence} from "./sentences.js";

export type EmbeddedKind = EmbeddedCorpusConfig["kind"];

/** An example with the record of what was planted in it. */
export interface PlantedExample {
  example: Example;
  /** Amounts, defects, and what is asked, answered and missing by name. */
  evidence: Evidence;
  /** The response's sentences as written, before any of them was broken. */
  whole: Sentence[];
}

/**
 * A corpus of one kind: one response a dialogue, labelled 1 to 5 on each of {@link EMBEDDED_AXES}, with explanations.
 * Pure; example n is a function of kind, seed and n alone, so that a longer corpus begins with the shorter one.
 */
export function generateCorpus(options: {kind: EmbeddedKind; dialogues: number; seed: number}): Example[] {
  return generatePlanted(options).map(({example}) => example);
}

/** {@link generateCorpus} with the record of defects beside each example. */
export function generatePlanted({
  kind,
  dialogues,
  seed
}: {
  kind: EmbeddedKind;
  dialogues: number;
  seed: number;
}): PlantedExample[] {
  return Array.from({length: dialogues}, (_, n) =>
    plant(
      `${kind}-${String(n + 1).padStart(4, "0")}`,
      LEXICONS[kind],
      createRandom("embedded", kind, seed, n)
    )
  );
}

function plant(id: string, lexicon: Lexicon, random: Random): PlantedExample {
  const amounts = drawAmounts(random);
  const subject = drawSubject(amounts, lexicon, random);
  const whole = composeResponse(subject, amounts, lexicon, random);
  const {sentences, defects} = breakSentences(whole, amounts.broken, random);
  const evidence: Evidence = {...subject, amounts, defects};
  const explanations = explain(evidence, random);
  const example: Example = {
    example_id: id,
    dialogue_id: id,
    turns: writeDialogue(subject, lexicon, random),
    response: textOf(sentences),
    given: Object.fromEntries(
      EMBEDDED_AXES.map((axis) => [
        axis,
        {label: String(labelOf(axis, amounts)), explanation: explanations[axis]}
      ])
    )
  };
  return {example, evidence, whole};
}
