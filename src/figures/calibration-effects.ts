/** Differences to label-only in calibration errors: the answer to whether an arm is better calibrated. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {EffectRow, MeasureId} from "../core/cubes.js";
import {rowsWhere} from "../core/cube-index.js";
import {formatCount, formatEffectInterval, shownScale} from "../core/format.js";
import {shownInterval} from "../core/intervals.js";
import {formatEffect, largestEffect, measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms, type Selection, type StudyArm} from "../core/selection.js";
import type {Interval} from "../core/statistics/cluster-bootstrap.js";
import {isNarrow, sampleNote, scopeTitle, type FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {ZERO_KEYS, cutNote, shownIntervalNote} from "./interval-note.js";
import {ZERO, intervalPanels, type PlacedDatum} from "./interval-panels.js";
import {boundedDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "effects">;
type ErrorDatum = PlacedDatum & {effect: EffectRow};

const TITLE = "Difference to label only in calibration error";
/** Without bins to choose first. */
const ERRORS: MeasureId[] = ["smooth_ece", "ece", "ece_mass"];

/** One panel an error, one row an arm; left of zero an arm is better calibrated. */
export function calibrationEffects(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const arms = selectedArms(selection, study).filter(({mode}) => mode !== "label-only");
  const data = arms.flatMap((arm) => ERRORS.flatMap((measure) => datumOf(cubes, options, arm, measure)));
  const first = data[0]?.effect;
  if (!first)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason:
        selection.modes.length === 0
          ? ALL_HIDDEN
          : "No arm shown has a calibration error beside label only in this selection."
    });
  const columns = ERRORS.filter((measure) => data.some(({column}) => column === measure));
  const domain = domainOf(cubes, options, columns);
  const known = data.some(({low}) => low !== null);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `${recipeTitle(selection, study.arms)}; ${scopeTitle(cubes, selection)}; ${sampleNote(cubes, selection.seed, first.n, first.dialogues)}`,
    keys: known ? ZERO_KEYS : [],
    note: [
      shownIntervalNote(study, selection, known),
      cutNote(data, domain, options),
      "Part of a difference may be bias: an arm whose confidences spread wider has the larger error in small samples."
    ]
      .filter(Boolean)
      .join(" "),
    alt: altText(data, columns, selection),
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: isNarrow(options),
          data,
          domain,
          rows: arms.map(({mode}) => ({
            key: mode,
            label: MODE_LOOKS[mode].title,
            color: modeTextColor(mode)
          })),
          columns: columns.map((measure) => ({
            key: measure,
            title: measureOf(measure).title,
            references: [ZERO]
          })),
          footer: "← better calibrated than label only · worse →"
        })
      }
    ]
  });
}

function datumOf(
  {effects}: Cubes,
  {selection, link}: FigureOptions,
  {id, mode}: StudyArm,
  measure: MeasureId
): ErrorDatum[] {
  const {corpus, axis, seed} = selection;
  const effect = rowsWhere(effects, {arm: id, measure, corpus, axis, seed})[0];
  if (!effect || effect.effect === null) return [];
  const scale = shownScale(measure);
  const {low, high} = shownInterval(effect, selection);
  return [
    {
      effect,
      mode,
      column: measure,
      row: mode,
      value: effect.effect * scale,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      filled: low === null || high === null || low > 0 || high < 0,
      href: link?.({arm: id}),
      title:
        `${MODE_LOOKS[mode].title} · ${measureOf(measure).title}\n` +
        `${sizeOf(effect, {low, high})}\nn = ${formatCount(effect.n)}, ${formatCount(effect.dialogues)} dialogues`
    }
  ];
}

function sizeOf({measure, effect}: EffectRow, {low, high}: Interval): string {
  return `${formatEffect(measure, effect)} ${formatEffectInterval(low, high, measure)}`.trim();
}

/** Of every arm and seed in the cell, so that toggles leave it as it is. */
function domainOf(
  {effects}: Cubes,
  {selection: {corpus, axis}}: FigureOptions,
  measures: MeasureId[]
): [number, number] {
  const rows = measures.flatMap((measure) => [...rowsWhere(effects, {measure, corpus, axis})]);
  const [first] = measures as [MeasureId, ...MeasureId[]];
  return boundedDomain(rows, ({effect}) => effect, {
    scale: shownScale(first),
    through: 0,
    most: largestEffect(first)
  });
}

function altText(data: ErrorDatum[], measures: MeasureId[], selection: Selection): string {
  const said = measures.map((measure) => {
    const own = data.filter(({column}) => column === measure);
    const arms = own.map(
      ({mode, effect}) => `${MODE_LOOKS[mode].title} ${sizeOf(effect, shownInterval(effect, selection))}`
    );
    return `${measureOf(measure).title}: ${arms.join(", ")}`;
  });
  return `${said.join("; ")}. Below zero an arm is better calibrated than label only.`;
}
