/**
 * Explanations for sets with a single rater scale: how far the raters of a turn agreed, and whether they rated the
 * turn before (where there is none, the next) higher, lower or alike.
 */
import type {Example} from "../../src/core/conversation.js";
import {meanScore} from "../../src/core/labels.js";
import {createRandom} from "../../src/core/random.js";
import type {Random} from "../../src/core/random.js";
import {groupByDialogue} from "../../src/core/split.js";

/** By the distance between the lowest and the highest score of a turn. */
const AGREEMENT = {
  none: ["all raters agreed", "its raters were of one mind", "no rater saw it differently"],
  one: ["raters differed by a point", "its raters nearly agreed", "raters were a point apart"],
  more: ["raters disagreed", "its raters were divided", "raters were points apart"]
};
const COMPARISON = {
  higher: ["was rated higher", "had pleased more", "had been liked better"],
  lower: ["was rated lower", "had pleased less", "had been liked less"],
  alike: ["was rated alike", "had pleased as much", "had been liked as much"]
};
/** Means that differ by less are alike; it covers rounding only. */
const ALIKE = 1e-9;

interface Rated {
  example_id: string;
  dialogue_id: string;
  /** Turns before the response: what tells earlier from later in a dialogue. */
  turns: number;
  scores: number[];
  mean: number;
}

/** Example id → a clause, for the examples with more than one rater or with a rated neighbour. */
export function explainByNeighbours(
  examples: Example[],
  scales: string[],
  axis: string
): Map<string, string> {
  const rated = examples.flatMap((example) => ratedOf(example, scales));
  const clauses = new Map<string, string>();
  for (const dialogue of groupByDialogue(rated).values()) {
    const neighbourOf = neighboursIn(dialogue);
    for (const turn of dialogue) {
      const random = createRandom("templated", axis, turn.example_id);
      const parts = [agreementOf(turn, random), comparisonOf(turn, neighbourOf(turn), random)];
      const said = random.shuffle(parts.filter((part) => part !== null));
      if (said.length > 0) clauses.set(turn.example_id, said.join(" and "));
    }
  }
  return clauses;
}

function ratedOf({example_id, dialogue_id, turns, scores}: Example, scales: string[]): Rated[] {
  const given = scales.flatMap((scale) => scores?.[scale] ?? []).filter((score) => score !== null);
  const mean = meanScore(given);
  return mean === null ? [] : [{example_id, dialogue_id, turns: turns.length, scores: given, mean}];
}

/** The rated turn right before, else the one right after. Responses to the same turns are no neighbours. */
function neighboursIn(dialogue: Rated[]): (turn: Rated) => Rated | undefined {
  const firstOfLength = new Map<number, Rated>();
  for (const turn of dialogue) if (!firstOfLength.has(turn.turns)) firstOfLength.set(turn.turns, turn);
  const inTime = [...firstOfLength.values()].sort((a, b) => a.turns - b.turns);
  const position = new Map(inTime.map(({turns}, i) => [turns, i]));
  return ({turns}) => inTime[position.get(turns)! - 1] ?? inTime[position.get(turns)! + 1];
}

/** Null for a single rater, who agrees with nobody. */
function agreementOf({scores}: Rated, random: Random): string | null {
  if (scores.length < 2) return null;
  const spread = Math.max(...scores) - Math.min(...scores);
  return random.pick(spread === 0 ? AGREEMENT.none : spread <= 1 ? AGREEMENT.one : AGREEMENT.more);
}

/** Null where no other turn of the dialogue was rated. */
function comparisonOf(turn: Rated, neighbour: Rated | undefined, random: Random): string | null {
  if (neighbour === undefined) return null;
  const difference = neighbour.mean - turn.mean;
  const outcome = Math.abs(difference) < ALIKE ? "alike" : difference > 0 ? "higher" : "lower";
  return `the turn ${neighbour.turns < turn.turns ? "before" : "after"} ${random.pick(COMPARISON[outcome])}`;
}
