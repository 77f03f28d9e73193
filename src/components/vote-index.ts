/** Judged examples as the vote browser lists them: with their text, and how far their votes lie apart. Pure. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {ShownExample, VotedItem, VotesDocument} from "../core/cubes.js";
import {formatNumber} from "../core/format.js";
import type {Selection} from "../core/selection.js";

/** Which examples are listed beside the corpus and axis: all, or those where raters part. */
export type VoteFilter = "any" | "apart" | "far" | "people" | "unusable";
export type VoteSort = "corpus" | "spread" | "people";

export interface VoteQuery {
  which: VoteFilter;
  sort: VoteSort;
  search: string;
}

export interface IndexedVotes {
  /** `corpus/example/axis`: the link to it, as on the Examples page. */
  id: string;
  item: VotedItem;
  example: ShownExample;
  labels: string[];
  /** Each vote on the labels' positions from 1; null where it is not usable. */
  positions: (number | null)[];
  /** Largest less smallest position: 0 where all agree. */
  spread: number;
  /** Merged less golden label, in labels; null where either is missing. */
  off: number | null;
  /** What text search looks through, in lower case. */
  text: string;
}

/** A score on its prompt's scale, stretched on the labels' positions from 1. */
export function positionOf(score: number, scale: readonly [number, number], labels: number): number {
  const [low, high] = scale;
  return high === low ? 1 : 1 + ((score - low) / (high - low)) * (labels - 1);
}

/** All judged examples that the page has the text of. */
export function indexVotes({
  study,
  examples,
  votes
}: Pick<AllCubes, "study" | "examples" | "votes">): IndexedVotes[] {
  const shown = new Map(
    examples.examples.map((example) => [`${example.corpus}/${example.example_id}`, example])
  );
  const labelsOf = new Map(study.axes.map(({id, labels}) => [id, labels]));
  return votes.items.flatMap((item) => {
    const example = shown.get(`${item.corpus}/${item.example_id}`);
    const labels = labelsOf.get(item.axis);
    return example && labels ? [indexed(item, {example, labels, votes})] : [];
  });
}

function indexed(
  item: VotedItem,
  {example, labels, votes}: {example: ShownExample; labels: string[]; votes: VotesDocument}
): IndexedVotes {
  const positions = item.votes.map(({score, prompt}) =>
    score === null
      ? null
      : positionOf(score, votes.prompts[prompt]?.scale ?? [1, labels.length], labels.length)
  );
  const known = positions.filter((position) => position !== null);
  const [merged, golden] = [labels.indexOf(item.merged ?? ""), labels.indexOf(item.golden ?? "")];
  const words = [
    ...example.turns.map(({text}) => text),
    ...[example.response, item.explanation, item.example_id],
    ...item.votes.map(({explanation}) => explanation)
  ];
  return {
    id: `${item.corpus}/${item.example_id}/${item.axis}`,
    ...{item, example, labels, positions},
    spread: known.length === 0 ? 0 : Math.max(...known) - Math.min(...known),
    off: merged < 0 || golden < 0 ? null : merged - golden,
    text: words.join(" ").toLowerCase()
  };
}

/** Those of the corpus and axis that match, in the order asked for. */
export function findVotes(
  all: readonly IndexedVotes[],
  {corpus, axis}: Pick<Selection, "corpus" | "axis">,
  {which, sort, search}: VoteQuery
): IndexedVotes[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(
    (one) =>
      (corpus === "all" || one.item.corpus === corpus) &&
      (axis === "all" || one.item.axis === axis) &&
      MATCHES[which](one) &&
      words.every((word) => one.text.includes(word))
  );
  if (sort === "corpus") return found;
  const key = (one: IndexedVotes) => (sort === "spread" ? one.spread : Math.abs(one.off ?? -1));
  return found
    .map((one, i) => ({one, i}))
    .sort((a, b) => key(b.one) - key(a.one) || a.i - b.i)
    .map(({one}) => one);
}

const MATCHES: Record<VoteFilter, (one: IndexedVotes) => boolean> = {
  any: () => true,
  apart: ({spread}) => spread >= 1,
  far: ({spread}) => spread >= 2,
  people: ({off}) => off !== null && off !== 0,
  unusable: ({positions}) => positions.includes(null)
};

/** `votes 2 to 4`, in label positions; what a list says of an example. */
export function votesText({positions}: IndexedVotes): string {
  const known = positions.filter((position) => position !== null);
  if (known.length === 0) return "no usable vote";
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const text = (position: number) => formatNumber(position, Number.isInteger(position) ? 0 : 1);
  return least === most ? `all votes ${text(least)}` : `votes ${text(least)} to ${text(most)}`;
}
