/** From logged votes and people's labels to one table of everything that was rated. */
import type {Axis} from "../../src/core/conversation.js";
import {positionOfScore} from "../../src/core/judging/label-positions.js";
import {promptConfigs} from "../../src/core/judging/prompts.js";
import type {JudgedItem, JudgeRater, RatedSet} from "../../src/core/judging/rated-set.js";
import {emptyMatrix} from "../../src/core/judging/rating-matrix.js";
import {placeKey} from "../../src/core/judging/ratings.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import type {DrawnCorpus} from "../corpora/draw-corpora.js";
import {axesJudged} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import type {Golden} from "./golden-set.js";
import type {VoteTable} from "./vote-table.js";

/** Everything rated, and which question stands behind each vote. */
export interface RatedVotes {
  set: RatedSet;
  /** Items × raters: number of the question; −1 where none was asked. */
  questions: Int32Array;
}

/** Lays out votes by item and rater. `requests` are those that `table` was read with. */
export function ratedVotes(
  {study, axes}: Pick<StudyFile, "study" | "axes">,
  drawn: readonly DrawnCorpus[],
  requests: Iterable<VoteRequest>,
  table: VoteTable,
  golden: ReadonlyMap<string, Golden>
): RatedVotes {
  const prompts = promptConfigs(study.prompts);
  const raters = Object.keys(study.judges).flatMap((judge) =>
    prompts.map(([prompt]): JudgeRater => ({judge, prompt}))
  );
  const items = drawn.flatMap((corpus) => itemsOf(corpus, axesJudged(corpus.config, study)));
  const places = new Map(items.map((item, i) => [placeKey(item), i]));
  const columns = new Map(raters.map(({judge, prompt}, i) => [`${judge}/${prompt}`, i]));
  const maps = new Map(prompts.map(([key, {map}]) => [key, map]));
  const labels = new Map(axes.map((axis) => [axis.id, axis.labels.length]));
  const matrix = emptyMatrix(items.length, raters.length);
  const questions = new Int32Array(matrix.positions.length).fill(-1);
  let question = 0;
  for (const request of requests) {
    const {judge, prompt, axis, scale} = request;
    const at = places.get(placeKey(request))! * raters.length + columns.get(`${judge}/${prompt}`)!;
    const score = table.scores[question]!;
    questions[at] = question;
    if (!Number.isNaN(score))
      matrix.positions[at] = positionOfScore(score, {scale, map: maps.get(prompt)}, labels.get(axis)!);
    question += 1;
  }
  const judged = axes.filter(({id}) => items.some(({axis}) => axis === id));
  return {set: {axes: judged, items, raters, matrix, ...peopleOf(items, judged, golden)}, questions};
}

function itemsOf({id, train, test}: DrawnCorpus, axes: string[]): JudgedItem[] {
  return [...train, ...test].flatMap(({example_id, dialogue_id}) =>
    axes.map((axis) => ({corpus: id, example_id, dialogue_id, axis}))
  );
}

function peopleOf(
  items: JudgedItem[],
  axes: Axis[],
  golden: ReadonlyMap<string, Golden>
): Pick<RatedSet, "golden" | "people"> {
  const labels = new Map(axes.map((axis) => [axis.id, axis.labels]));
  const known = items.map((item) => golden.get(placeKey(item)));
  const placeOf = (label: string, i: number) => labels.get(items[i]!.axis)!.indexOf(label);
  return {
    golden: Int16Array.from(known, (item, i) => (item ? placeOf(item.label, i) : -1)),
    people: known.map((item, i) => item?.people?.map((label) => placeOf(label, i)) ?? null)
  };
}
