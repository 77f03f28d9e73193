/** The ladder: one row a mode from label-only away from meaning, one panel for each order and loss reduction. */
import * as Plot from "@observablehq/plot";
import {MODES} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LevelRow} from "../core/cubes.js";
import {
  formatCell,
  formatCount,
  formatLevelInterval,
  formatNumber,
  shownScale,
  unitOf
} from "../core/format.js";
import {formatMeasure, measureOf} from "../core/measures.js";
import {BASELINE_TITLES, MODE_LOOKS, modeColor, recipeTitle} from "../core/palette.js";
import type {StudyArm} from "../core/selection.js";
import {intervalNote, isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {INK, MUTED, domainOf, gridX, intervalDots, panel} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "levels">;

interface Rung extends IntervalDatum {
  recipe: string;
  level: LevelRow;
}

/** Levels of all modes under every order and reduction that was trained, on one scale. */
export function levelsLadder(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {title} = measureOf(selection.measure);
  const levels = cubes.levels.filter(
    (row) =>
      row.measure === selection.measure &&
      row.seed === selection.seed &&
      row.corpus === selection.corpus &&
      row.axis === selection.axis &&
      row.value !== null
  );
  const rungs = rungsOf(cubes, options, levels);
  if (rungs.length === 0)
    return emptyFigure({width, document, title, reason: "No arm has this measure in this selection."});
  const baseline = bestBaseline(cubes, options);
  return frame({
    width,
    document,
    title: `${title} by mode, under each order and loss reduction`,
    subtitle: `${[unitOf(selection.measure), scopeTitle(cubes, selection)].filter(Boolean).join("; ")}; ${sampleNote(cubes, selection.seed, rungs[0]!.level.n, rungs[0]!.level.dialogues)}`,
    keys: [
      {text: "label only", sign: "solid"},
      ...(baseline ? [{text: `best shortcut: ${baseline.text}`, sign: "dashed" as const}] : [])
    ],
    note: `${intervalNote(selection.seed)} Label-only is the same in every panel: order and reduction coincide without an explanation.`,
    alt: altText(rungs, selection.measure, baseline?.text),
    panels: [{svg: ladderPanel(cubes, options, rungs, baseline)}]
  });
}

/** Label-only stands in every panel, as the rung that the others are read against. */
function rungsOf({study}: Cubes, {selection, link}: FigureOptions, levels: LevelRow[]): Rung[] {
  const arms = study.arms.filter(({mode}) => mode === "label-only" || selection.modes.includes(mode));
  const recipeOf = (arm: StudyArm) => recipeTitle(arm, study.arms);
  const recipes = [...new Set(arms.filter(({mode}) => mode !== "label-only").map(recipeOf))];
  const scale = shownScale(selection.measure);
  return levels.flatMap((level) => {
    const arm = arms.find(({id}) => id === level.system);
    if (!arm || level.kind !== "arm") return [];
    const {low, high, value} = level;
    const shown = (arm.mode === "label-only" ? recipes : [recipeOf(arm)]).map((recipe) => ({
      recipe,
      level,
      mode: arm.mode,
      value: value! * scale,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      href: link?.({arm: arm.id}),
      title: `${MODE_LOOKS[arm.mode].title} · ${recipe}\n${formatMeasure(level.measure, value)} ${formatLevelInterval(low, high, level.measure)}\nn = ${formatCount(level.n)}`
    }));
    return shown;
  });
}

/** The best classifier that sees only a shortcut, in the selected cell. */
export function bestBaseline(
  {study, levels}: Cubes,
  {selection}: Pick<FigureOptions, "selection">
): {value: number; text: string} | undefined {
  const {better} = measureOf(selection.measure);
  const rows = levels.filter(
    (row) =>
      row.kind === "baseline" &&
      row.seed === "all" &&
      row.measure === selection.measure &&
      row.corpus === selection.corpus &&
      row.axis === selection.axis &&
      row.value !== null
  );
  rows.sort((a, b) => (better === "higher" ? b.value! - a.value! : a.value! - b.value!));
  const best = rows[0];
  const id = study.baselines.find((baseline) => baseline === best?.system);
  return best && id
    ? {
        value: best.value! * shownScale(selection.measure),
        text: `${BASELINE_TITLES[id].toLowerCase()}, ${formatMeasure(best.measure, best.value)}`
      }
    : undefined;
}

function ladderPanel(
  cubes: Cubes,
  options: FigureOptions,
  rungs: Rung[],
  baseline: {value: number} | undefined
): SVGSVGElement {
  const {selection, width, document} = options;
  const narrow = isNarrow(options);
  const recipes = [...new Set(rungs.map(({recipe}) => recipe))];
  const modes = MODES.filter((mode) => rungs.some((rung) => rung.mode === mode));
  const scale = shownScale(selection.measure);
  const domain = domainOf(
    cubes.levels
      .filter(
        ({measure, corpus, axis, kind}) =>
          kind === "arm" &&
          measure === selection.measure &&
          corpus === selection.corpus &&
          axis === selection.axis
      )
      .flatMap(({value, low, high}) =>
        [value, low, high].map((each) => (each === null ? null : each * scale))
      ),
    baseline ? {through: baseline.value} : {}
  );
  const height = modes.length * 26;
  const facet = narrow ? {fy: "recipe"} : {fx: "recipe"};
  const recipeFacet = narrow ? {fy: (d: string) => d} : {fx: (d: string) => d};
  const labelOnly = rungs.filter(({mode}) => mode === "label-only");
  const of = narrow ? {fy: (d: Rung) => d.recipe} : {fx: (d: Rung) => d.recipe};
  return panel(
    {
      width,
      height: narrow ? recipes.length * (height + 34) + 34 : height + 60,
      marginLeft: narrow ? 116 : 142,
      marginRight: narrow ? 44 : 46,
      marginTop: 28,
      marginBottom: 26,
      x: {domain, label: null},
      y: {domain: modes, padding: 0.2},
      fx: {domain: recipes, padding: 0.14, axis: null},
      fy: {domain: recipes, padding: narrow ? 34 / (height + 34) : 0, axis: null},
      marks: [
        gridX(4),
        ...(baseline
          ? [Plot.ruleX([baseline.value], {stroke: INK, strokeDasharray: "3,3", className: "baseline"})]
          : []),
        Plot.ruleX(labelOnly, {...facet, x: "value", stroke: modeColor("label-only"), strokeWidth: 1.5}),
        Plot.axisY({
          tickSize: 0,
          tickPadding: 10,
          label: null,
          tickFormat: (mode: keyof typeof MODE_LOOKS) => MODE_LOOKS[mode].title,
          ...(narrow ? {} : {facetAnchor: "left"})
        }),
        Plot.axisX({ticks: 4, tickSize: 0, label: null, fill: MUTED}),
        Plot.text(recipes, {
          ...recipeFacet,
          text: (d: string) => capitalised(d),
          fontWeight: 600,
          fontSize: 13,
          frameAnchor: "top-left",
          dy: -18,
          className: "recipe"
        }),
        ...intervalDots(rungs, {y: ({mode}) => mode, ...of}),
        Plot.text(rungs, {
          ...facet,
          y: "mode",
          text: (d: Rung) =>
            scale === 100 ? formatNumber(d.value, 1) : formatCell(d.level.value, selection.measure),
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          fill: MUTED,
          className: "number"
        })
      ]
    },
    document
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function altText(rungs: Rung[], measure: LevelRow["measure"], baseline: string | undefined): string {
  const said = new Set<string>();
  const parts = rungs.flatMap(({mode, recipe, level}) => {
    const name = mode === "label-only" ? "Label only" : `${MODE_LOOKS[mode].title} (${recipe})`;
    if (said.has(name)) return [];
    said.add(name);
    return [
      `${name}: ${formatMeasure(measure, level.value)} ${formatLevelInterval(level.low, level.high, measure)}`
    ];
  });
  return `${parts.join("; ")}.${baseline ? ` Best shortcut baseline: ${baseline}.` : ""}`;
}
