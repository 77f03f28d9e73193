/** Must the reason mean anything: every other mode against the explanation, of the same order and loss reduction. */
import * as Plot from "@observablehq/plot";
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {EffectRow} from "../core/cubes.js";
import {effectUnitOf, formatCount, formatEffectInterval, shownScale} from "../core/format.js";
import {formatEffect, measureOf} from "../core/measures.js";
import {MODE_LOOKS, recipeTitle} from "../core/palette.js";
import {isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {MUTED, domainOf, gridX, intervalDots, panel, zeroLine} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "effects">;
type Versus = IntervalDatum & {recipe: string; effect: EffectRow};

/** Pooled differences to the explanation arm, one panel for each order and loss reduction. */
export function versusExplanation(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = `Difference to the real explanation in ${measureOf(selection.measure).title.toLowerCase()}`;
  const data = versusData(cubes, options);
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason:
        "This needs the explanation arm and another of the same order and loss reduction, and the mean over seeds."
    });
  const first = data[0]!.effect;
  return frame({
    width,
    document,
    title,
    subtitle: `${[effectUnitOf(selection.measure), scopeTitle(cubes, selection)].filter(Boolean).join("; ")}; ${sampleNote(cubes, "all", first.n, first.dialogues)}`,
    keys: [
      {text: "interval excludes zero", sign: "filled"},
      {text: "interval holds zero", sign: "hollow"}
    ],
    note: "Zero is the explanation itself. Lines: 95 % intervals, dialogues resampled. An interval that holds zero does not show that the two are equal: read its width.",
    alt: `${data.map(({mode, recipe, effect}) => `${MODE_LOOKS[mode].title} (${recipe}): ${formatEffect(effect.measure, effect.versus_explanation ?? null)} ${formatEffectInterval(effect.versus_explanation_low ?? null, effect.versus_explanation_high ?? null, effect.measure)}`).join("; ")}.`,
    panels: [{svg: versusPanel(options, data)}]
  });
}

function versusData({study, effects}: Cubes, {selection, link}: FigureOptions): Versus[] {
  const scale = shownScale(selection.measure);
  return study.arms.flatMap(({id, mode, order, reduction}) => {
    const effect = effects.find(
      (row) =>
        row.arm === id &&
        row.seed === "all" &&
        row.measure === selection.measure &&
        row.corpus === selection.corpus &&
        row.axis === selection.axis
    );
    if (mode === "explanation" || !selection.modes.includes(mode) || effect?.versus_explanation == null)
      return [];
    const {
      versus_explanation: value,
      versus_explanation_low: low = null,
      versus_explanation_high: high = null
    } = effect;
    const recipe = recipeTitle({order, reduction}, study.arms);
    return {
      mode,
      recipe,
      effect,
      value: value * scale,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      filled: low === null || high === null || low > 0 || high < 0,
      href: link?.({arm: id}),
      title: `${MODE_LOOKS[mode].title} against explanation · ${recipe}\n${formatEffect(effect.measure, value)} ${formatEffectInterval(low, high, effect.measure)}\nn = ${formatCount(effect.n)}, ${formatCount(effect.dialogues)} dialogues`
    };
  });
}

function versusPanel(options: FigureOptions, data: Versus[]): SVGSVGElement {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const recipes = [...new Set(data.map(({recipe}) => recipe))];
  const modes = MODES.filter((mode) => data.some((d) => d.mode === mode));
  const height = modes.length * 26;
  const facet = (narrow ? {fy: (d: Versus) => d.recipe} : {fx: (d: Versus) => d.recipe}) as {
    fx?: (d: Versus) => string;
  };
  const head = narrow ? {fy: (d: string) => d} : {fx: (d: string) => d};
  return panel(
    {
      width,
      height: narrow ? recipes.length * (height + 34) + 34 : height + 60,
      marginLeft: narrow ? 122 : 142,
      marginRight: 12,
      marginTop: 28,
      marginBottom: 26,
      x: {
        domain: domainOf(
          data.flatMap(({value, low, high}) => [value, low, high]),
          {through: 0}
        ),
        label: null
      },
      y: {domain: modes, padding: 0.2},
      fx: {domain: recipes, padding: 0.1, axis: null},
      fy: {domain: recipes, padding: narrow ? 34 / (height + 34) : 0, axis: null},
      marks: [
        gridX(4),
        zeroLine(),
        Plot.axisY({
          tickSize: 0,
          tickPadding: 10,
          label: null,
          tickFormat: (mode: Mode) => MODE_LOOKS[mode].title,
          ...(narrow ? {} : {facetAnchor: "left"})
        }),
        Plot.axisX({ticks: 4, tickSize: 0, label: null, fill: MUTED}),
        Plot.text(recipes, {
          ...head,
          text: (d: string) => d.charAt(0).toUpperCase() + d.slice(1),
          fontWeight: 600,
          fontSize: 13,
          frameAnchor: "top-left",
          dy: -18,
          className: "recipe"
        }),
        ...intervalDots(data, {y: ({mode}) => mode, ...facet})
      ]
    },
    document
  );
}
