/** The golden set of a study: ratings files, and the human-rated corpora that judges rated as well. */
import type {Annotation, Axis, Example} from "../../src/core/conversation.js";
import {goldenItems, type GoldenItem} from "../../src/core/judging/golden.js";
import {parseRatings, placeKey} from "../../src/core/judging/ratings.js";
import type {Rating} from "../../src/core/judging/votes.js";
import {labelOfMean, meanScore} from "../../src/core/labels.js";
import {BadInput} from "../../src/core/bad-input.js";
import type {CorpusConfig, ScoreMap} from "../../src/core/study.js";
import type {DrawnCorpus} from "../corpora/draw-corpora.js";
import {oneSource, readText} from "../corpora/source-file.js";
import type {StudyFile} from "../study/read-study.js";

/** Golden label of an item, and the single ratings behind it where they are known. */
export interface Golden {
  label: string;
  people: string[] | null;
}

/**
 * Item ({@link placeKey}) → what people say of it. A ratings file goes before what a corpus brings. Throws BadInput on a
 * file that can't be read, and on a rating of an axis or with a label that the study has not.
 */
export async function readGolden(
  file: Pick<StudyFile, "study" | "axes" | "folder">,
  drawn: readonly DrawnCorpus[]
): Promise<Map<string, Golden>> {
  const golden = new Map<string, Golden>();
  for (const corpus of drawn) for (const [key, item] of ownGolden(corpus, file.axes)) golden.set(key, item);
  for (const item of await ratedItems(file))
    golden.set(placeKey(item), {label: item.label, people: item.ratings.map(({label}) => label)});
  return golden;
}

async function ratedItems({
  study,
  axes,
  folder
}: Pick<StudyFile, "study" | "axes" | "folder">): Promise<GoldenItem[]> {
  const ratings: Rating[] = [];
  for (const {path} of study.golden) {
    const own = parseRatings(await readText(await oneSource(path, folder)), path);
    for (const rating of own) checkRating(rating, axes, path);
    ratings.push(...own);
  }
  return goldenItems(ratings, axes);
}

function checkRating({axis, label, example_id}: Rating, axes: Axis[], path: string): void {
  const found = axes.find(({id}) => id === axis);
  const where = `${path}, example ${example_id}`;
  if (!found)
    throw new BadInput({
      where,
      expected: `an axis of the study (${axes.map(({id}) => id).join(", ")})`,
      found: `“${axis}”`,
      mend: "Take a file that was rated with this study's axes."
    });
  if (label !== null && !found.labels.includes(label))
    throw new BadInput({
      where,
      expected: `a label of axis ${axis} (${found.labels.join(", ")})`,
      found: `“${label}”`,
      mend: "Take a file that was rated with this study's labels."
    });
}

/** What a corpus itself says of the drawn examples; generated corpora were rated by nobody. */
function ownGolden({config, own, train, test}: DrawnCorpus, axes: Axis[]): [string, Golden][] {
  if (config.reader === "embedded") return [];
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
