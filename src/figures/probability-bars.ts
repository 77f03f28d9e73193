/** One example, every arm: label probabilities side by side, the gold label marked. */
import * as Plot from "@observablehq/plot";
import type {AllCubes} from "../core/cubes-reader.js";
import type {TestItem} from "../core/cubes.js";
import {formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {INK, MUTED, PAPER, RULE, panel} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "examples">;

interface Bar {
  arm: string;
  label: string;
  probability: number;
  color: string;
  /** Of the arm's name. */
  ink: string;
  gold: boolean;
  top: boolean;
}

const ROW_HEIGHT = 46;

/** Probabilities are means over seeds, renormalised over the labels. Arms follow the selection; `null` gives the empty state. */
export function probabilityBars(
  {study, examples}: Cubes,
  item: TestItem | null,
  options: FigureOptions
): SVGSVGElement {
  const {width, document, selection} = options;
  const title = "Probability of each label, by arm";
  const labels = item ? (study.axes.find(({id}) => id === item.axis)?.labels ?? []) : [];
  const arms = item
    ? selectedArms(selection, study).filter(({id}) => item.probabilities[examples.arms.indexOf(id)] != null)
    : [];
  if (!item || arms.length === 0)
    return emptyFigure({width, document, title, reason: "No example is chosen."});
  const bars = arms.flatMap(({id, mode}) => {
    const thousandths = item.probabilities[examples.arms.indexOf(id)]!;
    const highest = Math.max(...thousandths);
    return labels.map((label, i) => ({
      arm: MODE_LOOKS[mode].title,
      label,
      probability: (thousandths[i] ?? 0) / 1000,
      color: modeColor(mode),
      ink: modeTextColor(mode),
      gold: label === item.gold,
      top: thousandths[i] === highest
    }));
  });
  return frame({
    width,
    document,
    title,
    subtitle: `%; mean of ${study.seeds.length} seeds; gold label ${item.gold}, outlined`,
    alt: `Gold label ${item.gold}. ${arms
      .map(({mode}) =>
        sayArm(
          bars.filter(({arm}) => arm === MODE_LOOKS[mode].title),
          MODE_LOOKS[mode].title
        )
      )
      .join("; ")}.`,
    panels: [{svg: barsPanel(options, bars, labels)}]
  });
}

function sayArm(bars: Bar[], title: string): string {
  const top = bars.find((bar) => bar.top);
  const gold = bars.find((bar) => bar.gold);
  return `${title}: most likely ${top?.label} (${formatNumber((top?.probability ?? 0) * 100, 0)} %), gold ${formatNumber((gold?.probability ?? 0) * 100, 0)} %`;
}

function barsPanel(options: FigureOptions, bars: Bar[], labels: string[]): SVGSVGElement {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const arms = [...new Set(bars.map(({arm}) => arm))];
  const inks = new Map(bars.map(({arm, ink}) => [arm, ink]));
  const percent = ({probability}: Bar) => formatNumber(probability * 100, 0);
  return panel(
    {
      width,
      height: arms.length * ROW_HEIGHT + 40,
      marginLeft: narrow ? 122 : 142,
      marginRight: 4,
      marginTop: 18,
      marginBottom: 22,
      x: {domain: labels, padding: 0.18, label: null},
      y: {domain: [0, 1.3], axis: null},
      fy: {domain: arms, padding: 0.28, axis: null},
      marks: [
        Plot.ruleY(arms, {fy: (arm: string) => arm, y: () => 0, stroke: RULE}),
        Plot.barY(bars, {
          fy: "arm",
          x: "label",
          y: "probability",
          fill: "color",
          fillOpacity: (bar: Bar) => (bar.top ? 1 : 0.45),
          stroke: "color", // pale bars too stand out from the paper
          title: (bar: Bar) =>
            `${bar.arm} · label ${bar.label}${bar.gold ? " (gold)" : ""}\n${formatNumber(bar.probability * 100, 1)} %`,
          className: "bar"
        }),
        Plot.barY(
          bars.filter(({gold}) => gold),
          {
            fy: "arm",
            x: "label",
            y1: 0,
            y2: 1.3,
            fill: "none",
            stroke: INK,
            strokeWidth: 1.25,
            inset: -2,
            className: "gold"
          }
        ),
        Plot.text(bars, {
          fy: "arm",
          x: "label",
          y: "probability",
          text: percent,
          dy: -7,
          fontSize: 11.5,
          fill: MUTED,
          stroke: PAPER,
          strokeWidth: 3,
          className: "number"
        }),
        Plot.text(arms, {
          fy: (arm: string) => arm,
          text: (arm: string) => arm,
          frameAnchor: "left",
          textAnchor: "end",
          dx: -10,
          fill: (arm: string) => inks.get(arm)!,
          fontWeight: 600,
          className: "mode"
        }),
        Plot.axisX({tickSize: 0, label: null, fill: MUTED})
      ]
    },
    document
  );
}
