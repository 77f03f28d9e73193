/** A whole response: one sentence a part, where it stops answering, and where it turns from or to the topic. */
import type {Random} from "../../../src/core/random.js";
import type {Amounts} from "./labels.js";
import type {Lexicon, Noun} from "./lexicons/lexicon.js";
import {partSentence} from "./sentences.js";
import type {Sentence} from "./sentences.js";

/** What a dialogue is about, and what its response does about it. */
export interface Subject {
  topic: Noun;
  /** Where an off-topic part of the response wanders; named only by `away` responses. */
  otherTopic: Noun;
  /** `away`: it begins on the topic and turns to another. `late`: it begins elsewhere and turns to the topic. */
  turn: "away" | "late";
  /** Parts asked for, in the order of asking; each is answered or missing. */
  asked: Noun[];
  /** Parts that the sentences are about, in order: as asked, but for decoys. */
  spoken: Noun[];
  answered: Noun[];
  missing: Noun[];
  /** Parts told of that nobody asked for. */
  decoys: Noun[];
}

/** How often a response comes to its topic late; then the same turn means the opposite of one away from it. */
const LATE = 1 / 8;

export function drawSubject(
  {asked, told, decoys}: Amounts,
  {topics, parts}: Lexicon,
  random: Random
): Subject {
  const [topic, otherTopic] = random.shuffle(topics) as [Noun, Noun, ...Noun[]];
  const drawn = random.shuffle(parts);
  const asking = drawn.slice(0, asked);
  const instead = drawn.slice(asked, asked + decoys);
  const places = random.shuffle(Array.from({length: told}, (_, place) => place)).slice(0, decoys);
  const spoken = asking.map((part, place) => instead[places.indexOf(place)] ?? part);
  const answered = spoken.slice(0, told).filter((part) => asking.includes(part));
  return {
    topic,
    otherTopic,
    turn: random.unit() < LATE ? "late" : "away",
    asked: asking,
    spoken,
    answered,
    missing: asking.filter((part) => !answered.includes(part)),
    decoys: instead
  };
}

/** Sentences about parts in the order of asking, one that closes after those that tell, and one that turns. */
export function composeResponse(
  {topic, otherTopic, turn, spoken}: Subject,
  {told, onTopic}: Amounts,
  lexicon: Lexicon,
  random: Random
): Sentence[] {
  const about = spoken.map((part, place) =>
    partSentence(part, place < told ? "tells" : "asks back", lexicon, random)
  );
  const turned = turn === "away" ? otherTopic : topic;
  const closing = {place: told, sentence: wordsOf("closes", random.pick(lexicon.closings))};
  const turning = {
    place: turn === "away" ? onTopic : spoken.length - onTopic,
    sentence: wordsOf("turns", random.pick(lexicon.turns).replace("{topic}", turned.text))
  };
  const marks = random.shuffle([closing, turning]);
  return [...about, undefined].flatMap((sentence, place) => [
    ...marks.filter((mark) => mark.place === place).map((mark) => mark.sentence),
    ...(sentence ? [sentence] : [])
  ]);
}

function wordsOf(purpose: "closes" | "turns", text: string): Sentence {
  return {purpose, words: text.split(" ")};
}
