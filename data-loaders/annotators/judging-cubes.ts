/** The cubes about labels and judges, from everything that was rated. */
import type {
  AgreementRow,
  JudgeCallRow,
  MergeRuleRow,
  SeverityRow,
  VotedItem,
  VotesDocument
} from "../../src/core/cubes.js";
import {agreementRows} from "../../src/core/judging/agreement-rows.js";
import {judgedCells} from "../../src/core/judging/cells.js";
import {mergeRuleRows} from "../../src/core/judging/merge-rule-rows.js";
import type {RatedSet, RuleLabels} from "../../src/core/judging/rated-set.js";
import {severityRows} from "../../src/core/judging/severity-rows.js";
import {VOTE_STATUSES, type VoteStatus} from "../../src/core/judging/votes.js";
import type {Example} from "../../src/core/conversation.js";
import {titleOf} from "../study/read-study.js";
import type {Study} from "../../src/core/study.js";

/** What judges and people said, as the pages read it. */
export interface JudgingCubes {
  agreement: AgreementRow[];
  severity: SeverityRow[];
  "merge-rules": MergeRuleRow[];
  "judge-calls": JudgeCallRow[];
  votes: VotesDocument;
}

/** How everything that was rated was merged. */
export interface Merging {
  /** Every rule, for comparison. */
  rules: readonly RuleLabels[];
  /** The rule that the labels are merged by. */
  chosen: RuleLabels;
  /** Whether the golden set chose it (`best`); default: no. */
  by_golden?: boolean;
}

/** The cubes of a study with judges; the same votes give the same rows. */
export function judgingCubes(
  set: RatedSet,
  {rules, chosen, by_golden = false}: Merging,
  {calls, votes}: {calls: JudgeCallRow[]; votes: VotesDocument}
): JudgingCubes {
  const cells = judgedCells(set);
  return {
    agreement: agreementRows(set, chosen.places, cells),
    severity: severityRows(set, cells),
    "merge-rules": mergeRuleRows(set, rules, {rule: chosen.rule, by_golden}, cells),
    "judge-calls": calls,
    votes
  };
}

/** Votes that pages show, about. */
const SHOWN_VOTES = 25_000;
/** Test examples of each corpus whose votes pages show, at most: those that the Examples page shows first. */
const SHOWN_EXAMPLES = 400;

/** Numbers of the items whose votes pages show: those of the first test examples of each corpus. */
export function shownItems(
  {items, raters, axes}: RatedSet,
  test: readonly {id: string; test: readonly Pick<Example, "example_id">[]}[]
): number[] {
  const judged = test.filter(({id}) => items.some(({corpus}) => corpus === id));
  const most = Math.floor(SHOWN_VOTES / Math.max(1, judged.length * axes.length * raters.length));
  const count = Math.min(SHOWN_EXAMPLES, Math.max(1, most));
  const shown = new Set(
    judged.flatMap(({id, test: own}) =>
      own.slice(0, count).map(({example_id}) => JSON.stringify([id, example_id]))
    )
  );
  return items.flatMap(({corpus, example_id}, i) =>
    shown.has(JSON.stringify([corpus, example_id])) ? [i] : []
  );
}

/** What stands behind a vote that is shown. */
export interface ShownVote {
  status: VoteStatus;
  /** On the prompt's scale. */
  score: number | null;
  explanation: string;
}

/** `votes.json` for some items. `voteOf` gives null where a judge was not asked. */
export function votesDocument(
  set: RatedSet,
  study: Pick<Study, "judges" | "judging">,
  scales: VotesDocument["prompts"],
  shown: readonly number[],
  {
    chosen,
    explanationOf,
    voteOf
  }: {
    chosen: RuleLabels;
    explanationOf: (item: number) => string;
    voteOf: (item: number, rater: number) => ShownVote | null;
  }
): VotesDocument {
  const judges = Object.entries(study.judges).map(([id, {title, model}]) => ({
    id,
    title: title ?? titleOf(id),
    model
  }));
  const labels = new Map(set.axes.map((axis) => [axis.id, axis.labels]));
  const items = shown.map((item): VotedItem => {
    const {corpus, example_id, axis} = set.items[item]!;
    const labelAt = (place: number) => (place < 0 ? null : labels.get(axis)![place]!);
    const position = chosen.positions[item]!;
    return {
      corpus,
      example_id,
      axis,
      merged: labelAt(chosen.places[item]!),
      merged_score: Number.isNaN(position) ? null : Number(position.toPrecision(5)),
      explanation: explanationOf(item),
      golden: labelAt(set.golden[item]!),
      votes: set.raters.flatMap(({judge, prompt}, rater) => {
        const vote = voteOf(item, rater);
        if (!vote) return [];
        return [
          {
            judge: judges.findIndex(({id}) => id === judge),
            prompt: scales.findIndex(({id}) => id === prompt),
            ...vote
          }
        ];
      })
    };
  });
  return {currency: study.judging.currency, judges, prompts: scales, items};
}

/** Status of a vote from its place; for questions that nobody was asked there is none. */
export function statusAt(place: number): VoteStatus | null {
  return VOTE_STATUSES[place] ?? null;
}
