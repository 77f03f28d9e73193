/** How well lengths were matched: mean tokens of each mode's text beside those of the explanation it replaces. */
import * as Plot from "@observablehq/plot";
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber, formatSigned} from "../core/format.js";
import {budgetTitle, MODE_LOOKS} from "../core/palette.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {MUTED, domainOf, gridX, intervalDots, panel, zeroLine} from "./marks.js";

/** Residual tokens a mode: zero is a perfect match. */
export function lengthMatch({study}: Pick<AllCubes, "study">, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "How well the lengths are matched";
  const data = study.lengths.flatMap(({mode: name, tokens = "", explanation_tokens, mode_tokens}) => {
    const mode = MODES.find((known) => known === name);
    if (!mode || mode === "label-only" || !selection.modes.includes(mode)) return [];
    if (tokens !== selection.tokens) return [];
    const value = mode_tokens - explanation_tokens;
    const said = `${formatNumber(mode_tokens, 2)} tokens against ${formatNumber(explanation_tokens, 2)}`;
    return [
      {
        mode,
        value,
        low: null,
        high: null,
        said,
        title: `${MODE_LOOKS[mode].title}\n${said}: ${formatSigned(value, 2)} tokens`
      }
    ];
  });
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No mode shown was trained with texts of this budget."
    });
  const narrow = isNarrow(options);
  const svg = panel(
    {
      width,
      height: data.length * 24 + 34,
      marginLeft: narrow ? 130 : 142,
      marginRight: 60,
      marginTop: 6,
      marginBottom: 26,
      x: {
        domain: domainOf(
          data.map(({value}) => value),
          {through: 0, pad: 0.1}
        ),
        label: null
      },
      y: {domain: data.map(({mode}) => mode), padding: 0.2, label: null},
      marks: [
        gridX(narrow ? 3 : 7),
        zeroLine(),
        Plot.axisY({
          tickSize: 0,
          tickPadding: 10,
          label: null,
          tickFormat: (mode: Mode) => MODE_LOOKS[mode].title
        }),
        Plot.axisX({ticks: narrow ? 3 : 7, tickSize: 0, label: null, fill: MUTED}),
        ...intervalDots(data, {y: ({mode}) => mode}),
        Plot.text(data, {
          y: "mode",
          text: ({value}: {value: number}) => formatSigned(value, 2),
          frameAnchor: "right",
          textAnchor: "start",
          dx: 12,
          fill: MUTED,
          className: "number"
        })
      ]
    },
    document
  );
  return frame({
    width,
    document,
    title,
    subtitle: `mean tokens of the mode’s text less those of the explanation, over training rows; budget: ${budgetTitle(selection.tokens || study.tokens_budget)}`,
    alt: `${data.map(({mode, said, value}) => `${MODE_LOOKS[mode].title}: ${said}, ${formatSigned(value, 2)}`).join("; ")}.`,
    panels: [{svg}]
  });
}
