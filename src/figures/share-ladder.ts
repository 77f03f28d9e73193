/** How much of the explanation's gain each text keeps: from label-only, 0 %, to the real explanation, 100 %. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {EffectRow} from "../core/cubes.js";
import {formatCount, formatEffectInterval, formatShare} from "../core/format.js";
import {gainShares} from "../core/gain-shares.js";
import type {GainShare} from "../core/gain-shares.js";
import {shownInterval} from "../core/intervals.js";
import {formatEffect, measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeColor, modeTextColor, recipeTitle} from "../core/palette.js";
import {isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {intervalPanels} from "./interval-panels.js";
import type {PlacedDatum} from "./interval-panels.js";
import {domainOf} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "effects">;

/** Shares of the gain in the selected cell, order and reduction; where there is no gain, the figure says so. */
export function shareLadder(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study, effects} = cubes;
  const {selection, width, document} = options;
  const name = measureOf(selection.measure).title.toLowerCase();
  const title = `Share of the explanation’s gain in ${name} that each text keeps`;
  const found = gainShares(study, effects, selection);
  if (found.gain === null) return emptyFigure({width, document, title, reason: found.reason});
  const {gain, shares} = found;
  const rungs = rungsOf(options, gain, shares);
  const {low, high} = shownInterval(gain, selection);
  const gained = `${formatEffect(gain.measure, gain.effect)} ${formatEffectInterval(low, high, gain.measure)}`;
  const kept = shares.map(
    (each) => `${MODE_LOOKS[each.arm.mode].title.toLowerCase()} keeps ${formatShare(each)}`
  );
  return frame({
    width,
    document,
    title,
    subtitle: `% of the gain of ${gained}; ${recipeTitle(selection, study.arms)}; ${scopeTitle(cubes, selection)}; ${sampleNote(cubes, selection.seed, gain.n, gain.dialogues)}`,
    note:
      (shares.some((each) => each.low !== null)
        ? "Lines: 95\u00a0% intervals of the ratio of two paired effects (Fieller), over other dialogues, for these trained models."
        : "No intervals: they need the mean over seeds, and an order and loss reduction with an explanation arm.") +
      " Below 0\u00a0% a text does harm, above 100\u00a0% it does more than the explanation.",
    alt: `The explanation gains ${gained.trim()}. ${kept.length > 0 ? `Of this, ${kept.join(", ")}.` : "No other arm is shown."}`,
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: false,
          columns: [
            {
              key: "",
              references: [
                {x: 0, color: modeColor("label-only"), name: "nothing"},
                {x: 100, color: modeColor("explanation"), name: "everything"}
              ]
            }
          ],
          rows: rungs.map(({mode}) => ({
            key: mode,
            label: MODE_LOOKS[mode].title,
            color: modeTextColor(mode)
          })),
          data: rungs,
          domain: domainOf([0, 100, ...rungs.flatMap(({value, low: from, high: to}) => [value, from, to])], {
            pad: 0.03
          }),
          marginRight: isNarrow(options) ? 52 : 140
        })
      }
    ]
  });
}

function rungsOf({link, width}: FigureOptions, gain: EffectRow, shares: GainShare[]): PlacedDatum[] {
  const end = (mode: "label-only" | "explanation", value: number, title: string): PlacedDatum => ({
    ...{column: "", row: mode, mode, value, low: null, high: null, text: `${value} %`},
    title: `${MODE_LOOKS[mode].title}\n${title}`,
    ...(mode === "explanation" ? {href: link?.({arm: gain.arm})} : {})
  });
  return [
    end("label-only", 0, "no gain: 0 %"),
    ...shares.map((each): PlacedDatum => ({
      ...{column: "", row: each.arm.mode, mode: each.arm.mode, href: link?.({arm: each.arm.id})},
      value: each.share * 100,
      low: each.low === null ? null : each.low * 100,
      high: each.high === null ? null : each.high * 100,
      text: formatShare(isNarrow({width}) ? {share: each.share, low: null, high: null} : each),
      title:
        `${MODE_LOOKS[each.arm.mode].title}\n${formatShare(each)}: ${formatEffect(gain.measure, each.row.effect)} of ${formatEffect(gain.measure, gain.effect)}\n` +
        `n = ${formatCount(each.row.n)}, ${formatCount(each.row.dialogues)} dialogues`
    })),
    end("explanation", 100, `all of the gain, ${formatEffect(gain.measure, gain.effect)}: 100 %`)
  ];
}
