/** Who is strict and who is mild: how much higher each rater scores than the others on the same examples. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {SeverityRow} from "../core/cubes.js";
import {formatCount, formatSigned} from "../core/format.js";
import {promptsNote, raterOf} from "../core/judging/raters.js";
import type {Rater} from "../core/judging/raters.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {ZERO_KEYS} from "./interval-note.js";
import {ZERO, intervalPanels} from "./interval-panels.js";
import type {PanelRow, PlacedDatum} from "./interval-panels.js";
import {INK} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "severity" | "votes">;
type Known = SeverityRow & {severity: number; rater: string; named: Rater};

const TITLE = "Who scores higher than the others";

/** One row a rater of the selected cell, grouped by judge, on a zero line. The scale holds all cells. */
export function raterSeverity(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {corpus, axis} = selection;
  const known = rowsWhere(cubes.severity, {corpus, axis}).flatMap((row): Known[] =>
    row.severity === null ? [] : [{...row, severity: row.severity, named: raterOf(cubes.votes, row.rater)}]
  );
  if (known.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason: "No two raters scored the same examples of this selection, so none can be told to be stricter."
    });
  const ends = cubes.severity.flatMap(({severity, low, high}) => [severity, low, high]);
  const most = Math.max(0.1, ...ends.map((value) => Math.abs(value ?? 0))) * 1.05;
  const rows = severityRows(known);
  const shown = known.filter(({rater}) => rows.some(({key}) => key === rater));
  const narrow = isNarrow(options);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `labels above or below the mean of all judges and prompts, where they rated the same; ${scopeTitle(cubes, selection)}`,
    keys: ZERO_KEYS,
    note: [
      "Lines: 95\u00a0% intervals over other examples.",
      promptsNote(shown.map(({named}) => named)),
      "Severity alone does no harm where labels are merged with it taken out; that a rater is strict with some texts and mild with others is seen in how it agrees."
    ]
      .filter(Boolean)
      .join(" "),
    alt: altText(shown),
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: false,
          rows,
          data: shown.map(markOf),
          domain: [-most, most],
          rowHeight: 20,
          labelsStart: narrow,
          marginRight: narrow ? 48 : 56,
          columns: [{key: "severity", references: [ZERO]}],
          footer: ["← stricter", "milder →"]
        })
      }
    ]
  });
}

/** A row a judge over its prompts, then one a prompt where it has several; people at the end. */
function severityRows(known: Known[]): PanelRow[] {
  const judges = [...new Set(known.map(({named}) => named.judge))].sort(
    (a, b) => Number(a === "") - Number(b === "")
  );
  return judges.flatMap((judge) => {
    const own = known.filter(({named}) => named.judge === judge);
    const whole = own.filter(({named}) => named.prompt === "");
    const prompts = own.filter(({named}) => named.prompt !== "");
    const single = whole.length === 0;
    const parts = prompts.length > 1 || single ? prompts : [];
    return [...whole, ...parts].map(({rater, named}, i) => ({
      key: rater,
      label: single || named.prompt === "" ? named.title : named.short,
      strong: named.prompt === "",
      indent: !single && named.prompt !== "",
      gap: i === 0
    }));
  });
}

function markOf({rater, named, severity, low, high, n}: Known): PlacedDatum {
  const decided = low === null || high === null || low > 0 || high < 0;
  const interval = low === null ? "" : ` [${formatSigned(low)}, ${formatSigned(high)}]`;
  return {
    ...{mode: "label-only", ink: INK, column: "severity", row: rater},
    ...{value: severity, low, high, filled: decided, text: formatSigned(severity)},
    title: `${named.title}\n${formatSigned(severity)}${interval} labels\nn = ${formatCount(n)} rows`
  };
}

function altText(known: Known[]): string {
  const sorted = [...known].sort((a, b) => a.severity - b.severity);
  const say = ({named, severity}: Known) => `${named.title} (${formatSigned(severity)} labels)`;
  const decided = known.filter(
    ({low, high}) => low !== null && high !== null && (low > 0 || high < 0)
  ).length;
  return `Of ${known.length} raters the strictest is ${say(sorted[0]!)}, the mildest ${say(sorted.at(-1)!)}; ${decided} have an interval that excludes zero.`;
}
