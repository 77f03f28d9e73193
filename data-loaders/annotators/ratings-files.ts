/** Ratings files of a study (`golden`), held against the examples that it has. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Axis, Example} from "../../src/core/conversation.js";
import {formatCounted} from "../../src/core/format.js";
import {exampleText} from "../../src/core/judging/example-text.js";
import {parseRatings} from "../../src/core/judging/ratings.js";
import type {Rating} from "../../src/core/judging/votes.js";
import type {Split} from "../../src/core/split.js";
import {oneSource, readText} from "../corpora/source-file.js";
import type {StudyFile} from "../study/read-study.js";

export interface RatingsFile {
  path: string;
  ratings: Rating[];
  /** Ratings of examples that the study does not have: they count nowhere. */
  elsewhere: number;
  /** Ratings that do not say which text they are of, so that only ids tie them to it. */
  untold: number;
}

type Drawn = readonly ({id: string} & Split<Example>)[];

/**
 * Reads the study's ratings files. Corpora of the study that are not in `drawn` are not looked at.
 *
 * Throws BadInput on a file that can't be read, on a rating of an axis or with a label that the study has not, and on one
 * that was given to another text than the one that its example has now.
 */
export async function readRatingsFiles(
  {study, axes, folder}: Pick<StudyFile, "study" | "axes" | "folder">,
  drawn: Drawn
): Promise<RatingsFile[]> {
  const examples = new Map(drawn.map(({id, train, test}) => [id, byId([...train, ...test])]));
  const isElsewhere = ({corpus, example_id}: Rating) =>
    !(corpus in study.corpora) || examples.get(corpus)?.has(example_id) === false;
  const files: RatingsFile[] = [];
  for (const {path} of study.golden) {
    const text = await readText(await oneSource(path, folder));
    const ratings = parseRatings(text, path);
    const lines = numbersOfLines(text);
    ratings.forEach((rating, i) => {
      const where = `${path}, line ${lines[i]}, example ${rating.example_id}`;
      checkRating(rating, axes, where);
      checkText(rating, examples.get(rating.corpus)?.get(rating.example_id), where);
    });
    files.push({
      path,
      ratings,
      elsewhere: ratings.filter(isElsewhere).length,
      untold: ratings.filter((rating) => rating.text === undefined).length
    });
  }
  return files;
}

/** What is worth knowing of the files: what counts nowhere, and what can't be checked. */
export function ratingsNotes(files: readonly RatingsFile[]): string[] {
  return files.flatMap(({path, ratings, elsewhere, untold}) => {
    const of = (count: number) => `${path}: ${count} of ${formatCounted(ratings.length, "rating")}`;
    return [
      ...(elsewhere > 0
        ? [`${of(elsewhere)} are of examples that this study does not have: they count nowhere.`]
        : []),
      ...(untold > 0
        ? [`${of(untold)} do not say which text they are of: only their ids tie them to it.`]
        : [])
    ];
  });
}

function byId(examples: readonly Example[]): Map<string, Example> {
  return new Map(examples.map((example) => [example.example_id, example]));
}

/** Of the lines that hold something, in their order, as {@link parseRatings} takes them. */
function numbersOfLines(text: string): number[] {
  return text.split(/\r?\n/).flatMap((line, i) => (line.trim() === "" ? [] : [i + 1]));
}

function checkRating({axis, label}: Rating, axes: readonly Axis[], where: string): void {
  const found = axes.find(({id}) => id === axis);
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

function checkText({corpus, text}: Rating, example: Example | undefined, where: string): void {
  if (text === undefined || !example) return;
  const own = exampleText(example);
  if (text === own) return;
  throw new BadInput({
    where,
    expected: `a rating of the text that ${corpus} has under this id (${own})`,
    found: `one of another text (${text})`,
    mend:
      "The corpus has changed since it was rated: rows moved, or another `history`. Take the file that was rated, give rows " +
      "ids of their own (`columns.id`), or rate anew."
  });
}
