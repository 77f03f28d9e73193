/** The sentence on data and judges: how far can the labels be trusted, and where do they come from? */
import type {AnnotationSource} from "../conversation.js";
import {rowsWhere} from "../cube-index.js";
import type {AgreementRow, MergeRuleRow} from "../cubes.js";
import type {AllCubes} from "../cubes-reader.js";
import {formatCount, formatCounted, formatNumber} from "../format.js";
import {FIRM, MERGED, PEOPLE, TENTATIVE} from "../judging/raters.js";
import type {VoteStatus} from "../judging/votes.js";
import type {Selection} from "../selection.js";
import {listOf, settingsIn} from "./phrases.js";

type Cell = Pick<Selection, "corpus" | "axis">;

/** How far raters agree, with each other and with people; without judges, where labels come from. */
export function dataAndJudgesSentence(cubes: AllCubes, selection: Selection): string {
  if (cubes.study.corpora.length === 0) return "There is no study yet, and so no labels.";
  if (cubes.judgeCalls.length === 0) return unjudgedSentence(cubes, selection);
  return joined([trustSentence(cubes, selection) || ONE_RATER, againstPeople(cubes, selection)]);
}

const ONE_RATER =
  "Not known: no two judges have a vote on the same rows here, so there is no agreement to report.";

function joined(sentences: string[]): string {
  return sentences.filter(Boolean).join(" ");
}

function trustSentence({agreement}: AllCubes, {corpus, axis}: Cell): string {
  const of = (a: string) => rowsWhere(agreement, {corpus, axis, measure: "alpha", a})[0];
  const [judges, people] = [of(MERGED), of(PEOPLE)];
  const first = judges?.value != null ? judges : people?.value != null ? people : undefined;
  if (!first) return "";
  const who = first === judges ? "judges" : "people";
  const besides = first === judges && people?.value != null ? `, people with ${numberText(people)}` : "";
  return `${verdictOf(first)}: ${who} agree among themselves with α\u00a0=\u00a0${numberText(first)} on ${formatCounted(first.n, "row")}${besides} (Krippendorff asks for ${FIRM}, or for ${TENTATIVE} where conclusions are tentative).`;
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
    return `The judges’ merged label agrees with people’s with κ\u00a0=\u00a0${numberText(row)} on ${formatCounted(row.n, "row")} (quadratic weights).`;
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

/** How votes became labels, and how far from people’s labels these are. */
export function mergingSentence({mergeRules}: AllCubes, {corpus, axis}: Selection): string {
  const rows = rowsWhere(mergeRules, {corpus, axis, measure: "mae"}).filter(({value}) => value !== null);
  const chosen = rows.find((row) => row.chosen);
  const rule = chosen ?? mergeRules.find((row) => row.chosen);
  if (!rule) return "";
  const merged = `Votes are merged by ${RULES[rule.rule] ?? rule.rule}`;
  if (!chosen) return `${merged}.`;
  const off = `${merged}, whose labels are on average ${labelsText(chosen)} off people’s.`;
  return joined([off, rankingText(chosen, rows)]);
}

/** Whether another rule is nearer to people, and how sure that is. */
function rankingText(chosen: MergeRuleRow, rows: MergeRuleRow[]): string {
  const others = rows.filter((row) => row !== chosen);
  if (others.length === 0) return "";
  const tied = others.filter((row) => isTied(row, chosen));
  const [nearer] = others
    .filter((row) => row.value! < chosen.value! && !tied.includes(row))
    .sort((a, b) => a.value! - b.value!);
  const rest = formatCounted(others.length, "other rule");
  const rank = nearer
    ? `Of ${rest} the nearest gives ${labelsText(nearer)}: ${RULES[nearer.rule] ?? nearer.rule}.`
    : tied.length === 0
      ? `None of ${rest} comes as near.`
      : `None of ${rest} is surely nearer; ${formatCount(tied.length)} cannot be told apart from it.`;
  const bias = "These very labels chose the rule, so that its error is somewhat too low.";
  return joined([rank, chosen.by_golden ? bias : ""]);
}

/** By the interval of the paired difference; where there is none, by whether both intervals overlap. */
function isTied(a: MergeRuleRow, b: MergeRuleRow): boolean {
  if (typeof a.tied === "boolean") return a.tied;
  return (a.low ?? a.value!) <= (b.high ?? b.value!) && (b.low ?? b.value!) <= (a.high ?? a.value!);
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

/** What share of the questions to judges ended without a usable vote. */
export function repliesSentence({judgeCalls}: AllCubes, {corpus, axis}: Selection): string {
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

const NO_AGREEMENT = "so there is no agreement to report";

/** Without judges: how far labels can be trusted follows from where they come from. */
const TRUST: Record<AnnotationSource, string> = {
  planted: `The labels are right by construction: the generator planted them. No judge or person was asked, ${NO_AGREEMENT}.`,
  given: `The labels are taken as the corpora give them. No judge was asked beside them, ${NO_AGREEMENT}.`,
  raters: `The labels are merged from people’s ratings. No judge was asked beside them, ${NO_AGREEMENT} between judges and people.`,
  judges: `The labels are merged from judges’ votes, which are not at hand here, ${NO_AGREEMENT}.`
};

function unjudgedSentence(cubes: AllCubes, selection: Selection): string {
  const {study} = cubes;
  const known = trustSentence(cubes, selection);
  const corpora = study.corpora.filter(({id}) => selection.corpus === "all" || id === selection.corpus);
  const sources = [...new Set(corpora.map(({label_source}) => label_source))];
  if (sources.length === 1) return known ? joined([known, NO_JUDGE]) : TRUST[sources[0]!];
  const parts = sources.map((source) => {
    const count = corpora.filter(({label_source}) => label_source === source).length;
    return `${SOURCES[source]} in ${formatCount(count)} ${count === 1 ? "corpus" : "corpora"}`;
  });
  const where = `Labels are ${listOf(parts)}.`;
  return joined([known, where, known ? NO_JUDGE : `No judge was asked, ${NO_AGREEMENT}.`]);
}

const NO_JUDGE = "No judge was asked in this study.";

const SOURCES: Record<AnnotationSource, string> = {
  planted: "right by construction, as the generator planted them,",
  given: "taken as the corpus gives them",
  raters: "merged from people’s ratings",
  judges: "merged from judges’ votes"
};

/** How uneven the labels are. */
export function labelsSentence({study}: AllCubes, selection: Selection): string {
  const shares = settingsIn(study, selection).map(({majority_share}) => majority_share);
  if (shares.length === 0) return "";
  const percent = (share: number) => formatNumber(share * 100, 0);
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  const range = least === most ? `${least} %` : `${least} to ${most} %`;
  return `The most frequent label has ${range} of the test rows${shares.length === 1 ? "" : ` in each of ${shares.length} settings`}.`;
}

/** How many training rows have no explanation, and what becomes of these; empty where all have one. */
export function unexplainedSentence({study}: AllCubes, selection: Selection): string {
  const settings = settingsIn(study, selection);
  const rows = settings.reduce((sum, {train}) => sum + train, 0);
  const lacking = settings.reduce((sum, {train, explained = train}) => sum + train - explained, 0);
  if (lacking === 0) return "";
  const share = lacking === rows ? "None" : formatCount(rows - lacking);
  const become =
    "Every mode trains on the label alone there, so that modes differ less than their names say.";
  return `${share} of ${formatCounted(rows, "training row")} ${rows - lacking === 1 ? "has" : "have"} an explanation. ${become}`;
}

/** What the Rate page offers: how many examples, on which axes. */
export function rateSentence({study, examples}: AllCubes): string {
  const {length} = examples.examples;
  if (length === 0) return "This study has no examples to rate yet.";
  const axes = study.axes.map(({title}) => title.toLowerCase());
  return `Rate up to ${formatCounted(length, "example")} of ${study.corpora.length} ${study.corpora.length === 1 ? "corpus" : "corpora"} on ${listOf(axes)}, blind: neither the label nor what anyone else gave is shown. Nothing is sent: your ratings leave this page only as a file that you save, and that file can serve as golden set, against which the study’s judges are measured.`;
}
