/**
 * Ratings by people as the Rate page keeps, saves and reads them: JSON Lines of {@link Rating}. Which examples are rated
 * is the same for all raters, so that they can be compared; the order is each rater's own, so that what tires them
 * does not fall on the same examples.
 */
import {BadInput} from "../bad-input.js";
import type {Axis} from "../conversation.js";
import type {StudyFacts} from "../cubes.js";
import {createRandom} from "../random.js";
import {krippendorffAlpha} from "../statistics/krippendorff.js";
import type {Rating} from "./votes.js";

/** What is rated: one example on one axis. */
export type RatedPlace = Pick<Rating, "corpus" | "example_id" | "axis">;

export function placeKey({corpus, example_id, axis}: RatedPlace): string {
  return JSON.stringify([corpus, example_id, axis]);
}

/** One rater's rating of one place: the later one counts. */
function ratingKey(rating: Rating): string {
  return JSON.stringify([rating.rater, rating.corpus, rating.example_id, rating.axis]);
}

/** The places that a rater is asked, in the order of that rater: `count` of them, drawn alike for everyone. */
export function ratingQueue<P extends RatedPlace>(places: readonly P[], rater: string, count: number): P[] {
  const drawn = createRandom("rated", places.length).shuffle(places).slice(0, count);
  return createRandom("rater", rater).shuffle(drawn);
}

/** All ratings, each rater's latest of each place, in order of time. */
export function mergeRatings(...files: readonly (readonly Rating[])[]): Rating[] {
  const latest = new Map<string, Rating>();
  for (const rating of files.flat()) {
    const known = latest.get(ratingKey(rating));
    if (!known || known.at <= rating.at) latest.set(ratingKey(rating), rating);
  }
  return [...latest.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Who rated, in the order that every list of raters has: by name. */
export function ratersOf(ratings: readonly Pick<Rating, "rater">[]): string[] {
  return [...new Set(ratings.map(({rater}) => rater))].sort((a, b) => a.localeCompare(b, "en"));
}

/** A ratings file: one line a rating. */
export function ratingLines(ratings: readonly Rating[]): string {
  return ratings
    .map(({corpus, example_id, axis, rater, label, text, at}) =>
      JSON.stringify({corpus, example_id, axis, rater, label, text, at})
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Reads a ratings file. Throws {@link BadInput} with the line that is none. */
export function parseRatings(text: string, file: string): Rating[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() === "" ? [] : [parseRating(line, file, i + 1)]));
}

const TEXTS = ["corpus", "example_id", "axis", "rater", "at"] as const;

function parseRating(line: string, file: string, number: number): Rating {
  const refuse = (found: string): never => {
    throw new BadInput({
      where: `${file}, line ${number}`,
      expected: "a rating as the Rate page saves it: corpus, example_id, axis, rater, label, at",
      found,
      mend: "Take the file as the Rate page saved it, or take this line out."
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return refuse("text that is no JSON");
  }
  if (typeof parsed !== "object" || parsed === null) return refuse("JSON that is no object");
  const rating = parsed as Record<string, unknown>;
  for (const key of TEXTS)
    if (typeof rating[key] !== "string" || rating[key] === "") return refuse(`no text under “${key}”`);
  if (rating.label !== null && typeof rating.label !== "string")
    return refuse("neither a text nor null under “label”");
  if (Number.isNaN(Date.parse(rating.at as string)))
    return refuse(`no time under “at”: ${String(rating.at)}`);
  const {text} = rating;
  if (text !== undefined && (typeof text !== "string" || text === "")) return refuse("no text under “text”");
  const {corpus, example_id, axis, rater, label, at} = rating as unknown as Rating;
  return {corpus, example_id, axis, rater, label, ...(text === undefined ? {} : {text}), at};
}

/** How far the raters of one axis agree. */
export interface RaterAgreement {
  axis: string;
  raters: string[];
  alpha: number | null;
  /** 95 %, over other examples; null where there are too few to draw anew. */
  low: number | null;
  high: number | null;
  /** Examples that two raters at least rated. */
  examples: number;
  /** Why there is no alpha. */
  reason: string | null;
}

const [DRAWS, FEWEST] = [400, 5];

/**
 * Krippendorff's alpha among raters, by axis, of labels at their positions; passed and unknown labels are missing. The
 * interval is a percentile bootstrap over examples.
 */
export function ratersAgreement(ratings: readonly Rating[], axes: readonly Axis[]): RaterAgreement[] {
  return axes.flatMap((axis) => {
    const own = ratings.filter(({axis: id, label}) => id === axis.id && axis.labels.includes(label ?? ""));
    if (own.length === 0) return [];
    const raters = ratersOf(own);
    const units = new Map<string, (number | null)[]>();
    for (const rating of own) {
      const unit = units.get(placeKey(rating)) ?? raters.map(() => null);
      unit[raters.indexOf(rating.rater)] = axis.labels.indexOf(rating.label!);
      units.set(placeKey(rating), unit);
    }
    const shared = [...units.values()].filter((unit) => unit.filter((value) => value !== null).length > 1);
    const {alpha, units: examples, reason} = alphaOf(shared, axis);
    const [low, high] = alpha === null ? [null, null] : alphaInterval(shared, axis);
    return [{axis: axis.id, raters, alpha, low, high, examples, reason}];
  });
}

function alphaOf(units: readonly (readonly (number | null)[])[], {kind}: Axis) {
  const raters = units[0]?.map((_, rater) => units.map((unit) => unit[rater]!)) ?? [];
  return krippendorffAlpha(raters, kind);
}

function alphaInterval(units: (number | null)[][], axis: Axis): [number | null, number | null] {
  if (units.length < FEWEST) return [null, null];
  const random = createRandom("alpha", axis.id);
  const draws = Array.from(
    {length: DRAWS},
    () =>
      alphaOf(
        units.map(() => random.pick(units)),
        axis
      ).alpha
  )
    .filter((alpha) => alpha !== null)
    .sort((a, b) => a - b);
  const at = (share: number) => draws[Math.round(share * (draws.length - 1))] ?? null;
  return [at(0.025), at(0.975)];
}

/**
 * What people rate, as a name that ratings are kept under: a study that is trained anew has the same, one with other
 * conversations or other labels has another.
 */
export function ratedMaterial({id, corpora, axes}: Pick<StudyFacts, "id" | "corpora" | "axes">): string {
  return [
    id,
    ...corpora.map((corpus) => `${corpus.id}=${corpus.content.slice(0, 12)}`),
    ...axes.map((axis) => `${axis.id}=${axis.labels.join(",")}`)
  ].join("/");
}
