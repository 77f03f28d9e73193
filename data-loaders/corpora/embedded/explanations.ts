/**
 * Why a response has its label, in a clause that can follow the word *because*. Clauses name the evidence (the words
 * that are out of order, the parts that are missing, where it turns to which topic) and vary in phrasing.
 */
import type {Random} from "../../../src/core/random.js";
import type {Defect, DefectKind} from "./defects.js";
import type {Amounts, EmbeddedAxis} from "./labels.js";
import type {Subject} from "./response.js";
import {listOf} from "./sentences.js";

/** What a response holds and lacks, by name. */
export interface Evidence extends Subject {
  defects: Defect[];
  amounts: Amounts;
}

const NUMBERS = ["none", "one", "two", "three", "four", "five"];
/** Defects that are spelt out; more are counted. */
const SPELT_OUT = 2;

/** One explanation an axis. */
export function explain(evidence: Evidence, random: Random): Record<EmbeddedAxis, string> {
  return {
    naturalness: random.pick(naturalness(evidence)),
    comprehensiveness: random.pick(comprehensiveness(evidence)),
    "on-topic": random.pick(topicality(evidence))
  };
}

const DEFECT_PHRASES: Record<DefectKind, (words: string, plural: boolean) => string[]> = {
  swapped: (words) => [
    `the words ${words} are out of order`,
    `the noun comes too soon in ${words}`,
    `nobody says ${words}`
  ],
  stilted: (words, plural) => [
    `${words} ${plural ? "come" : "comes"} in a stilted order`,
    `the order of ${words} sounds stilted`,
    `nobody puts ${words} that way`
  ]
};

function naturalness({defects, spoken}: Evidence): string[] {
  const [first, last] = [spoken[0]!.text, spoken.at(-1)!.text];
  if (defects.length === 0)
    return [
      `every sentence reads well, from the ${first} to the ${last}`,
      `nothing is broken between the ${first} and the ${last}`,
      `the words are in order from the ${first} to the ${last}`
    ];
  const shown = defects.slice(0, SPELT_OUT).map(({evidence}) => evidence.join(" "));
  const phrases = DEFECT_PHRASES[defects[0]!.kind](shown.join(" and "), shown.length > 1);
  const more = defects.length - shown.length;
  return more === 0 ? phrases : phrases.map((phrase) => `${phrase}, and ${NUMBERS[more]} more like it`);
}

function comprehensiveness({asked, answered, missing, decoys}: Evidence): string[] {
  if (missing.length === 0)
    return [
      `the ${listOf(asked)} are all answered`,
      `nothing asked is left out, neither ${listOf(asked, "nor")}`,
      `it tells of the ${listOf(asked)}`
    ];
  const instead = decoys.length > 0 ? `, though of the ${listOf(decoys)}` : "";
  const phrases = [
    `it tells nothing of the ${listOf(missing, "or")}${instead}`,
    `the ${listOf(missing)} ${missing.length > 1 || missing[0]!.plural ? "are" : "is"} left open${instead}`
  ];
  const last = answered.at(-1);
  return last
    ? [...phrases, `it stops after the ${last.text}, without the ${listOf(missing, "or")}${instead}`]
    : phrases;
}

function topicality({topic, otherTopic, turn, amounts}: Evidence): string[] {
  const [whole, on] = [amounts.asked, amounts.onTopic];
  return (turn === "away" ? turnsAway : turnsLate)(
    topic.text,
    otherTopic.text,
    NUMBERS[on]!,
    NUMBERS[whole]!,
    {
      all: on === whole,
      none: on === 0
    }
  );
}

type TurnPhrases = (
  topic: string,
  other: string,
  on: string,
  whole: string,
  is: {all: boolean; none: boolean}
) => string[];

const turnsAway: TurnPhrases = (topic, other, on, whole, is) => {
  if (is.all)
    return [
      `it turns from the ${topic} to the ${other} only at the end`,
      `all ${whole} answers come before the ${other}`
    ];
  if (is.none)
    return [
      `it turns to the ${other} at once`,
      `none of ${whole} answers keeps to the ${topic}, all to the ${other}`
    ];
  return [
    `it turns to the ${other} after ${on} of ${whole} answers`,
    `it keeps to the ${topic} for ${on} of ${whole} answers, then takes the ${other}`,
    `it drifts from the ${topic} to the ${other} after ${on} of ${whole}`
  ];
};

const turnsLate: TurnPhrases = (topic, _, on, whole, is) => {
  if (is.all)
    return [`it turns to the ${topic} at once`, `all ${whole} answers come after it turns to the ${topic}`];
  if (is.none)
    return [`it comes to the ${topic} only at the end`, `none of ${whole} answers is left for the ${topic}`];
  return [
    `it comes to the ${topic} only for the last ${on} of ${whole} answers`,
    `the turn to the ${topic} leaves it ${on} of ${whole} answers`
  ];
};
