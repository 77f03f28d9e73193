/** The forest of effects: one row a setting, one panel a mode, differences to label-only on a zero line. */
import type {Mode} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {AcrossRow, EffectRow} from "../core/cubes.js";
import {effectUnitOf, formatCount, formatEffectInterval, shownScale} from "../core/format.js";
import {shownInterval} from "../core/intervals.js";
import {formatEffect, gainSign, largestEffect, measureOf} from "../core/measures.js";
import {noiseFloors} from "../core/noise-floor.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {Selection, StudyArm} from "../core/selection.js";
import {settingsIn} from "../core/sentences/phrases.js";
import {WIDTHS, axisTitle, corpusTitle, isNarrow, sampleNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {forestRows} from "./forest-rows.js";
import type {ForestRow} from "./forest-rows.js";
import {emptyFigure, frame} from "./frame.js";
import {ZERO_KEYS, cutNote, shownIntervalNote} from "./interval-note.js";
import {ZERO, intervalPanels} from "./interval-panels.js";
import type {PlacedDatum} from "./interval-panels.js";
import {RADIUS} from "./marks.js";
import type {RowBand} from "./row-bands.js";
import {boundedDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "effects" | "across"> & Partial<Pick<AllCubes, "noise">>;

/** Room that a panel needs beside others, and the rows' names beside them, in pixels. */
const [BESIDE, GUTTER] = [110, 140];

interface ForestDatum extends PlacedDatum {
  corpus: string;
  axis: string;
  /** Absent for means of settings. */
  effect?: EffectRow;
}

/** Effects of every selected arm in every setting. Empty data give a figure that says so. */
export function effectsForest(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const title = `Difference to label only in ${measureOf(selection.measure).title.toLowerCase()}`;
  const rows = forestRows(cubes, selection, width < WIDTHS.middle);
  const arms = selectedArms(selection, study).filter(({mode}) => mode !== "label-only");
  const domain = forestDomain(cubes, selection, rows);
  const data = arms.flatMap((arm) => forestData(cubes, options, {arm, rows}));
  const first = data.find(({effect}) => effect)?.effect;
  if (!first)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No arm of this order and loss reduction was trained beside label-only."
    });
  const modes = arms.map(({mode}) => mode).filter((mode) => data.some((d) => d.mode === mode));
  const better = gainSide(selection.measure);
  const known = data.some(({low, effect}) => effect && low !== null);
  const bands = noiseBands(cubes, selection, rows);
  const columns = modes.map((mode) => ({
    key: mode,
    title: MODE_LOOKS[mode].title,
    color: modeTextColor(mode),
    note: tally(
      signsOf(
        cubes,
        selection,
        arms.find((arm) => arm.mode === mode)!
      ),
      better
    ),
    references: [ZERO]
  }));
  return frame({
    width,
    document,
    title,
    subtitle: `${effectUnitOf(selection.measure) || "difference"}; pooled row: ${sampleNote(cubes, selection.seed, first.n, first.dialogues)}`,
    keys: known ? ZERO_KEYS : [],
    note: [
      shownIntervalNote(study, selection, known),
      cutNote(data, domain, options),
      data.some(({thin}) => thin)
        ? "Mean of settings: random effects, for these trained models; its thin line is where the effect in a new setting would lie, 95\u00a0%."
        : "",
      bands.length > 0
        ? "Grey: the noise floor, within which the same job differs from itself when it is trained again."
        : "",
      columns.some(({note}) => note) ? "Counts are of settings; undecided: the interval holds zero." : "",
      "One scale for all modes, orders and reductions."
    ]
      .filter(Boolean)
      .join(" "),
    alt: altText(cubes, selection, data, {modes, arms, first: rows[0]!}),
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: isNarrow(options) && width < modes.length * BESIDE + GUTTER,
          rows,
          data,
          bands,
          domain,
          rowHeight: 16,
          columns,
          footer: directionText(better, effectUnitOf(selection.measure))
        })
      }
    ]
  });
}

function forestData(
  {study, effects, across}: Cubes,
  {selection, link}: FigureOptions,
  {arm, rows}: {arm: StudyArm; rows: ForestRow[]}
): ForestDatum[] {
  const {measure, seed} = selection;
  const cells = keyed(rowsWhere(effects, {arm: arm.id, seed, measure}));
  const means = keyed(rowsWhere(across, {arm: arm.id, measure}));
  const place = ({corpus, axis}: ForestRow) =>
    `${MODE_LOOKS[arm.mode].title} · ${corpusTitle(study, corpus)} · ${axisTitle(study, axis)}`;
  return rows.flatMap((row): ForestDatum[] => {
    const base = {mode: arm.mode, column: arm.mode, row: row.key, corpus: row.corpus, axis: row.axis};
    const at = `${row.corpus} ${row.axis}`;
    if (row.kind === "across") {
      const mean = means.get(at);
      return mean && mean.mean !== null ? [{...base, ...meanMark(mean, place(row))}] : [];
    }
    const effect = cells.get(at);
    if (!effect || effect.effect === null) return [];
    const href = link?.({arm: arm.id, corpus: row.corpus, axis: row.axis});
    return [
      {...base, ...effectMark(effect, selection, place(row)), effect, r: row.strong ? RADIUS : 3.25, href}
    ];
  });
}

/** As far as the same job differs from itself, where that was measured and is not nothing. */
function noiseBands({noise = []}: Cubes, {measure}: Selection, rows: ForestRow[]): RowBand[] {
  if (measure !== "accuracy" && measure !== "nll") return [];
  const scale = shownScale(measure);
  const floors = noiseFloors(noise, measure);
  return rows.flatMap(({key, corpus, axis, kind}) => {
    const floor = kind === "cell" ? (floors.get(`${corpus} ${axis}`) ?? 0) : 0;
    return floor > 0 ? [{row: key, low: -floor * scale, high: floor * scale}] : [];
  });
}

/** By `corpus axis`. */
function keyed<R extends {corpus: string; axis: string}>(rows: readonly R[]): Map<string, R> {
  return new Map(rows.map((row) => [`${row.corpus} ${row.axis}`, row]));
}

function effectMark(effect: EffectRow, selection: Selection, place: string) {
  const scale = shownScale(effect.measure);
  const {low, high} = shownInterval(effect, selection);
  return {
    value: effect.effect! * scale,
    low: scaled(low, scale),
    high: scaled(high, scale),
    filled: low === null || high === null || low > 0 || high < 0,
    title:
      `${place}\n${formatEffect(effect.measure, effect.effect)} ${formatEffectInterval(low, high, effect.measure)}\n` +
      `${formatCount(effect.gained)} gained, ${formatCount(effect.lost)} lost; n = ${formatCount(effect.n)}, ${formatCount(effect.dialogues)} dialogues`
  };
}

/** With few settings, both of its intervals can be wider than those of the settings. */
function meanMark(row: AcrossRow, place: string) {
  const {measure, mean, low, high, between, predicted_low, predicted_high} = row;
  const scale = shownScale(measure);
  const predicted = formatEffectInterval(predicted_low, predicted_high, measure);
  return {
    value: mean! * scale,
    low: scaled(low, scale),
    high: scaled(high, scale),
    filled: low === null || high === null || low > 0 || high < 0,
    r: 3.5,
    thin:
      predicted_low === null || predicted_high === null
        ? undefined
        : {low: predicted_low * scale, high: predicted_high * scale},
    title:
      `${place} · mean of ${row.settings} settings\n${formatEffect(measure, mean)} ${formatEffectInterval(low, high, measure)}\n` +
      `settings differ by a standard deviation of ${formatEffect(measure, between).replace("+", "")}` +
      (predicted ? `; a new setting: ${predicted}` : "")
  };
}

function scaled(value: number | null, scale: number): number | null {
  return value === null ? null : value * scale;
}

/** The scale holds every arm in the rows shown, but for the ends of intervals far wider than the rest. */
function forestDomain({effects}: Cubes, {measure}: Selection, rows: ForestRow[]): [number, number] {
  const keys = new Set(rows.map(({corpus, axis}) => `${corpus} ${axis}`));
  const shown = rowsWhere(effects, {measure}).filter(({corpus, axis}) => keys.has(`${corpus} ${axis}`));
  return boundedDomain(shown, ({effect}) => effect, {
    scale: shownScale(measure),
    through: 0,
    most: largestEffect(measure)
  });
}

/** The axis' title: what is on it, its unit, and which way is better. */
function directionText(better: string, unit: string): string {
  const what = unit || "difference";
  return better === "higher"
    ? `← worse · ${what} against label only · better →`
    : better === "lower"
      ? `← better · ${what} against label only · worse →`
      : `${what} against label only`;
}

/** Which way is better; `zero`, where neither is by itself. */
function gainSide(measure: Selection["measure"]): "higher" | "lower" | "zero" {
  const sign = gainSign(measure);
  return sign > 0 ? "higher" : sign < 0 ? "lower" : "zero";
}

/** Settings of an arm whose interval lies above, around and below zero. */
interface Signs {
  above: number;
  around: number;
  below: number;
}

/** `8 better · 10 undecided`, over single settings, what there is none of left out; where it is broken, after a dot. */
function tally({above, around, below}: Signs, better: "higher" | "lower" | "zero"): string {
  if (above + around + below === 0) return "";
  const said = {
    zero: [`${above} more`, `${around} undecided`, `${below} less`],
    higher: [`${above} better`, `${around} undecided`, `${below} worse`],
    lower: [`${below} better`, `${around} undecided`, `${above} worse`]
  }[better];
  return said
    .filter((part) => !part.startsWith("0 "))
    .map((part) => part.replace(" ", "\u00a0"))
    .join("\u00a0· ");
}

/** Over all settings of the selection, whether or not the drawing has a row for each. */
function signsOf({study, effects}: Cubes, selection: Selection, arm: StudyArm): Signs {
  const {measure, seed} = selection;
  const within = new Set(settingsIn(study, selection).map(({corpus, axis}) => `${corpus} ${axis}`));
  const ends = rowsWhere(effects, {arm: arm.id, seed, measure})
    .filter(({corpus, axis, effect}) => effect !== null && within.has(`${corpus} ${axis}`))
    .map((row) => shownInterval(row, selection))
    .filter(({low}) => low !== null);
  const above = ends.filter(({low}) => low! > 0).length;
  const below = ends.filter(({high}) => high! < 0).length;
  return {above, around: ends.length - above - below, below};
}

function altText(
  cubes: Cubes,
  selection: Selection,
  data: ForestDatum[],
  {modes, arms, first}: {modes: Mode[]; arms: StudyArm[]; first: ForestRow}
): string {
  const {study, across} = cubes;
  const {measure} = selection;
  const parts = modes.flatMap((mode) => {
    const pooled = data.find((d) => d.mode === mode && d.row === first.key)?.effect;
    if (!pooled) return [];
    const {low, high} = shownInterval(pooled, selection);
    const {above, around, below} = signsOf(
      cubes,
      selection,
      arms.find((arm) => arm.mode === mode)!
    );
    const signs =
      above + around + below === 0
        ? ""
        : `, above zero in ${above} settings, around it in ${around}, below in ${below}`;
    const mean = rowsWhere(across, {arm: pooled.arm, measure, corpus: first.corpus, axis: first.axis})[0];
    const settings =
      mean && mean.mean !== null && selection.seed === "all"
        ? `, mean of settings ${formatEffect(measure, mean.mean)} ${formatEffectInterval(mean.low, mean.high, measure)}`
        : "";
    const size = `${formatEffect(measure, pooled.effect)} ${formatEffectInterval(low, high, measure)}`.trim();
    return [`${MODE_LOOKS[mode].title}: ${size}${signs}${settings}`];
  });
  const scope = `${corpusTitle(study, first.corpus)}, ${axisTitle(study, first.axis).toLowerCase()}`;
  return `${scope}: ${parts.join("; ")}.`;
}
