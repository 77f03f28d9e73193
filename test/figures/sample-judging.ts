/** Cubes about labels and judges of a sample study: three judges × four prompts, and people who rated two corpora. */
import type {
  AgreementRow,
  ExamplesDocument,
  JudgeCallRow,
  LabelCountRow,
  MergeRuleRow,
  SeverityRow,
  StudyFacts,
  VotedItem,
  VotesDocument
} from "../../src/core/cubes.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {VOTE_STATUSES, type VoteStatus} from "../../src/core/judging/votes.js";
import {createRandom} from "../../src/core/random.js";
import {MERGE_RULES} from "../../src/core/study/judging.js";

const JUDGES = [
  {id: "large", title: "Large", model: "vendor/large-70b"},
  {id: "small", title: "Small", model: "vendor/small-8b"},
  {id: "open", title: "Open", model: "open/instruct-7b"}
];
const PROMPTS: VotesDocument["prompts"] = [
  {id: "scale-4", scale: [1, 4]},
  {id: "scale-4-examples", scale: [1, 4]},
  {id: "scale-5", scale: [1, 5]},
  {id: "scale-5-examples", scale: [1, 5]}
];
const RATERS = JUDGES.flatMap(({id}) => PROMPTS.map((prompt) => ({judge: id, id: `${id}/${prompt.id}`})));
const REASONS = ["it answers all that was asked", "it leaves out the date", "the tone suits the scene"];

export type JudgingCubes = Pick<
  AllCubes,
  "labelCounts" | "agreement" | "severity" | "mergeRules" | "judgeCalls" | "votes"
>;
type Cell = {corpus: string; axis: string; n: number};

/** Depends on its keys only: between −1 and 1. */
function wobble(...keys: (string | number)[]): number {
  return 2 * createRandom("judging", ...keys).unit() - 1;
}

export function sampleJudging(study: StudyFacts, examples: ExamplesDocument): JudgingCubes {
  const cells = ["all", ...study.corpora.map(({id}) => id)].flatMap((corpus) =>
    ["all", ...study.axes.map(({id}) => id)].map((axis) => ({
      ...{corpus, axis},
      n: 120 * (corpus === "all" ? study.corpora.length : 1) * (axis === "all" ? study.axes.length : 1)
    }))
  );
  const rated = new Set(["all", ...study.corpora.slice(0, 2).map(({id}) => id)]);
  return {
    labelCounts: labelCounts(study),
    agreement: cells.flatMap((cell) => agreementOf(cell, rated.has(cell.corpus))),
    severity: cells.flatMap((cell) => severityOf(cell, rated.has(cell.corpus))),
    mergeRules: cells.filter(({corpus}) => rated.has(corpus)).flatMap(rulesOf),
    judgeCalls: callsOf(study),
    votes: {
      currency: "USD",
      judges: JUDGES,
      prompts: PROMPTS,
      items: examples.items.map((item) => votedItem(study, item, rated.has(item.corpus)))
    }
  };
}

function labelCounts(study: StudyFacts): LabelCountRow[] {
  return study.settings.flatMap(({corpus, axis, train, test}) => {
    const labels = study.axes.find(({id}) => id === axis)!.labels;
    const weights = labels.map((_, i) => Math.exp(-Math.abs(i - 2.4 - 1.5 * wobble(corpus, axis)) / 1.4));
    const sum = weights.reduce((a, b) => a + b, 0);
    return labels.map((label, i) => ({
      ...{corpus, axis, label, source: "judges" as const},
      train: Math.round((train * weights[i]!) / sum),
      test: Math.round((test * weights[i]!) / sum)
    }));
  });
}

function around(value: number, half: number): {value: number; low: number; high: number} {
  return {value, low: value - half, high: value + half};
}

function agreementOf({corpus, axis, n}: Cell, byPeople: boolean): AgreementRow[] {
  const cell = {corpus, axis};
  const half = 1.6 / Math.sqrt(n);
  const alpha = (a: string, value: number): AgreementRow => ({
    ...{...cell, a, b: "", measure: "alpha", n},
    ...around(value + 0.08 * wobble(corpus, axis, a), half)
  });
  const single = RATERS.map(({id}) => id);
  const judges = JUDGES.map(({id}) => id);
  const pair = (a: string, b: string): AgreementRow => {
    const same = a.split("/")[0] === b.split("/")[0] ? 0.14 : 0;
    const value = 0.6 + same + 0.1 * wobble(corpus, axis, a, b);
    return {...cell, a, b, measure: "qwk", n, ...around(value, half)};
  };
  const among = (names: string[]) => names.flatMap((a, i) => names.slice(i + 1).map((b) => pair(a, b)));
  const withPeople = byPeople ? [...single, ...judges, "judges"].map((a) => pair(a, "people")) : [];
  const pairs = [...among(single), ...among(judges), ...withPeople];
  return [alpha("judges", 0.7), ...(byPeople ? [alpha("people", 0.62)] : []), ...pairs];
}

/** Prompts, judges over their prompts, and people. */
function severityOf({corpus, axis, n}: Cell, byPeople: boolean): SeverityRow[] {
  const raters = [...RATERS, ...JUDGES.map(({id}) => ({id, judge: id}))];
  return [...raters, ...(byPeople ? [{id: "people", judge: "people"}] : [])].map(({id, judge}) => {
    const severity = 0.3 * wobble(judge) + 0.12 * wobble(id) + 0.05 * wobble(id, corpus, axis);
    const half = 1.2 / Math.sqrt(n);
    return {corpus, axis, rater: id, severity, low: severity - half, high: severity + half, n};
  });
}

const QUALITY: Record<MergeRuleRow["measure"], number> = {
  mae: 0.5,
  mse: 0.7,
  exact: 0.58,
  within_one: 0.92,
  qwk: 0.7
};

function rulesOf({corpus, axis, n}: Cell): MergeRuleRow[] {
  return MERGE_RULES.flatMap((rule) =>
    (Object.keys(QUALITY) as MergeRuleRow["measure"][]).map((measure) => ({
      ...{corpus, axis, rule, measure, n, chosen: rule === "severity"},
      ...around(QUALITY[measure] * (1 + 0.06 * wobble(rule, measure, corpus)), 0.6 / Math.sqrt(n))
    }))
  );
}

const SHARES: Record<VoteStatus, number> = {
  scored: 0.97,
  refused: 0.012,
  empty: 0.001,
  "cut-off": 0.006,
  unreadable: 0.007,
  "out-of-scale": 0.003,
  failed: 0.001
};

function callsOf(study: StudyFacts): JudgeCallRow[] {
  return RATERS.flatMap(({judge, id}) =>
    study.settings.flatMap(({corpus, axis, train, test}) =>
      VOTE_STATUSES.map((status): JudgeCallRow => {
        const share = SHARES[status] * (1 + 0.8 * wobble(judge, status));
        const votes = Math.round((train + test) * share);
        const attempts = status === "scored" ? votes : 3 * votes;
        return {
          ...{judge, prompt: id.split("/")[1]!, corpus, axis, status, votes, attempts},
          ...{input_tokens: attempts * 410, output_tokens: attempts * 38},
          cost: judge === "open" ? null : attempts * 0.00021
        };
      })
    )
  );
}

function votedItem(study: StudyFacts, item: ExamplesDocument["items"][number], byPeople: boolean): VotedItem {
  const {corpus, example_id, axis} = item;
  const {labels} = study.axes.find(({id}) => id === axis)!;
  const gold = labels.indexOf(item.gold) + 1;
  const votes = JUDGES.flatMap((_, judge) =>
    PROMPTS.map(({scale}, prompt): VotedItem["votes"][number] => {
      const random = createRandom("vote", corpus, example_id, axis, judge, prompt);
      if (random.unit() < 0.03) return {judge, prompt, status: "refused", score: null, explanation: ""};
      const stretched = 1 + ((gold - 1) * (scale[1] - 1)) / Math.max(1, labels.length - 1);
      const score = Math.min(scale[1], Math.max(1, Math.round(stretched + 1.6 * (random.unit() - 0.5))));
      return {judge, prompt, status: "scored", score, explanation: random.pick(REASONS)};
    })
  );
  const near = createRandom("golden", corpus, example_id, axis);
  const golden = Math.min(labels.length, Math.max(1, gold + (near.unit() < 0.3 ? 1 : 0)));
  return {
    ...{corpus, example_id, axis, merged: item.gold, merged_score: gold + 0.2 * near.unit()},
    ...{explanation: item.explanation, golden: byPeople ? labels[golden - 1]! : null, votes}
  };
}
