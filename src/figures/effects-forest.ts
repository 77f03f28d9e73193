/** The forest of effects: one row a setting, one panel a mode, differences to label-only on a zero line. */
import * as Plot from "@observablehq/plot";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {EffectRow} from "../core/cubes.js";
import {effectUnitOf, formatCount, formatEffectInterval, shownScale} from "../core/format.js";
import {formatEffect, measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {axisTitle, corpusTitle, intervalNote, isNarrow, sampleNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {MUTED, domainOf, gridX, intervalDots, panel, zeroLine} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "effects">;

interface ForestRow {
  key: string;
  label: string;
  corpus: string;
  axis: string;
  /** Pooled rows head their group. */
  pooled: boolean;
}

interface ForestDatum extends IntervalDatum {
  row: string;
  effect: EffectRow;
}

const ROW_HEIGHT = 16;

/** Effects of every selected arm in every setting. Empty data give a figure that says so. */
export function effectsForest(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const title = `Difference to label only in ${measureOf(selection.measure).title.toLowerCase()}`;
  const rows = forestRows(cubes, selection, isNarrow(options));
  const data = forestData(cubes, options, rows);
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No arm of this order and loss reduction was trained beside label-only."
    });
  const modes = selectedArms(selection, study)
    .map(({mode}) => mode)
    .filter((mode) => data.some((d) => d.mode === mode));
  const all = (data.find(({row}) => row === rows[0]!.key) ?? data[0]!).effect;
  const seed = selection.seed;
  return frame({
    width,
    document,
    title,
    subtitle: `${effectUnitOf(selection.measure) || "difference"}; pooled row: ${sampleNote(cubes, seed, all.n, all.dialogues)}`,
    keys:
      seed === "all"
        ? [
            {text: "interval excludes zero", sign: "filled"},
            {text: "interval holds zero", sign: "hollow"}
          ]
        : [],
    note: `${intervalNote(seed)} Counts are of settings; open: the interval holds zero. One scale for all modes, orders and reductions.`,
    alt: altText(cubes, selection, data, modes, rows[0]!),
    panels: [{svg: forestPanel(cubes, options, {rows, data, modes})}]
  });
}

/** Pooled row first, then each corpus: its pooled row and its axes. On a narrow page, pooled rows only. */
function forestRows({study}: Cubes, {corpus, axis}: Selection, narrow: boolean): ForestRow[] {
  const corpora = ["all", ...study.corpora.map(({id}) => id)].filter(
    (id) => corpus === "all" || id === "all" || id === corpus
  );
  const row = (corpusId: string, axisId: string, pooled: boolean): ForestRow => ({
    key: `${corpusId} ${axisId}`,
    label: pooled ? corpusTitle(study, corpusId) : axisTitle(study, axisId),
    corpus: corpusId,
    axis: axisId,
    pooled
  });
  return corpora.flatMap((id) => {
    if (axis !== "all") return [row(id, axis, true)];
    const axes = narrow && corpus === "all" ? [] : study.axes.map((each) => row(id, each.id, false));
    return [row(id, "all", true), ...axes];
  });
}

function forestData(
  {study, effects}: Cubes,
  {selection, link}: FigureOptions,
  rows: ForestRow[]
): ForestDatum[] {
  const modeOf = new Map(selectedArms(selection, study).map(({id, mode}) => [id, mode]));
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const scale = shownScale(selection.measure);
  return effects.flatMap((effect) => {
    const row = rowOf.get(`${effect.corpus} ${effect.axis}`);
    const mode = modeOf.get(effect.arm);
    if (
      !row ||
      !mode ||
      effect.measure !== selection.measure ||
      effect.seed !== selection.seed ||
      effect.effect === null
    )
      return [];
    const {low, high} = effect;
    return {
      mode,
      row: row.key,
      effect,
      value: effect.effect * scale,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      filled: low === null || high === null || low > 0 || high < 0,
      r: row.pooled ? 5 : 3.75,
      href: link?.({arm: effect.arm, corpus: effect.corpus, axis: effect.axis}),
      title: titleOf(effect, mode, corpusTitle(study, effect.corpus), axisTitle(study, effect.axis))
    };
  });
}

function titleOf(effect: EffectRow, mode: Mode, corpus: string, axis: string): string {
  const interval = formatEffectInterval(effect.low, effect.high, effect.measure);
  return (
    `${MODE_LOOKS[mode].title} · ${corpus} · ${axis}\n${formatEffect(effect.measure, effect.effect)} ${interval}\n` +
    `${formatCount(effect.gained)} gained, ${formatCount(effect.lost)} lost; n = ${formatCount(effect.n)}, ${formatCount(effect.dialogues)} dialogues`
  );
}

/** The scale holds every arm's intervals in the rows shown, so that flipping a toggle keeps it. */
function sharedDomain({effects}: Cubes, {measure}: Selection, rows: ForestRow[]): [number, number] {
  const keys = new Set(rows.map(({key}) => key));
  const shown = effects.filter((row) => row.measure === measure && keys.has(`${row.corpus} ${row.axis}`));
  const scale = shownScale(measure);
  return domainOf(
    shown.flatMap(({effect, low, high}) =>
      [effect, low, high].map((value) => (value === null ? null : value * scale))
    ),
    {through: 0}
  );
}

function forestPanel(
  cubes: Cubes,
  options: FigureOptions,
  {rows, data, modes}: {rows: ForestRow[]; data: ForestDatum[]; modes: Mode[]}
): SVGSVGElement {
  const {selection, width, document} = options;
  const narrow = isNarrow(options);
  const labels = new Map(rows.map(({key, label}) => [key, label]));
  const facet = narrow ? {fy: (d: ForestDatum) => d.mode} : {fx: (d: ForestDatum) => d.mode};
  const headFacet = narrow ? {fy: (mode: Mode) => mode} : {fx: (mode: Mode) => mode};
  const axisText = {
    tickSize: 0,
    tickPadding: 8,
    tickFormat: (key: string) => labels.get(key) ?? key,
    label: null
  };
  const domain = withGaps(rows);
  const height = domain.length * ROW_HEIGHT;
  const better = measureOf(selection.measure).better;
  return panel(
    {
      width,
      height: narrow ? modes.length * (height + 44) + 44 : height + 92,
      marginLeft: narrow ? 122 : 142,
      marginRight: 8,
      marginTop: narrow ? 34 : 46,
      marginBottom: 40,
      x: {domain: sharedDomain(cubes, selection, rows), label: null},
      y: {domain, padding: 0.1},
      fx: {domain: modes, padding: 0.06, axis: null},
      fy: {domain: modes, padding: narrow ? 44 / (height + 44) : 0, axis: null},
      marks: [
        gridX(narrow ? 5 : 4),
        zeroLine(),
        Plot.axisY(
          rows.filter(({pooled}) => pooled).map(({key}) => key),
          {...axisText, fontWeight: 600, ...(narrow ? {} : {facetAnchor: "left"})}
        ),
        Plot.axisY(
          rows.filter(({pooled}) => !pooled).map(({key}) => key),
          {...axisText, fill: MUTED, ...(narrow ? {} : {facetAnchor: "left"})}
        ),
        Plot.axisX({ticks: narrow ? 5 : 4, tickSize: 0, label: null, fill: MUTED}),
        ...intervalDots(data, {y: ({row}) => row, ...facet}),
        Plot.text(modes, {
          ...headFacet,
          text: (mode: Mode) => MODE_LOOKS[mode].title,
          fill: (mode: Mode) => modeTextColor(mode),
          fontWeight: 600,
          fontSize: 13,
          frameAnchor: "top-left",
          dy: narrow ? -20 : -32,
          className: "mode"
        }),
        Plot.text(modes, {
          ...headFacet,
          text: (mode: Mode) => tally(data, mode, better),
          fill: MUTED,
          fontSize: 11.5,
          frameAnchor: narrow ? "top-right" : "top-left",
          textAnchor: narrow ? "end" : "start",
          dy: narrow ? -20 : -16,
          className: "tally"
        }),
        Plot.text([directionText(better)], {
          frameAnchor: "bottom",
          dy: 34,
          fill: MUTED,
          fontSize: 12,
          facet: "super",
          className: "direction"
        })
      ]
    },
    document
  );
}

/** Keys of the rows from top to bottom, with an empty row above every group that has axes under it. */
function withGaps(rows: ForestRow[]): string[] {
  const grouped = rows.some(({pooled}) => !pooled);
  return rows.flatMap(({key, pooled}, i) => (grouped && pooled && i > 0 ? [`gap ${key}`, key] : [key]));
}

function directionText(better: string): string {
  return better === "higher"
    ? "← worse than label only · better →"
    : better === "lower"
      ? "← better than label only · worse →"
      : "difference to label only";
}

/** `8 better · 9 open · 1 worse`, over single settings. */
function tally(data: ForestDatum[], mode: Mode, better: string): string {
  const {above, around, below} = countSigns(data, mode);
  const [good, bad] = better === "higher" ? [above, below] : [below, above];
  return above + around + below === 0 ? "" : `${good} better · ${around} open · ${bad} worse`;
}

/** How many settings of a mode have an interval above, around and below zero. */
export function countSigns(
  data: Pick<ForestDatum, "mode" | "effect">[],
  mode: Mode
): {above: number; around: number; below: number} {
  const single = data.filter(
    ({mode: of, effect}) =>
      of === mode && effect.corpus !== "all" && effect.axis !== "all" && effect.low !== null
  );
  const above = single.filter(({effect}) => effect.low! > 0).length;
  const below = single.filter(({effect}) => effect.high! < 0).length;
  return {above, around: single.length - above - below, below};
}

function altText(
  {study}: Cubes,
  selection: Selection,
  data: ForestDatum[],
  modes: Mode[],
  first: ForestRow
): string {
  const parts = modes.map((mode) => {
    const pooled = data.find((d) => d.mode === mode && d.row === first.key)?.effect;
    const {above, around, below} = countSigns(data, mode);
    const signs =
      above + around + below === 0
        ? ""
        : `, above zero in ${above} settings, around it in ${around}, below in ${below}`;
    return pooled
      ? `${MODE_LOOKS[mode].title}: ${formatEffect(selection.measure, pooled.effect)} ${formatEffectInterval(pooled.low, pooled.high, selection.measure)}${signs}`
      : "";
  });
  const scope = `${corpusTitle(study, first.corpus)}, ${axisTitle(study, first.axis).toLowerCase()}`;
  return `${scope}: ${parts.filter((part) => part !== "").join("; ")}.`;
}
