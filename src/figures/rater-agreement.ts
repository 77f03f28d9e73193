/** How far raters agree, cell by cell: judges among themselves, people among themselves, and both with each other. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {AgreementRow} from "../core/cubes.js";
import {formatNumber} from "../core/format.js";
import {FIRM, MERGED, PEOPLE, TENTATIVE} from "../core/judging/raters.js";
import {WIDTHS, isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import type {ForestRow} from "./forest-rows.js";
import {emptyFigure, frame} from "./frame.js";
import {intervalPanels} from "./interval-panels.js";
import type {PlacedDatum, Reference} from "./interval-panels.js";
import {MUTED, RADIUS} from "./marks.js";
import {cellRows, cellTitle, estimateText, inkMark} from "./rater-rows.js";

type Cubes = Pick<AllCubes, "study" | "agreement">;

interface AgreementColumn {
  key: string;
  title: string;
  note: string;
  counted: string;
  rows: Map<string, AgreementRow>;
}

const TITLE = "How far raters agree";

const CUSTOMARY: Reference[] = [
  {x: TENTATIVE, label: {text: "tentative", anchor: "end" as const}},
  {x: FIRM, label: {text: "firm", anchor: "start" as const}}
].map((line) => ({...line, name: "customary", color: MUTED, dashed: true}));

/** One panel a comparison on one scale, one row a cell. A comparison that no cell has is left out. */
export function raterAgreement(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const columns = columnsOf(cubes).filter(({rows}) => rows.size > 0);
  const holds = ({corpus, axis}: {corpus: string; axis: string}) =>
    columns.some(({rows}) => rows.has(`${corpus} ${axis}`));
  const rows = cellRows(cubes, selection, width < WIDTHS.middle, holds);
  const data = columns.flatMap((column) => marksOf(cubes, column, rows));
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason:
        "No example of this selection has labels by two raters, so agreement cannot be told: no judges were asked, and single ratings by people are not known here."
    });
  const lowest = Math.min(0, ...data.map(({value, low}) => low ?? value));
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: "1 is perfect, 0 what chance gives",
    note: "Lines: 95\u00a0% intervals over other examples. α: Krippendorff’s alpha of ordinal labels; κ: kappa with quadratic weights. Dashed: α of 0.667, from which it is customary to draw tentative conclusions, and of 0.8, from which firm ones. Merged labels meet people’s where every judge has a vote.",
    alt: altText(cubes, columns, rows),
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: isNarrow(options) && columns.length > 1,
          rows,
          data,
          domain: [Math.max(-1, lowest), 1],
          rowHeight: 18,
          columns: columns.map(({key, title, note}) => ({
            key,
            title,
            note,
            references: key === "both" ? [] : CUSTOMARY
          })),
          marginRight: 48,
          absent: (column, row) => absentText(columns, rows, column, row)
        })
      }
    ]
  });
}

function columnsOf({agreement}: Cubes): AgreementColumn[] {
  const table = (rows: readonly AgreementRow[]) =>
    new Map(rows.flatMap((row) => (row.value === null ? [] : [[`${row.corpus} ${row.axis}`, row] as const])));
  const alpha = (a: string) => table(rowsWhere(agreement, {measure: "alpha", a}));
  const both = [
    ...rowsWhere(agreement, {measure: "qwk", a: MERGED, b: PEOPLE}),
    ...rowsWhere(agreement, {measure: "qwk", a: PEOPLE, b: MERGED})
  ];
  const [examples, ratedByBoth] = ["rows with two ratings at least", "rows that both rated"];
  return [
    {key: "judges", title: "Among judges", note: "α", counted: examples, rows: alpha(MERGED)},
    {key: "people", title: "Among people", note: "α", counted: examples, rows: alpha(PEOPLE)},
    {
      key: "both",
      title: "Judges and people",
      note: "κ of merged labels",
      counted: ratedByBoth,
      rows: table(both)
    }
  ];
}

function marksOf(
  cubes: Cubes,
  {key, title, counted, rows: found}: AgreementColumn,
  rows: ForestRow[]
): PlacedDatum[] {
  return rows.flatMap((row) => {
    const cell = found.get(`${row.corpus} ${row.axis}`);
    const mark =
      cell &&
      inkMark({column: key, row: row.key}, cell, {title: `${title} · ${cellTitle(cubes, row)}`, counted});
    return mark ? [{...mark, r: row.strong ? RADIUS : 3.25, text: formatNumber(mark.value)}] : [];
  });
}

/** Why a row has no mark, once a corpus: at its head. */
function absentText(columns: AgreementColumn[], rows: ForestRow[], column: string, row: string): string {
  const [at, own] = [rows.find(({key}) => key === row), columns.find(({key}) => key === column)];
  if (!at?.strong || !own) return "";
  const has = (key: string) =>
    rows.some(
      ({corpus, axis}) =>
        corpus === at.corpus && columns.find((each) => each.key === key)?.rows.has(`${corpus} ${axis}`)
    );
  if (has(column)) return "";
  if (column === "judges") return "not rated by two judges";
  if (column === "people" && has("both")) return "single ratings are not known";
  return column === "both" && has("people") ? "not rated by both" : "not rated by people";
}

function altText(cubes: Cubes, columns: AgreementColumn[], rows: ForestRow[]): string {
  const said = columns.flatMap(({title, rows: found}) => {
    const cells = rows.flatMap((row) => found.get(`${row.corpus} ${row.axis}`) ?? []);
    const [first] = cells;
    if (!first) return [];
    const values = cells.map(({value}) => value!);
    const range =
      cells.length > 1
        ? `; from ${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))} over ${cells.length} rows`
        : "";
    return [`${title}: ${cellTitle(cubes, first)} ${estimateText(first)}${range}`];
  });
  return `${said.join(". ")}.`;
}
