/** The examples as the browser lists them: every test row with what each arm said, filtered and sorted. Pure. */
import {formatNumber} from "../core/format.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {ShownExample, TestItem} from "../core/cubes.js";
import type {Selection} from "../core/selection.js";

export type Flips = "any" | "gained" | "lost" | "either";
export type Sort =
  "corpus" | "flips" | "arms" | "seeds" | "disagreement" | "unsure" | "sure" | "sure-wrong" | "entropy";

/** A range of numbers, both ends included. */
export type Range = [number, number];

/** What an arm's mean label probabilities say of its certainty. */
export interface Certainty {
  /** Largest probability, 0 to 1. */
  confidence: number;
  /** Entropy over the labels in nats. */
  entropy: number;
}

/** What the Examples page has beside the shared selection. */
export interface ExampleQuery {
  /** Arms compared: `b` against `a`. */
  a: string;
  b: string;
  flips: Flips;
  search: string;
  sort: Sort;
  /** The arm whose confidence, entropy and seeds are sorted by. */
  by: string;
  /** Ranges of that arm's confidence and entropy over labels; null for any. */
  confidence: Range | null;
  entropy: Range | null;
}

export interface IndexedItem {
  /** `corpus/example/axis`: the link to it. */
  id: string;
  item: TestItem;
  example: ShownExample;
  labels: string[];
  /** Arm → predicted label of each seed, in the order of the study's seeds; null where a run has none. */
  predicted: Map<string, (string | null)[]>;
  /** What text search looks through, in lower case. */
  text: string;
  /** Arm → certainty of its probabilities, mean over seeds; null where it has none. */
  certainty: Map<string, Certainty | null>;
}

/** All test rows with their example and predictions decoded. */
export function indexExamples({study, examples}: Pick<AllCubes, "study" | "examples">): IndexedItem[] {
  const shown = new Map(
    examples.examples.map((example) => [`${example.corpus}/${example.example_id}`, example])
  );
  const labelsOf = new Map(study.axes.map(({id, labels}) => [id, labels]));
  return examples.items.flatMap((item) => {
    const example = shown.get(`${item.corpus}/${item.example_id}`);
    const labels = labelsOf.get(item.axis);
    if (!example || !labels) return [];
    const predicted = new Map<string, (string | null)[]>();
    examples.runs.forEach(({arm}, i) => {
      const digit = item.predicted[i] ?? "-";
      const label = digit === "-" ? null : (labels[parseInt(digit, 36)] ?? null);
      predicted.set(arm, [...(predicted.get(arm) ?? []), label]);
    });
    const words = [
      ...example.turns.map(({text}) => text),
      example.response,
      item.explanation,
      item.example_id
    ].join(" ");
    return {
      id: `${item.corpus}/${item.example_id}/${item.axis}`,
      item,
      example,
      labels,
      predicted,
      text: words.toLowerCase(),
      certainty: new Map(examples.arms.map((arm, i) => [arm, certaintyOf(item.probabilities[i] ?? null)]))
    };
  });
}

/** Of probabilities in thousandths. */
export function certaintyOf(thousandths: number[] | null): Certainty | null {
  const sum = thousandths?.reduce((total, each) => total + each, 0) ?? 0;
  if (!thousandths || sum === 0) return null;
  const shares = thousandths.map((each) => each / sum);
  const entropy = shares.reduce((total, p) => total - (p > 0 ? p * Math.log(p) : 0), 0);
  return {confidence: Math.max(...shares), entropy: Math.max(0, entropy)};
}

/** Share of an arm's seeds that are right; null where it has no prediction. */
export function shareRight({item, predicted}: IndexedItem, arm: string): number | null {
  const labels = (predicted.get(arm) ?? []).filter((label) => label !== null);
  return labels.length === 0 ? null : labels.filter((label) => label === item.gold).length / labels.length;
}

/** How many more seeds, as a share, are right under `b` than under `a`: above zero is gained, below is lost. */
export function flipOf(item: IndexedItem, {a, b}: Pick<ExampleQuery, "a" | "b">): number {
  return (shareRight(item, b) ?? 0) - (shareRight(item, a) ?? 0);
}

/** Rows of the selected corpus and axis that match flips and words, in the order asked for. */
export function findExamples(
  items: IndexedItem[],
  {corpus, axis}: Pick<Selection, "corpus" | "axis">,
  query: ExampleQuery
): IndexedItem[] {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter(
    (indexed) =>
      (corpus === "all" || indexed.item.corpus === corpus) &&
      (axis === "all" || indexed.item.axis === axis) &&
      matchesFlips(flipOf(indexed, query), query.flips) &&
      isCertain(indexed.certainty.get(query.by) ?? null, query) &&
      words.every((word) => indexed.text.includes(word))
  );
  const key = sortKey(query);
  return key ? sortBy(found, key) : found;
}

/** Smallest first; null for the order of corpora. */
function sortKey(query: ExampleQuery): ((indexed: IndexedItem) => number) | null {
  const {a, b, by, sort} = query;
  const certain = (indexed: IndexedItem) => indexed.certainty.get(by) ?? null;
  const keys: Record<Exclude<Sort, "corpus">, (indexed: IndexedItem) => number> = {
    flips: (indexed) => -Math.abs(flipOf(indexed, query)),
    arms: (indexed) => -distance(indexed, a, b),
    seeds: (indexed) => -spread(indexed.predicted.get(by) ?? []),
    disagreement: (indexed) => -spread([...indexed.predicted.values()].flat()),
    unsure: (indexed) => certain(indexed)?.confidence ?? Infinity,
    sure: (indexed) => -(certain(indexed)?.confidence ?? -Infinity),
    "sure-wrong": (indexed) =>
      (shareRight(indexed, by) ?? 1) < 0.5 ? -(certain(indexed)?.confidence ?? 0) : Infinity,
    entropy: (indexed) => -(certain(indexed)?.entropy ?? -Infinity)
  };
  return sort === "corpus" ? null : keys[sort];
}

function isCertain(certainty: Certainty | null, {confidence, entropy}: ExampleQuery): boolean {
  if (!confidence && !entropy) return true;
  const within = (value: number, range: Range | null) => !range || (value >= range[0] && value <= range[1]);
  return certainty !== null && within(certainty.confidence, confidence) && within(certainty.entropy, entropy);
}

/** Total variation between the label probabilities of two arms: 0 alike, 1 disjoint. */
function distance({item, certainty}: IndexedItem, a: string, b: string): number {
  const arms = [...certainty.keys()];
  const [p, q] = [a, b].map((arm) => item.probabilities[arms.indexOf(arm)]);
  return p && q ? p.reduce((sum, each, i) => sum + Math.abs(each - (q[i] ?? 0)), 0) / 2000 : 0;
}

function matchesFlips(flip: number, flips: Flips): boolean {
  return (
    flips === "any" ||
    (flips === "gained" && flip > 0) ||
    (flips === "lost" && flip < 0) ||
    (flips === "either" && flip !== 0)
  );
}

/** Entropy of the labels that runs gave: 0 where all agree. */
function spread(labels: (string | null)[]): number {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  return [...counts.values()].reduce((sum, n) => sum - (n / total) * Math.log(n / total), 0);
}

function sortBy(items: IndexedItem[], key: (item: IndexedItem) => number): IndexedItem[] {
  return items
    .map((item, i) => ({item, i, key: key(item)}))
    .sort((x, y) => x.key - y.key || x.i - y.i)
    .map(({item}) => item);
}

/** `gained 2/3`: in two of three seeds; empty where nothing flips. */
export function flipText(item: IndexedItem, query: Pick<ExampleQuery, "a" | "b">): string {
  const seeds = Math.max(1, item.predicted.get(query.b)?.length ?? 1);
  const flip = Math.round(flipOf(item, query) * seeds);
  return flip === 0 ? "" : `${flip > 0 ? "gained" : "lost"} ${formatNumber(Math.abs(flip), 0)}/${seeds}`;
}
