/** The golden set of a study: ratings files, and the human-rated corpora that judges rated as well. */
import type {Annotation, Axis, Example} from "../../src/core/conversation.js";
import {goldenItems} from "../../src/core/judging/golden.js";
import {placeKey} from "../../src/core/judging/ratings.js";
import {labelOfMean, meanScore} from "../../src/core/labels.js";
import type {CorpusConfig, ScoreMap} from "../../src/core/study.js";
import type {DrawnCorpus} from "../corpora/draw-corpora.js";
import {isLabelledByPeople} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import type {RatingsFile} from "./ratings-files.js";

/** Golden label of an item, and the single ratings behind it where they are known. */
export interface Golden {
  label: string;
  people: string[] | null;
}

/**
 * Item ({@link placeKey}) → what people say of it. Ratings go before what a corpus brings; those of examples that were not
 * drawn are no items of the study.
 */
export function goldenSet(
  {axes}: Pick<StudyFile, "axes">,
  drawn: readonly DrawnCorpus[],
  files: readonly RatingsFile[]
): Map<string, Golden> {
  const golden = new Map<string, Golden>();
  for (const corpus of drawn) for (const [key, item] of ownGolden(corpus, axes)) golden.set(key, item);
  const ratings = files.flatMap((file) => file.ratings);
  for (const item of goldenItems(ratings, axes))
    golden.set(placeKey(item), {label: item.label, people: item.ratings.map(({label}) => label)});
  return golden;
}

/** What people say of the drawn examples in the corpus itself. */
function ownGolden({config, own, train, test}: DrawnCorpus, axes: Axis[]): [string, Golden][] {
  if (!isLabelledByPeople(config)) return [];
  const examples = new Map([...train, ...test].map((example) => [example.example_id, example]));
  return own.map((annotation): [string, Golden] => [
    placeKey(annotation),
    {
      label: annotation.label,
      people: peopleOf(annotation, config, examples.get(annotation.example_id)!, axes)
    }
  ]);
}

function peopleOf(
  {axis, label_source}: Annotation,
  config: CorpusConfig,
  example: Example,
  axes: Axis[]
): string[] | null {
  const map = "scores" in config ? config.scores?.[axis] : undefined;
  if (label_source !== "raters" || !map) return null;
  return singleLabels(example, map, axes.find(({id}) => id === axis)!.labels);
}

/** The label that each rater's own scores would give; raters are the places in the scales' lists. */
function singleLabels({scores}: Example, map: ScoreMap, labels: string[]): string[] {
  const scales = [map.from].flat().map((scale) => scores?.[scale] ?? []);
  const raters = Math.max(0, ...scales.map(({length}) => length));
  return Array.from({length: raters}, (_, rater) =>
    meanScore(scales.map((scale) => scale[rater] ?? null))
  ).flatMap((mean) => (mean === null ? [] : [labelOfMean(mean, map, labels)]));
}
