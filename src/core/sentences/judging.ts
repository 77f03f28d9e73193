/** The sentence on data and judges: how far can the labels be trusted, and where do they come from? */
import type {AnnotationSource} from "../conversation.js";
import {rowsWhere} from "../cube-index.js";
import type {AgreementRow, MergeRuleRow} from "../cubes.js";
import type {AllCubes} from "../cubes-reader.js";
import {formatCount, formatCounted, formatNumber} from "../format.js";
import {MERGED, PEOPLE} from "../judging/raters.js";
import type {VoteStatus} from "../judging/votes.js";
import type {Selection} from "../selection.js";
import {listOf, settingsIn} from "./phrases.js";

type Cell = Pick<Selection, "corpus" | "axis">;

const NOT_KNOWN =
  "Not known: no two raters’ labels of the same rows are at hand here, so agreement cannot be told.";

/** How far raters agree, with each other and with people; without judges, where labels come from. */
export function dataAndJudgesSentence(cubes: AllCubes, selection: Selection): string {
  if (cubes.study.corpora.length === 0) return "There is no study yet, and so no labels.";
  const isJudged = cubes.judgeCalls.length > 0;
  return [
    trustSentence(cubes, selection) || NOT_KNOWN,
    againstPeople(cubes, selection),
    isJudged ? "" : `No judge was asked in this study: ${sourcesText(cubes)}.`
  ]
    .filter(Boolean)
    .join(" ");
}

/** How votes became labels, what was lost on the way, and how uneven the labels are. */
export function labelsSentence(cubes: AllCubes, selection: Selection): string {
  return [
    mergeSentence(cubes, selection),
    unusableSentence(cubes, selection),
    unevenSentence(cubes, selection)
  ]
    .filter(Boolean)
    .join(" ");
}

/** What is customary to ask of alpha (Krippendorff 2004): for firm conclusions, and for tentative ones. */
const [FIRM, TENTATIVE] = [0.8, 0.667];

function trustSentence({agreement}: AllCubes, {corpus, axis}: Cell): string {
  const of = (a: string) => rowsWhere(agreement, {corpus, axis, measure: "alpha", a})[0];
  const [judges, people] = [of(MERGED), of(PEOPLE)];
  const first = judges?.value != null ? judges : people?.value != null ? people : undefined;
  if (!first) return "";
  const who = first === judges ? "judges" : "people";
  const besides = first === judges && people?.value != null ? `, people with ${numberText(people)}` : "";
  return `${verdictOf(first)}: ${who} agree among themselves with α = ${numberText(first)} on ${formatCounted(first.n, "row")}${besides} (Krippendorff asks for ${FIRM}, or for ${TENTATIVE} where conclusions are tentative).`;
}

function verdictOf({value, low, high}: AgreementRow): string {
  const [least, most] = [low ?? value!, high ?? value!];
  if (least >= FIRM) return "Far";
  if (least >= TENTATIVE) return "Far enough for tentative conclusions";
  if (most < TENTATIVE) return "Not far, one by one";
  return "Undecided";
}

/** `0.71 [0.66, 0.75]`. */
function numberText(
  {value, low, high}: Pick<AgreementRow, "value" | "low" | "high">,
  scale = 1,
  digits = 2
): string {
  const text = (of: number) => formatNumber(of * scale, digits);
  return `${text(value!)}${low === null || high === null ? "" : ` [${text(low)}, ${text(high)}]`}`;
}

function againstPeople({agreement}: AllCubes, {corpus, axis}: Cell): string {
  const cell = {corpus, axis, measure: "qwk" as const};
  const [row] = [
    ...rowsWhere(agreement, {...cell, a: MERGED, b: PEOPLE}),
    ...rowsWhere(agreement, {...cell, a: PEOPLE, b: MERGED})
  ];
  if (row?.value != null)
    return `The judges’ merged label agrees with people’s with κ = ${numberText(row)} on ${formatCounted(row.n, "row")} (quadratic weights).`;
  const hasJudges = agreement.some(({a}) => a === MERGED);
  return hasJudges
    ? "Whether the judges agree with people is not known here: no person rated the same examples."
    : "";
}

const RULES: Record<string, string> = {
  mean: "their mean",
  median: "their median",
  majority: "majority",
  "trimmed-mean": "their trimmed mean",
  severity: "their mean with each judge’s severity taken out",
  "dawid-skene": "a model of each judge’s reliability (Dawid–Skene)"
};

function mergeSentence({mergeRules}: AllCubes, {corpus, axis}: Cell): string {
  const rows = rowsWhere(mergeRules, {corpus, axis, measure: "mae"}).filter(({value}) => value !== null);
  const chosen = rows.find((row) => row.chosen);
  const rule = chosen ?? mergeRules.find((row) => row.chosen);
  if (!rule) return "";
  const merged = `Votes are merged by ${RULES[rule.rule] ?? rule.rule}`;
  if (!chosen) return `${merged}.`;
  const nearest = rows.reduce((a, b) => (b.value! < a.value! ? b : a));
  return nearest.value! < chosen.value!
    ? `${merged}, which is ${labelsText(chosen)} off people’s label; nearer is ${RULES[nearest.rule] ?? nearest.rule} with ${labelsText(nearest)}.`
    : `${merged}, of ${formatCounted(rows.length, "rule")} the nearest to people’s label: ${labelsText(chosen)} off.`;
}

function labelsText(row: MergeRuleRow): string {
  return `${numberText(row)} labels`;
}

const FAULTS: Record<Exclude<VoteStatus, "scored">, string> = {
  refused: "refusals",
  empty: "empty replies",
  "cut-off": "replies cut off",
  unreadable: "replies without a readable score",
  "out-of-scale": "scores out of scale",
  failed: "services that did not answer"
};

function unusableSentence({judgeCalls}: AllCubes, {corpus, axis}: Cell): string {
  const calls = judgeCalls.filter(
    (row) => (corpus === "all" || row.corpus === corpus) && (axis === "all" || row.axis === axis)
  );
  const sum = (rows: typeof calls) => rows.reduce((total, {votes}) => total + votes, 0);
  const questions = sum(calls);
  if (questions === 0) return "";
  const faults = (Object.keys(FAULTS) as (keyof typeof FAULTS)[])
    .map((status) => ({status, votes: sum(calls.filter((row) => row.status === status))}))
    .sort((a, b) => b.votes - a.votes);
  const unusable = faults.reduce((total, {votes}) => total + votes, 0);
  if (unusable === 0)
    return `All ${formatCounted(questions, "question")} to judges ended with a usable vote.`;
  return `Of ${formatCounted(questions, "question")} to judges ${formatNumber((unusable / questions) * 100, 1)} % ended without a usable vote, mostly for ${FAULTS[faults[0]!.status]}.`;
}

const SOURCES: Record<AnnotationSource, string> = {
  planted: "planted by the generator",
  given: "those that the corpus comes with",
  raters: "merged from people’s ratings",
  judges: "merged from judges’ votes"
};

/** `labels are planted by the generator in 4 corpora and merged from people’s ratings in 2`. */
function sourcesText({study}: AllCubes): string {
  const sources = [...new Set(study.corpora.map(({label_source}) => label_source))];
  if (sources.length === 1) return `labels are ${SOURCES[sources[0]!]}`;
  const parts = sources.map((source) => {
    const count = study.corpora.filter(({label_source}) => label_source === source).length;
    return `${SOURCES[source]} in ${formatCount(count)} ${count === 1 ? "corpus" : "corpora"}`;
  });
  return `labels are ${listOf(parts)}`;
}

function unevenSentence({study}: AllCubes, selection: Selection): string {
  const shares = settingsIn(study, selection).map(({majority_share}) => majority_share);
  if (shares.length === 0) return "";
  const percent = (share: number) => formatNumber(share * 100, 0);
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  const range = least === most ? `${least} %` : `${least} to ${most} %`;
  return `The most frequent label has ${range} of the test rows${shares.length === 1 ? "" : `, by setting (${shares.length})`}.`;
}

/** What the Rate page offers: how many examples, on which axes. */
export function rateSentence({study, examples}: AllCubes): string {
  const {length} = examples.examples;
  if (length === 0) return "This study has no examples to rate yet.";
  const axes = study.axes.map(({title}) => title.toLowerCase());
  return `Rate up to ${formatCounted(length, "example")} of ${study.corpora.length} ${study.corpora.length === 1 ? "corpus" : "corpora"} on ${listOf(axes)}, blind: neither the label nor what anyone else gave is shown. Everything stays in this browser until you save it as a file; that file can serve as golden set, against which the study’s judges are measured.`;
}
