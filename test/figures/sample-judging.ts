/**
 * Cubes about labels and judges of a sample study: three judges × four prompts, and people who rated two corpora. The votes
 * are simulated, from the labels that the study's examples have; what is made of them is made by the pipeline's own code.
 */
import {judgingCubes, statusAt, votesDocument} from "../../data-loaders/annotators/judging-cubes.js";
import type {
  ExamplesDocument,
  JudgeCallRow,
  LabelCountRow,
  StudyFacts,
  VotesDocument
} from "../../src/core/cubes.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {nearestVotes} from "../../src/core/judging/merge-explanations.js";
import {chooseRule, mergeByAllRules} from "../../src/core/judging/rated-set.js";
import type {JudgedItem, RatedSet, RuleLabels} from "../../src/core/judging/rated-set.js";
import {VOTE_STATUSES} from "../../src/core/judging/votes.js";
import {createRandom} from "../../src/core/random.js";
import type {Study} from "../../src/core/study.js";
import {simulate} from "../annotators/simulated-judges.js";

const JUDGES = {
  large: {title: "Large", model: "vendor/large-70b"},
  small: {title: "Small", model: "vendor/small-8b"},
  open: {title: "Open", model: "open/instruct-7b"}
};
const PROMPTS: VotesDocument["prompts"] = [
  {id: "scale-4", scale: [1, 4]},
  {id: "scale-4-examples", scale: [1, 4]},
  {id: "scale-5", scale: [1, 5]},
  {id: "scale-5-examples", scale: [1, 5]}
];
const RATERS = Object.keys(JUDGES).flatMap((judge) => PROMPTS.map(({id}) => ({judge, prompt: id})));
/** Labels that each judge adds, and how far each of its prompts errs. */
const TRAITS = {
  large: {severity: 0.1, error: 0.5},
  small: {severity: -0.35, error: 0.7},
  open: {severity: 0.25, error: 0.8}
};
const REASONS = ["it answers all that was asked", "it leaves out the date", "the tone suits the scene"];
const FEWEST = 3;
/** Examples of a setting that judges are asked about, where pages don't show more. */
const ASKED = 60;

export type JudgingCubes = Pick<
  AllCubes,
  "labelCounts" | "agreement" | "severity" | "mergeRules" | "judgeCalls" | "votes"
>;

/** Depends on its keys only: between −1 and 1. */
function wobble(...keys: (string | number)[]): number {
  return 2 * createRandom("judging", ...keys).unit() - 1;
}

export function sampleJudging(study: StudyFacts, examples: ExamplesDocument): JudgingCubes {
  const {set} = simulate({
    axes: study.axes,
    raters: RATERS,
    severities: RATERS.map(({judge, prompt}) => traitsOf(judge).severity + 0.12 * wobble(judge, prompt)),
    errors: RATERS.map(({judge}) => traitsOf(judge).error),
    shared: 0.9,
    peopleError: 0.7,
    missing: 0.03,
    golden: 0.5,
    given: itemsOf(study, examples),
    rated: study.corpora.slice(0, 2).map(({id}) => id)
  });
  const rules = mergeByAllRules(set, {}, FEWEST);
  const chosen = chooseRule(set, "severity", rules)!;
  const merging = {rules, chosen};
  const votes = votesOf(set, examples, chosen);
  const {
    "merge-rules": mergeRules,
    "judge-calls": judgeCalls,
    ...rest
  } = judgingCubes(set, merging, {
    calls: callsOf(set),
    votes
  });
  return {...rest, labelCounts: labelCounts(study), mergeRules, judgeCalls};
}

function traitsOf(judge: string) {
  return TRAITS[judge as keyof typeof TRAITS];
}

/** Items of every setting: those that pages show with the labels that they have, the others with labels by chance. */
function itemsOf(
  study: StudyFacts,
  {examples, items}: ExamplesDocument
): {item: JudgedItem; truth: number}[] {
  const shown = new Map(
    items.map((item) => [JSON.stringify([item.corpus, item.axis, item.example_id]), item])
  );
  return study.settings.flatMap(({corpus, axis, train, test}) => {
    const own = examples.filter((example) => example.corpus === corpus);
    const {labels} = study.axes.find(({id}) => id === axis)!;
    const random = createRandom("items", corpus, axis);
    const weights = weightsOf(corpus, axis, labels.length);
    return Array.from({length: Math.min(train + test, Math.max(ASKED, own.length))}, (_, i) => {
      const {example_id, dialogue_id} = own[i] ?? {
        example_id: `${corpus}-unseen-${i}`,
        dialogue_id: `${corpus}-unseen-d${i >> 1}`
      };
      const gold = shown.get(JSON.stringify([corpus, axis, example_id]))?.gold;
      const truth = gold === undefined ? placeOf(random.unit(), weights) : labels.indexOf(gold);
      return {item: {corpus, example_id, dialogue_id, axis}, truth};
    });
  });
}

/** Shares of labels. */
function weightsOf(corpus: string, axis: string, labels: number): number[] {
  const weights = Array.from({length: labels}, (_, i) =>
    Math.exp(-Math.abs(i - 2.4 - 1.5 * wobble(corpus, axis)) / 1.4)
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function placeOf(unit: number, weights: number[]): number {
  let left = unit;
  const place = weights.findIndex((weight) => (left -= weight) < 0);
  return place < 0 ? weights.length - 1 : place;
}

function labelCounts(study: StudyFacts): LabelCountRow[] {
  return study.settings.flatMap(({corpus, axis, train, test}) => {
    const {labels} = study.axes.find(({id}) => id === axis)!;
    const source = study.corpora.find(({id}) => id === corpus)!.label_source;
    const weights = weightsOf(corpus, axis, labels.length);
    return labels.map((label, i) => ({
      ...{corpus, axis, label, source},
      train: Math.round(train * weights[i]!),
      test: Math.round(test * weights[i]!)
    }));
  });
}

/** How votes that are not usable ended, by share. */
const FAULTS = [0.45, 0.04, 0.2, 0.2, 0.08, 0.03];

/** Place of a vote's status: `scored` where it has a position. */
function statusOf({matrix, raters}: RatedSet, item: number, rater: number): number {
  const isScored = !Number.isNaN(matrix.positions[item * raters.length + rater]!);
  if (isScored) return 0;
  const {judge} = raters[rater]!;
  const shares = FAULTS.map((share, i) => share * (1 + 0.8 * wobble(judge, i)));
  const sum = shares.reduce((a, b) => a + b, 0);
  const {unit} = createRandom("status", item, rater);
  return 1 + placeOf(unit() * sum, shares);
}

function callsOf(set: RatedSet): JudgeCallRow[] {
  const counts = new Map<string, number>();
  set.items.forEach(({corpus, axis}, item) =>
    set.raters.forEach((_, rater) => {
      const key = JSON.stringify([corpus, axis, rater, statusOf(set, item, rater)]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    })
  );
  return [...counts].map(([key, votes]): JudgeCallRow => {
    const [corpus, axis, rater, place] = JSON.parse(key) as [string, string, number, number];
    const {judge, prompt} = set.raters[rater]!;
    const status = VOTE_STATUSES[place]!;
    const attempts = status === "scored" ? votes : 3 * votes;
    return {
      ...{judge, prompt, corpus, axis, status, votes, attempts},
      ...{input_tokens: attempts * 410, output_tokens: attempts * 38},
      cost: judge === "open" ? null : attempts * 0.00021
    };
  });
}

function votesOf(set: RatedSet, {items}: ExamplesDocument, chosen: RuleLabels): VotesDocument {
  const places = new Map(
    set.items.map(({corpus, example_id, axis}, i) => [JSON.stringify([corpus, example_id, axis]), i])
  );
  const shown = items.flatMap(({corpus, example_id, axis}) => {
    const place = places.get(JSON.stringify([corpus, example_id, axis]));
    return place === undefined ? [] : [place];
  });
  const reasonOf = (item: number, rater: number) => createRandom("reason", item, rater).pick(REASONS);
  const explained = Uint8Array.from(set.matrix.positions, (position) => (Number.isNaN(position) ? 0 : 1));
  const nearest = nearestVotes(set, chosen.positions, explained);
  const study = {judges: JUDGES, judging: {currency: "USD"}} as unknown as Pick<Study, "judges" | "judging">;
  return votesDocument(set, study, PROMPTS, shown, {
    chosen,
    explanationOf: (item) => (nearest[item]! < 0 ? "" : reasonOf(item, nearest[item]!)),
    voteOf: (item, rater) => {
      const status = statusAt(statusOf(set, item, rater))!;
      if (status !== "scored") return {status, score: null, explanation: ""};
      return {status, score: scoreOf(set, item, rater), explanation: reasonOf(item, rater)};
    }
  });
}

/** A vote's position among the labels, on its prompt's scale. */
function scoreOf({matrix, raters, items, axes}: RatedSet, item: number, rater: number): number {
  const {labels} = axes.find(({id}) => id === items[item]!.axis)!;
  const [low, high] = PROMPTS.find(({id}) => id === raters[rater]!.prompt)!.scale;
  const position = matrix.positions[item * raters.length + rater]!;
  return Math.round(low + ((position - 1) / (labels.length - 1)) * (high - low));
}
