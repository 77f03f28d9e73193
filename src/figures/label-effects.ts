/** Which gold labels gain: differences to label-only in recall, one row a label, one panel a mode. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {Mode} from "../core/arms.js";
import type {IntervalKind, LabelEffectRow} from "../core/cubes.js";
import {formatCount, formatEffectInterval, formatNumber} from "../core/format.js";
import {intervalOf, kindAmong} from "../core/intervals.js";
import {formatEffect} from "../core/measures.js";
import {MODE_LOOKS, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";
import {axisTitle, corpusTitle, isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {ZERO_KEYS, cutNote, shownIntervalNote} from "./interval-note.js";
import {ZERO, intervalPanels} from "./interval-panels.js";
import type {PanelRow, PlacedDatum} from "./interval-panels.js";
import {boundedDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "labelEffects">;
type LabelDatum = PlacedDatum & {label: LabelEffectRow};

const TITLE = "Difference to label only in recall, by gold label";

/** Effects on recall of every label of the axes shown. Recall is a share, so effects are in points of accuracy. */
export function labelEffects(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const axes = study.axes.filter(({id}) => selection.axis === "all" || id === selection.axis);
  const shown = labelRows(cubes, options, new Set(axes.map(({id}) => id)));
  // Effects by label are over all seeds, whichever is chosen.
  const overAll = {...selection, seed: "all"};
  const interval = kindAmong(
    shown.map(({label}) => label.low_trainings),
    overAll
  );
  const data = shown.map((row) => labelDatum(cubes, options, row, interval));
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason:
        selection.modes.length === 0 ? ALL_HIDDEN : "These tables hold no recall by label for this selection."
    });
  const modes = [...new Set(data.map(({mode}) => mode))];
  const known = data.some(({low}) => low !== null);
  const domain = boundedDomain(
    shown.map(({label}) => label),
    ({effect}) => effect,
    {scale: 100, through: 0, most: 1}
  );
  const rows = axes.flatMap(({id, title, labels}) => [
    {key: `axis ${id}`, label: title, strong: true, gap: true},
    ...labels.map((label): PanelRow => ({key: `${id} ${label}`, label}))
  ]);
  const place =
    selection.corpus === "all" ? `all ${study.corpora.length} corpora` : corpusTitle(study, selection.corpus);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `points; ${place}; ${recipeTitle(selection, study.arms)}; mean over seeds, whichever seed is chosen`,
    keys: ZERO_KEYS,
    note: [
      shownIntervalNote(study, {...overAll, interval}, known),
      cutNote(data, domain, options),
      "A model that says one label more often gains recall there and loses it elsewhere: read all labels of an axis together."
    ]
      .filter(Boolean)
      .join(" "),
    alt: `${altText(cubes, selection, data)}${known ? ` Intervals ${intervalScope(study, {...overAll, interval})}.` : ""}`,
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: isNarrow(options),
          rows,
          data,
          rowHeight: 17,
          domain,
          columns: modes.map((mode) => ({
            key: mode,
            title: MODE_LOOKS[mode].title,
            color: modeTextColor(mode),
            references: [ZERO]
          })),
          footer: "← less · points of recall against label only · more →"
        })
      }
    ]
  });
}

interface ShownLabel {
  mode: Mode;
  label: LabelEffectRow;
}

/** Rows that have an effect, arm by arm. */
function labelRows(
  {study, labelEffects}: Cubes,
  {selection}: FigureOptions,
  axes: Set<string>
): ShownLabel[] {
  return selectedArms(selection, study).flatMap(({id, mode}) =>
    rowsWhere(labelEffects, {arm: id, corpus: selection.corpus})
      .filter(({axis, effect}) => effect !== null && axes.has(axis))
      .map((label) => ({mode, label}))
  );
}

const points = (share: number | null) => (share === null ? null : share * 100);

function labelDatum(
  {study}: Cubes,
  {link}: FigureOptions,
  {mode, label}: ShownLabel,
  kind: IntervalKind
): LabelDatum {
  const {arm, corpus, axis, effect} = label;
  const {low, high} = intervalOf(label, kind);
  return {
    label,
    mode,
    column: mode,
    row: `${axis} ${label.label}`,
    value: effect! * 100,
    low: points(low),
    high: points(high),
    filled: low === null || high === null || low > 0 || high < 0,
    r: 3.5,
    href: link?.({arm, corpus, axis}),
    title:
      `${MODE_LOOKS[mode].title} · ${axisTitle(study, axis)} ${label.label}\n${formatEffect("accuracy", effect)} ${formatEffectInterval(low, high, "accuracy")}\n` +
      `recall ${percent(label.recall)}, label only ${percent(label.base_recall)}; n = ${formatCount(label.n)}`
  };
}

function percent(share: number | null): string {
  return share === null ? "–" : `${formatNumber(100 * share, 1)} %`;
}

/** The labels that move most, a mode. */
function altText({study}: Cubes, {corpus}: Selection, data: LabelDatum[]): string {
  const parts = [...new Set(data.map(({mode}) => mode))].map((mode) => {
    const of = data.filter((datum) => datum.mode === mode);
    const sorted = [...of].sort((a, b) => a.value - b.value);
    const [least, most] = [sorted[0]!, sorted.at(-1)!];
    const told = of.filter(({low, filled}) => low !== null && filled).length;
    const say = ({label}: LabelDatum) =>
      `${axisTitle(study, label.axis)} ${label.label} ${formatEffect("accuracy", label.effect)}`;
    return `${MODE_LOOKS[mode].title}: from ${say(least)} to ${say(most)}, ${told} of ${of.length} labels told from zero`;
  });
  return `${corpusTitle(study, corpus)}: ${parts.join("; ")}.`;
}
