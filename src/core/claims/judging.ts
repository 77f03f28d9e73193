/** Claims on judges and people: how far they agree, what judges were asked, what it cost. */
import {rowsWhere} from "../cube-index.js";
import type {AgreementRow, MergeRuleRow} from "../cubes.js";
import {formatCount, formatNumber} from "../format.js";
import {MERGED, PEOPLE, raterOf} from "../judging/raters.js";
import {axisName, corpusName} from "../sentences/phrases.js";
import {NOT_KNOWN} from "./claim.js";
import type {ClaimKind} from "./claim.js";
import {NONE, estimated} from "./estimates.js";
import {CELL, SHOW, oneOf} from "./parameters.js";
import {ofStudy, stated} from "./provenance.js";

const MEASURES: Record<AgreementRow["measure"], string> = {
  alpha: "Krippendorff's alpha",
  qwk: "Quadratic-weighted kappa",
  exact: "Share of equal labels",
  within_one: "Share of labels that differ by one at most",
  mae: "Mean absolute difference, in labels,",
  mse: "Mean squared difference"
};

const print = {
  value: (value: number) => formatNumber(value, 2),
  interval: (low: number, high: number) => `[${formatNumber(low, 2)}, ${formatNumber(high, 2)}]`
};

function placeOf(study: Parameters<typeof corpusName>[0], corpus: string, axis: string): string {
  const names = [
    corpus === "all" ? "all corpora" : corpusName(study, corpus),
    axis === "all" ? "all axes" : axisName(study, axis)
  ];
  return names.join(", ");
}

/** How far raters agree. */
export const AGREEMENT: ClaimKind = {
  says: "How far raters agree: `alpha` of a group (`judges` or `people`), or another measure of two raters",
  parameters: {
    a: {
      says: "a rater or group: `judges`, `people`, a judge, or `judge/prompt`",
      choices: ({agreement}) =>
        [...new Set([MERGED, PEOPLE, ...agreement.flatMap(({a, b}) => [a, b])])].filter(Boolean),
      standard: () => MERGED
    },
    b: {
      says: "the other rater; left out for `alpha`",
      choices: ({agreement}) => [...new Set(["", MERGED, PEOPLE, ...agreement.flatMap(({a, b}) => [a, b])])],
      standard: () => ""
    },
    measure: oneOf("measure of agreement", Object.keys(MEASURES), "alpha"),
    corpus: CELL.corpus,
    axis: CELL.axis,
    show: SHOW
  },
  make({study, agreement, votes}, {a, b, measure, corpus, axis, show}) {
    const cell = {corpus: corpus!, axis: axis!, measure: measure as AgreementRow["measure"]};
    const [row] = [
      ...rowsWhere(agreement, {...cell, a: a!, b: b!}),
      ...rowsWhere(agreement, {...cell, a: b!, b: a!})
    ];
    const titles = [a!, b!].filter(Boolean).map((id) => raterOf(votes, id).title.toLowerCase());
    return estimated({
      value: row?.value,
      interval: row ? {low: row.low, high: row.high} : NONE,
      print,
      show,
      provenance: {
        ...ofStudy(
          `${MEASURES[cell.measure]} ${b ? "of" : "among"} ${titles.join(" and ")}; ${placeOf(study, corpus!, axis!)}; 95 % interval over other dialogues`
        ),
        items: row?.n ?? null
      }
    });
  }
};

/** A merge rule's distance from people's labels. */
export const MERGE: ClaimKind = {
  says: "How far merged labels are from people's, by the rule that the study merges by",
  parameters: {
    measure: oneOf("measure", ["mae", "mse", "exact", "within_one", "qwk"], "mae"),
    corpus: CELL.corpus,
    axis: CELL.axis,
    show: SHOW
  },
  make({study, mergeRules}, {measure, corpus, axis, show}) {
    const cell = {corpus: corpus!, axis: axis!, measure: measure as MergeRuleRow["measure"]};
    const row = rowsWhere(mergeRules, cell).find(({chosen}) => chosen);
    return estimated({
      value: row?.value,
      interval: row ? {low: row.low, high: row.high} : NONE,
      print,
      show,
      provenance: {
        ...ofStudy(
          `${MEASURES[cell.measure]} of labels merged by ${row?.rule ?? "the study's rule"} and people's; ${placeOf(study, corpus!, axis!)}; 95 % interval over other dialogues`
        ),
        items: row?.n ?? null
      }
    });
  }
};

/** What was asked of judges. */
export const JUDGING: ClaimKind = {
  says: "What was asked of judges: `questions`, share of `unusable` replies, `tokens`, `cost`, number of `judges`",
  parameters: {
    of: oneOf("what", ["questions", "unusable", "tokens", "cost", "judges"]),
    corpus: CELL.corpus,
    axis: CELL.axis
  },
  make({study, judgeCalls, votes}, {of, corpus, axis}) {
    const calls = judgeCalls.filter(
      (call) => (corpus === "all" || call.corpus === corpus) && (axis === "all" || call.axis === axis)
    );
    const total = (rows: typeof calls, value: (row: (typeof calls)[number]) => number) =>
      rows.reduce((sum, row) => sum + value(row), 0);
    const questions = total(calls, (call) => call.votes);
    const unusable = total(
      calls.filter(({status}) => status !== "scored"),
      (call) => call.votes
    );
    const priced = calls.filter(({cost}) => cost !== null);
    const values: Record<string, [number | null, (value: number) => string]> = {
      questions: [questions, formatCount],
      unusable: [
        questions === 0 ? null : unusable / questions,
        (share) => `${formatNumber(share * 100, 1)} %`
      ],
      tokens: [total(calls, (call) => call.input_tokens + call.output_tokens), formatCount],
      cost: [
        priced.length === 0 ? null : total(priced, (call) => call.cost!),
        (cost) => `${votes.currency} ${formatNumber(cost, 2)}`
      ],
      judges: [new Set(calls.map(({judge}) => judge)).size, formatCount]
    };
    const [value, text] = values[of!]!;
    const query = `Judges: ${of}; ${placeOf(study, corpus!, axis!)}; from the log of votes`;
    return stated(value === null ? NOT_KNOWN : text(value), query, value);
  }
};
