/** Where a rater is in a queue: what is rated, what was passed, and what the last rating was. Pure. */
import type {Axis} from "../conversation.js";
import {placeKey} from "./ratings.js";
import type {RatedPlace} from "./ratings.js";
import type {Rating} from "./votes.js";

export interface RatingProgress {
  /** Rated or passed. */
  done: number;
  passed: number;
  /** Of the queue, the first place that is neither; the queue's length where there is none. */
  next: number;
}

/** A rater's own ratings by {@link placeKey}. */
export function ownRatings(ratings: readonly Rating[], rater: string): Map<string, Rating> {
  return new Map(ratings.filter((each) => each.rater === rater).map((each) => [placeKey(each), each]));
}

export function progressOf(queue: readonly RatedPlace[], own: ReadonlyMap<string, Rating>): RatingProgress {
  const found = queue.map((place) => own.get(placeKey(place)));
  const done = found.filter((rating) => rating !== undefined);
  const next = found.indexOf(undefined);
  return {
    done: done.length,
    passed: done.filter(({label}) => label === null).length,
    next: next < 0 ? queue.length : next
  };
}

/** Where the latest rating of the queue stands; −1 where nothing is rated. */
export function latestPlace(queue: readonly RatedPlace[], own: ReadonlyMap<string, Rating>): number {
  let [latest, at] = [-1, ""];
  queue.forEach((place, i) => {
    const rating = own.get(placeKey(place));
    if (rating && rating.at > at) [latest, at] = [i, rating.at];
  });
  return latest;
}

/** Keys that give the labels, in their order: digits, then letters but for `u`, which takes back. */
export const LABEL_KEYS = [..."123456789abcdefghijklmnopqrstvwxyz"];

/** The label that a key gives; undefined where it gives none. */
export function labelOfKey(key: string, labels: readonly string[]): string | undefined {
  const at = LABEL_KEYS.indexOf(key.toLowerCase());
  return at < 0 ? undefined : labels[at];
}

/** Which way the labels of an axis go: `1 lowest … 5 highest`; nothing where they have no order. */
export function scaleText({kind, labels}: Pick<Axis, "kind" | "labels">): string {
  return kind === "ordinal" && labels.length > 1 ? `${labels[0]} lowest … ${labels.at(-1)} highest` : "";
}

/** The keys of so many labels: `1 to 5`. */
export function keySpan(labels: number): string {
  const keys = LABEL_KEYS.slice(0, labels);
  return keys.length > 1 ? `${keys[0]} to ${keys.at(-1)}` : (keys[0] ?? "");
}

/** What has happened to a rating: `passed`, or the label. */
export function givenText({label}: Pick<Rating, "label">): string {
  return label ?? "passed";
}

/** `4 done, 1 of them passed`. */
export function doneText({done, passed}: Pick<RatingProgress, "done" | "passed">): string {
  return `${done} done${passed > 0 ? `, ${passed} of them passed` : ""}`;
}
