/** Entropy and being right as numbers: correlations pooled and within settings, and AUROC as a detector of errors. */
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {EntropySource, RelationRow} from "../core/cubes.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {kindAmong, relationOfKind} from "../core/intervals.js";
import {MODE_LOOKS} from "../core/palette.js";
import {choicesOf, selectedArms} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";
import {signWarning} from "../core/sentences/pooling.js";
import {ESTIMATOR_TITLES, SHORT_ESTIMATOR_TITLES, sourceLayer, sourceTitle} from "./entropy-source.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {shownIntervalNote} from "./interval-note.js";
import {ZERO, intervalPanels} from "./interval-panels.js";
import type {PlacedDatum} from "./interval-panels.js";
import {domainOf} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "relations">;
type ModeRow = RelationRow & {mode: Mode};

/** Rows of the selected arms and scope with entropy from one place, in figure order. */
function relationsOf({study, relations}: Cubes, options: FigureOptions, estimator: EntropySource): ModeRow[] {
  const {corpus, axis, layer} = options.selection;
  return selectedArms(options.selection, study)
    .flatMap(({id, mode}) =>
      rowsWhere<RelationRow>(relations, {
        ...{arm: id, corpus, axis, estimator},
        layer: sourceLayer(estimator, layer)
      }).map((row) => ({...row, mode}))
    )
    .sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode));
}

/** Correlation of entropy with being right: within settings, and below it all rows pooled; one row a mode. */
export function correlationDumbbells(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Correlation of entropy with being right: pooled and within settings";
  const known = relationsOf(cubes, options, selection.estimator).filter(({within}) => within !== null);
  const overAll = {...selection, seed: "all"};
  const interval = kindAmong(
    known.map((row) => row.within_low_trainings),
    overAll
  );
  const rows = known.map((row) => ({...relationOfKind(row, interval), mode: row.mode}));
  if (rows.length === 0)
    return emptyFigure({width, document, title, reason: "No correlation can be computed in this selection."});
  const svg = intervalPanels({
    width,
    document,
    stacked: false,
    columns: [{key: "r", references: [ZERO]}],
    rows: rows.map(({mode}) => ({key: mode, label: MODE_LOOKS[mode].title})),
    data: rows.flatMap(bothCorrelations),
    domain: domainOf(
      known.flatMap(({pooled, within, ...ends}) => [
        ...[pooled, within, ends.within_low, ends.within_high],
        ...[ends.within_low_trainings ?? null, ends.within_high_trainings ?? null]
      ]),
      {through: 0}
    ),
    rowHeight: 28,
    footer: ["← right answers have low entropy", "high entropy →"]
  });
  return frame({
    width,
    document,
    title,
    subtitle: `Pearson’s r; ${sourceTitle(selection.estimator, selection.layer)}; ${scopeTitle(cubes, selection)}; all seeds; n = ${formatCount(rows[0]!.n)} rows × seeds`,
    keys: [
      {text: "within settings", sign: "filled"},
      {text: "pooled", sign: "hollow"}
    ],
    note: [signWarning(rows), noteOn(intervalScope(cubes.study, {...overAll, interval}))]
      .filter(Boolean)
      .join(" "),
    alt: `${rows.map((row) => `${MODE_LOOKS[row.mode].title}: within ${formatSigned(row.within, 2)} [${formatSigned(row.within_low, 2)}, ${formatSigned(row.within_high, 2)}], pooled ${formatSigned(row.pooled, 2)}`).join("; ")}. ${signWarning(rows)}`.trim(),
    panels: [{svg, rows: () => rows}]
  });
}

const noteOn = (scope: string) =>
  `Lines: 95 % intervals of the correlation within settings, ${scope}. The hollow marker below is pooled: how far it stands off is what differences between settings add.`;

/** Of the two markers of a mode off the middle of its row, in pixels: they would often stand on each other. */
const APART = {within: -4, pooled: 6};

function bothCorrelations(row: ModeRow): PlacedDatum[] {
  const {mode, within, pooled} = row;
  const shared = {mode, column: "r", row: mode, title: relationTitle(row)};
  return [
    {...shared, value: within!, low: row.within_low, high: row.within_high, dy: APART.within},
    ...(pooled === null
      ? []
      : [{...shared, value: pooled, low: null, high: null, filled: false, r: 3.75, dy: APART.pooled}])
  ];
}

function relationTitle(row: ModeRow): string {
  return `${MODE_LOOKS[row.mode].title} · ${sourceTitle(row.estimator, row.layer)}\nwithin settings ${formatSigned(row.within, 3)} [${formatSigned(row.within_low, 3)}, ${formatSigned(row.within_high, 3)}]; pooled ${formatSigned(row.pooled, 3)}\nAUROC ${aurocText(row)}${aurocMeaning(row)}; n = ${formatCount(row.n)}`;
}

/** Pixels between the modes of one row, which would stand on each other. */
const DODGE = 9;

/** `0.632 [0.601, 0.663]` */
function aurocText({auroc, auroc_low: low, auroc_high: high}: RelationRow): string {
  const ends = typeof low === "number" ? ` [${formatNumber(low, 3)}, ${formatNumber(high ?? null, 3)}]` : "";
  return `${formatNumber(auroc, 3)}${ends}`;
}

/** Which way a detector points, where its interval doesn't hold chance; without an interval, where it points at all. */
function aurocMeaning({auroc, auroc_low: low, auroc_high: high}: RelationRow): string {
  if (auroc === null || auroc === 0.5) return "";
  if (typeof low === "number" && low <= 0.5 && high! >= 0.5) return " (no better than the noise allows)";
  return auroc > 0.5 ? " (high entropy goes with errors)" : " (high entropy goes with right answers)";
}

/**
 * AUROC of every entropy as a detector of errors, at the selected layer and at the output. One that is the same in every
 * row, as the divergence of the last layer from itself, detects nothing by definition and is left out.
 */
export function errorDetectors(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Which entropy tells errors from right answers?";
  const known = choicesOf(cubes.study).estimator.flatMap((estimator) =>
    relationsOf(cubes, options, estimator).filter(({auroc, within}) => auroc !== null && within !== null)
  );
  const overAll = {...selection, seed: "all"};
  const interval = kindAmong(
    known.map((row) => row.auroc_low_trainings),
    overAll
  );
  const rows = known.map((row) => ({...relationOfKind(row, interval), mode: row.mode}));
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No arm was both right and wrong in this selection."
    });
  const hasEnds = rows.some(({auroc_low}) => typeof auroc_low === "number");
  const sources = [...new Set(rows.map(({estimator}) => estimator))].sort(
    (a, b) => meanAuroc(rows, b) - meanAuroc(rows, a)
  );
  const modes = MODES.filter((mode) => rows.some((row) => row.mode === mode));
  const titles = isNarrow(options) ? SHORT_ESTIMATOR_TITLES : ESTIMATOR_TITLES;
  const svg = intervalPanels({
    width,
    document,
    stacked: false,
    columns: [{key: "auroc", references: [{x: 0.5, name: "chance"}]}],
    rows: sources.map((source) => ({key: source, label: titles[source]})),
    data: rows.map((row) => ({
      mode: row.mode,
      column: "auroc",
      row: row.estimator,
      value: row.auroc!,
      low: row.auroc_low ?? null,
      high: row.auroc_high ?? null,
      title: relationTitle(row),
      dy: (modes.indexOf(row.mode) - (modes.length - 1) / 2) * DODGE,
      r: 3.75
    })),
    domain: domainOf(
      known.flatMap(({auroc, ...ends}) => [
        ...[auroc, ends.auroc_low ?? null, ends.auroc_high ?? null],
        ...[ends.auroc_low_trainings ?? null, ends.auroc_high_trainings ?? null]
      ]),
      {through: 0.5}
    ),
    rowHeight: modes.length * DODGE + 12,
    footer: ["← errors have low entropy", "errors have high entropy →"]
  });
  return frame({
    width,
    document,
    title,
    subtitle: `AUROC within settings; activation entropies at layer ${selection.layer}; ${scopeTitle(cubes, selection)}; all seeds; n = ${formatCount(rows[0]!.n)} rows × seeds`,
    legend: modes,
    note: `Chance that, of a wrong and a right answer of the same setting and training, the wrong one has the higher entropy. The line is chance, .5: right of it a high entropy warns of an error, left of it, it goes with right answers. ${shownIntervalNote(cubes.study, {...overAll, interval}, hasEnds)}`,
    alt: `${sources
      .map(
        (source) =>
          `${ESTIMATOR_TITLES[source]}: ${rows
            .filter(({estimator}) => estimator === source)
            .map((row) => `${MODE_LOOKS[row.mode].title} ${aurocText(row)}`)
            .join(", ")}`
      )
      .join(
        "; "
      )}. Above .5 errors have the higher entropy within their setting.${hasEnds ? ` 95 % intervals ${intervalScope(cubes.study, {...overAll, interval})}.` : ""}`,
    panels: [{svg}]
  });
}

function meanAuroc(rows: RelationRow[], source: string): number {
  const own = rows.filter(({estimator}) => estimator === source);
  return own.reduce((sum, {auroc}) => sum + (auroc ?? 0), 0) / own.length;
}
