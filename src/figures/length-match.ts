/** How well lengths were matched: mean tokens of each mode's text beside those of the explanation it replaces. */
import {MODES} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber, formatSigned} from "../core/format.js";
import {budgetTitle, MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {ZERO, intervalPanels} from "./interval-panels.js";
import {domainOf} from "./marks.js";

/** Residual tokens a mode: zero is a perfect match. */
export function lengthMatch({study}: Pick<AllCubes, "study">, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "How well the lengths are matched";
  // A mode's text is as long in every order and loss reduction, and listed once for each.
  const data = MODES.filter((mode) => selection.modes.includes(mode)).flatMap((mode) => {
    const found = study.lengths.find(
      ({mode: name, tokens = ""}) => name === mode && tokens === selection.tokens
    );
    if (!found) return [];
    const value = found.mode_tokens - found.explanation_tokens;
    const said = `${formatNumber(found.mode_tokens, 2)} tokens against ${formatNumber(found.explanation_tokens, 2)}`;
    const text = formatSigned(value, 2);
    const name = MODE_LOOKS[mode].title;
    return [
      {
        ...{mode, column: "", row: mode, value, low: null, high: null, text},
        alt: `${name}: ${said}, ${text}`,
        title: `${name}\n${said}: ${text} tokens`
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
  const most = Math.max(...data.map(({value}) => Math.abs(value)));
  const svg = intervalPanels({
    width,
    document,
    stacked: false,
    columns: [{key: "", references: [ZERO]}],
    rows: data.map(({mode}) => ({
      key: mode,
      label: MODE_LOOKS[mode].title,
      color: modeTextColor(mode)
    })),
    data,
    domain: most === 0 ? [-1, 1] : domainOf([-most, most], {pad: 0.1}),
    marginRight: isNarrow(options) ? 52 : 60,
    footer: ["← shorter than the explanation", "longer →"]
  });
  return frame({
    width,
    document,
    title,
    subtitle: `mean tokens of the mode’s text less those of the explanation, over training rows; budget: ${budgetTitle(selection.tokens || study.tokens_budget)}`,
    alt: `${data.map(({alt}) => alt).join("; ")}.`,
    panels: [{svg}]
  });
}
