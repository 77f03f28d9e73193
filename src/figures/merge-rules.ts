/** Merge rules against people's labels: one panel a measure, one row a rule, the study's own marked. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {MergeRuleRow} from "../core/cubes.js";
import {formatCount, formatCounted, formatNumber} from "../core/format.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {intervalPanels} from "./interval-panels.js";
import {INK, domainOf} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "mergeRules">;
type Measure = MergeRuleRow["measure"];

const TITLE = "Which way of merging comes nearest to people";

export const RULE_TITLES: Record<string, string> = {
  mean: "Mean",
  median: "Median",
  majority: "Majority",
  "trimmed-mean": "Trimmed mean",
  severity: "Severity taken out",
  "dawid-skene": "Dawid–Skene"
};

/** In the order of the panels; shares are shown in percent. */
const MEASURES: Record<Measure, {title: string; better: "higher" | "lower"; scale: number; digits: number}> =
  {
    mae: {title: "Mean error", better: "lower", scale: 1, digits: 2},
    mse: {title: "Squared error", better: "lower", scale: 1, digits: 2},
    exact: {title: "Same label", better: "higher", scale: 100, digits: 0},
    within_one: {title: "At most 1 off", better: "higher", scale: 100, digits: 0},
    qwk: {title: "Weighted kappa", better: "higher", scale: 1, digits: 2}
  };

/** The rows of the selected cell, for as many examples as people rated. */
export function mergeRules(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {corpus, axis} = selection;
  const rows = rowsWhere(cubes.mergeRules, {corpus, axis}).filter(({value}) => value !== null);
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason:
        "Nothing of this selection was rated by judges and by people both, so no rule can be held against people."
    });
  const rules = [...new Set(rows.map(({rule}) => rule))];
  const measures = (Object.keys(MEASURES) as Measure[]).filter((measure) =>
    rows.some((row) => row.measure === measure)
  );
  const best = new Map(measures.map((measure) => [measure, bestOf(rows, measure)]));
  const chosen = new Set(rows.filter((row) => row.chosen).map(({rule}) => rule));
  const labels = Math.max(...rows.map(({n}) => n));
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `merged labels against people’s; ${scopeTitle(cubes, selection)}; n = ${formatCounted(labels, "label")}`,
    keys:
      chosen.size > 0
        ? [
            {text: "the study’s rule", sign: "filled"},
            {text: "another rule", sign: "hollow"}
          ]
        : [],
    note: "Lines: 95\u00a0% intervals over other examples. Rules see the same votes, so that their values move together: two overlapping intervals can still differ. Errors are in labels. The best value of each panel is written beside it.",
    alt: altText(rows, measures, chosen),
    panels: linesOf(measures, options).map((line, i) => ({
      dy: i === 0 ? 0 : 12,
      svg: intervalPanels({
        width,
        document,
        stacked: isNarrow(options) && measures.length > 1,
        rows: rules.map((rule) => ({key: rule, label: titleOf(rule), strong: chosen.has(rule)})),
        data: rows.map((row) => {
          const mark = markOf(row);
          return best.get(row.measure) === row ? {...mark, text: bestText(row)} : mark;
        }),
        marginRight: 46,
        domain: [0, 1],
        rowHeight: 20,
        columns: line.map((measure) => columnOf(cubes, measure))
      })
    }))
  });
}

/** Beside each other five panels are too narrow to read distances in: errors stand above agreements. */
function linesOf(measures: Measure[], options: FigureOptions): Measure[][] {
  if (isNarrow(options)) return [measures];
  const better = (which: "lower" | "higher") =>
    measures.filter((measure) => MEASURES[measure].better === which);
  return [better("lower"), better("higher")].filter((line) => line.length > 0);
}

export function titleOf(rule: string): string {
  return RULE_TITLES[rule] ?? rule;
}

/** Each measure has one scale for all cells, so that it stays when the corpus changes. */
function columnOf({mergeRules: all}: Cubes, measure: Measure) {
  const {title, better, scale} = MEASURES[measure];
  const ends = rowsWhere(all, {measure}).flatMap(({value, low, high}) => [value, low, high]);
  const domain = domainOf(ends.map((value) => (value === null ? null : value * scale)));
  return {key: measure, title, note: `${better} is better`, domain, ...(scale === 100 ? {unit: "%"} : {})};
}

/** The best by a measure; of those that read the same, the study's own. */
function bestOf(rows: readonly MergeRuleRow[], measure: Measure): MergeRuleRow {
  const sign = MEASURES[measure].better === "lower" ? -1 : 1;
  const own = rows.filter((row) => row.measure === measure);
  const best = own.reduce((a, b) => (sign * b.value! > sign * a.value! ? b : a));
  return own.find((row) => row.chosen && bestText(row) === bestText(best)) ?? best;
}

function bestText({measure, value}: MergeRuleRow): string {
  return valueText(measure, {value, low: null, high: null});
}

function markOf({rule, measure, value, low, high, n, chosen}: MergeRuleRow) {
  const {title, scale} = MEASURES[measure];
  const scaled = (of: number | null) => (of === null ? null : of * scale);
  return {
    ...{mode: "label-only" as const, ink: INK, column: measure, row: rule, filled: chosen},
    ...{value: value! * scale, low: scaled(low), high: scaled(high)},
    title: `${titleOf(rule)}${chosen ? " (the study’s)" : ""} · ${title}\n${valueText(measure, {value, low, high})}\nn = ${formatCount(n)} rows`
  };
}

function valueText(
  measure: Measure,
  {value, low, high}: Pick<MergeRuleRow, "value" | "low" | "high">
): string {
  const {scale, digits} = MEASURES[measure];
  const text = (of: number | null) => (of === null ? "" : formatNumber(of * scale, digits));
  const unit = scale === 100 ? "\u00a0%" : "";
  return `${text(value)}${unit}${low === null ? "" : ` [${text(low)}, ${text(high)}]`}`;
}

function altText(rows: readonly MergeRuleRow[], measures: Measure[], chosen: Set<string>): string {
  const said = measures.map((measure) => {
    const best = bestOf(rows, measure);
    return `${MEASURES[measure].title}: best ${titleOf(best.rule)}, ${valueText(measure, best)}`;
  });
  const rule = [...chosen].map(titleOf).join(", ");
  return `${said.join("; ")}.${rule ? ` The study merges by: ${rule}.` : ""}`;
}
