/**
 * The golden set: labels by people, that judges and merge rules are measured by. They come from ratings files, as the
 * Rate page saves them, and from corpora whose raters' scores the study maps on labels.
 */
import type {Axis} from "../conversation.js";
import {placeOfPosition} from "./label-positions.js";
import {mergeRatings, placeKey} from "./ratings.js";
import type {Rating} from "./votes.js";

/** What people say of one example on one axis. */
export interface GoldenItem {
  corpus: string;
  example_id: string;
  axis: string;
  /** Label that their ratings merge to. */
  label: string;
  /** One label a person, in the order of their names. */
  ratings: {rater: string; label: string}[];
}

/**
 * Several people's ratings merged: the label nearest to the mean of their places on an ordinal axis (of two as near, the
 * higher, as for corpora's own raters), the most frequent on a nominal one (of several, the first of the axis). Who
 * rated an item twice is taken at the later word; who passed isn't counted.
 *
 * Throws a RangeError for a rating of an axis or with a label that the study has not.
 */
export function goldenItems(ratings: readonly Rating[], axes: readonly Axis[]): GoldenItem[] {
  const items = new Map<string, (Rating & {label: string})[]>();
  for (const rating of mergeRatings(ratings).filter(hasLabel)) {
    const known = items.get(placeKey(rating));
    if (known) known.push(rating);
    else items.set(placeKey(rating), [rating]);
  }
  return [...items.values()].map((own) => {
    const given = own.sort((a, b) => (a.rater < b.rater ? -1 : 1));
    const {corpus, example_id, axis} = given[0]!;
    const label = mergedLabel(given, axisOf(axes, axis));
    return {
      corpus,
      example_id,
      axis,
      label,
      ratings: given.map(({rater, label: by}) => ({rater, label: by}))
    };
  });
}

function hasLabel(rating: Rating): rating is Rating & {label: string} {
  return rating.label !== null;
}

function axisOf(axes: readonly Axis[], id: string): Axis {
  const axis = axes.find((one) => one.id === id);
  if (!axis)
    throw new RangeError(`“${id}” is no axis; expected one of ${axes.map((one) => one.id).join(", ")}`);
  return axis;
}

function mergedLabel(ratings: {label: string}[], {kind, labels, id}: Axis): string {
  const places = ratings.map(({label}) => {
    const place = labels.indexOf(label);
    if (place < 0)
      throw new RangeError(`“${label}” is no label of ${id}; expected one of ${labels.join(", ")}`);
    return place;
  });
  if (kind === "ordinal") {
    const mean = places.reduce((sum, place) => sum + place + 1, 0) / places.length;
    return labels[placeOfPosition(mean, labels.length)]!;
  }
  const counts = labels.map((_, place) => places.filter((one) => one === place).length);
  return labels[counts.indexOf(Math.max(...counts))]!;
}
