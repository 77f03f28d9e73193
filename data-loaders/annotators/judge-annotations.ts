/** Annotations by judges, and what pages show of how they came about. */
import type {Annotation, Axis} from "../../src/core/conversation.js";
import type {VotesDocument} from "../../src/core/cubes.js";
import {nearestVotes} from "../../src/core/judging/merge-explanations.js";
import {BUILT_IN, promptConfigs} from "../../src/core/judging/prompts.js";
import type {RatedSet} from "../../src/core/judging/rated-set.js";
import type {VoteRequests} from "../judges/requests.js";
import type {DrawnCorpus} from "../corpora/draw-corpora.js";
import {axesOfCorpus, labelsFrom} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import {
  judgingCubes,
  shownItems,
  statusAt,
  votesDocument,
  type JudgingCubes,
  type Merging,
  type ShownVote
} from "./judging-cubes.js";
import type {RatedVotes} from "./rated-votes.js";
import type {VoteTable} from "./vote-table.js";
import type {Written} from "./written-explanations.js";

/** What is written down of judging, once for all that depends on it. */
export interface JudgedFacts {
  /** Of the corpora that take their labels from judges, in the order of corpora, examples and axes. */
  annotations: Annotation[];
  /** Corpus → why examples of it are without a label, for its card. */
  unlabelled: [corpus: string, reasons: {reason: string; rows: number}[]][];
  cubes: JudgingCubes;
}

export interface JudgedVotes {
  drawn: readonly DrawnCorpus[];
  rated: RatedVotes;
  table: VoteTable;
  merging: Merging;
  written: Written | null;
  dropped: VoteRequests["dropped"];
}

/** Everything that is made from votes and golden labels. The same ones give the same bytes. */
export async function describeJudging(
  file: Pick<StudyFile, "study" | "axes">,
  judged: JudgedVotes
): Promise<JudgedFacts> {
  const {drawn, rated, table, merging, written} = judged;
  const {set, questions} = rated;
  const explanationOf = await mergedExplanations(judged);
  const shown = shownItems(set, drawn);
  const columns = set.raters.length;
  const behind = (item: number, rater: number) => questions[item * columns + rater]!;
  const texts = await table.explanations(
    shown.flatMap((item) =>
      set.raters.flatMap((_, rater) => {
        const question = behind(item, rater);
        return question >= 0 && table.explained[question] ? [question] : [];
      })
    )
  );
  const voteOf = (item: number, rater: number): ShownVote | null => {
    const question = behind(item, rater);
    const status = question < 0 ? null : statusAt(table.statuses[question]!);
    if (!status) return null;
    const score = table.scores[question]!;
    return {status, score: Number.isNaN(score) ? null : score, explanation: texts.get(question) ?? ""};
  };
  const votes = votesDocument(set, file.study, scalesOf(file), shown, {
    chosen: merging.chosen,
    explanationOf,
    voteOf
  });
  const calls = [...table.calls, ...(written?.table.calls ?? [])];
  return {
    annotations: annotationsOf(file, set, merging, explanationOf),
    unlabelled: drawn.flatMap((corpus) => unlabelledOf(file, corpus, judged)),
    cubes: judgingCubes(set, merging, {calls, votes})
  };
}

/** One explanation an item: the one written for it, else that of the nearest vote; empty where there is none. */
async function mergedExplanations({
  rated: {set, questions},
  table,
  merging: {chosen},
  written
}: JudgedVotes): Promise<(item: number) => string> {
  const explained = Uint8Array.from(questions, (question) => (question < 0 ? 0 : table.explained[question]!));
  const nearest = nearestVotes(set, chosen.positions, explained);
  const questionOf = (item: number) =>
    nearest[item]! < 0 ? -1 : questions[item * set.raters.length + nearest[item]!]!;
  const asked = set.items.flatMap((_, item) => (questionOf(item) < 0 ? [] : [questionOf(item)]));
  const texts = await table.explanations(asked);
  const anew = written ? await written.table.explanations(written.questions.values()) : null;
  return (item) => {
    const question = written?.questions.get(item);
    return (question === undefined ? "" : anew?.get(question)) || (texts.get(questionOf(item)) ?? "");
  };
}

function annotationsOf(
  {study}: Pick<StudyFile, "study">,
  {items, axes}: RatedSet,
  {chosen}: Merging,
  explanationOf: (item: number) => string
): Annotation[] {
  const labels = new Map(axes.map((axis) => [axis.id, axis.labels]));
  return items.flatMap(({corpus, example_id, axis}, item): Annotation[] => {
    const place = chosen.places[item]!;
    if (place < 0 || labelsFrom(study.corpora[corpus]!, study) !== "judges") return [];
    const explanation = explanationOf(item);
    return [
      {
        corpus,
        example_id,
        axis,
        label: labels.get(axis)![place]!,
        explanation,
        label_source: "judges",
        explanation_source: explanation === "" ? "none" : "judges"
      }
    ];
  });
}

function unlabelledOf(
  {study, axes}: Pick<StudyFile, "study" | "axes">,
  {id, config}: DrawnCorpus,
  {rated: {set}, merging: {chosen}, dropped}: JudgedVotes
): JudgedFacts["unlabelled"] {
  if (labelsFrom(config, study) !== "judges") return [];
  const kept = new Set(dropped.filter(({corpus}) => corpus === id).map(({example_id}) => example_id));
  const asked = axesOfCorpus(config, study);
  const missing = axes
    .filter((axis) => asked.includes(axis.id))
    .map((axis) => ({
      reason: `fewer usable votes than ${study.judging.fewest} on ${axis.id}, left out of that axis only`,
      rows: countMissing(set, id, axis, chosen.places, kept)
    }));
  const reasons = [{reason: "private text, not sent to judges", rows: kept.size}, ...missing];
  return [[id, reasons.filter(({rows}) => rows > 0)]];
}

function countMissing(
  {items}: RatedSet,
  corpus: string,
  axis: Axis,
  places: Int16Array,
  besides: ReadonlySet<string>
): number {
  return items.filter(
    (item, i) =>
      item.corpus === corpus && item.axis === axis.id && places[i]! < 0 && !besides.has(item.example_id)
  ).length;
}

function scalesOf({study}: Pick<StudyFile, "study">): VotesDocument["prompts"] {
  return promptConfigs(study.prompts).map(([id, config]) => ({
    id,
    scale: "built_in" in config ? BUILT_IN[config.built_in].scale : config.scale
  }));
}
