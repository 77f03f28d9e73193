/** The ladder of levels: one row a mode from label-only away from meaning, one panel for each order and loss reduction. */
import {MODES} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
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
import {shownInterval} from "../core/intervals.js";
import {formatMeasure, measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeColor, modeTextColor, recipeTitle} from "../core/palette.js";
import type {Selection, StudyArm} from "../core/selection.js";
import {bestShortcut} from "./best-shortcut.js";
import {isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {shownIntervalNote} from "./interval-note.js";
import {absentText} from "./rows-by-arm.js";
import {intervalPanels} from "./interval-panels.js";
import type {PlacedDatum, Reference} from "./interval-panels.js";
import {steadyDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "levels">;
type Rung = PlacedDatum & {level: LevelRow};

/** Levels of all modes under every order and reduction that was trained, on one scale. */
export function levelsLadder(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {measure, corpus, axis} = selection;
  const {title} = measureOf(measure);
  const rungs = rungsOf(cubes, options);
  if (rungs.length === 0)
    return emptyFigure({width, document, title, reason: "No arm has this measure in this selection."});
  const baseline = bestShortcut(cubes, selection);
  const {level} = rungs[0]!;
  const recipes = [...new Set(rungs.map(({column}) => column))];
  const known = rungs.some(({low}) => low !== null);
  return frame({
    width,
    document,
    title: `${title} by mode, under each order and loss reduction`,
    subtitle: `${[unitOf(selection.measure), scopeTitle(cubes, selection)].filter(Boolean).join("; ")}; ${sampleNote(cubes, selection.seed, level.n, level.dialogues)}`,
    keys: [
      {text: "label only", sign: "solid"},
      ...(baseline ? [{text: `best shortcut: ${baseline.text}`, sign: "dashed" as const}] : [])
    ],
    note: `${shownIntervalNote(cubes.study, selection, known)} Label-only is the same in every panel: order and reduction coincide without an explanation.`,
    alt: altText(rungs, selection, baseline?.text),
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: isNarrow(options),
          columns: recipes.map((key) => ({
            key,
            title: capitalised(key),
            references: references(rungs, key, baseline)
          })),
          rows: MODES.filter((mode) => rungs.some((rung) => rung.mode === mode)).map((key) => ({
            key,
            label: MODE_LOOKS[key].title,
            color: modeTextColor(key)
          })),
          data: rungs,
          domain: steadyDomain(
            rowsWhere(cubes.levels, {kind: "arm", measure, corpus, axis}),
            ({value}) => value,
            {
              scale: shownScale(measure),
              through: baseline?.value
            }
          ),
          marginRight: 46,
          absent: absentText(cubes, selection),
          footer: unitOf(measure) ? `${title}, ${unitOf(measure)}` : title
        })
      }
    ]
  });
}

function references(rungs: Rung[], recipe: string, baseline: {value: number} | undefined): Reference[] {
  const labelOnly = rungs.find(({mode, column}) => mode === "label-only" && column === recipe);
  return [
    ...(baseline ? [{x: baseline.value, dashed: true, name: "baseline"}] : []),
    ...(labelOnly ? [{x: labelOnly.value, color: modeColor("label-only"), name: "label-only"}] : [])
  ];
}

/** Label-only stands in every panel, as the rung that the others are read against. */
function rungsOf({study, levels}: Cubes, {selection, link}: FigureOptions): Rung[] {
  const {measure, seed, corpus, axis} = selection;
  const arms = study.arms.filter(
    ({mode, tokens = ""}) =>
      mode === "label-only" || (tokens === selection.tokens && selection.modes.includes(mode))
  );
  const recipeOf = (arm: StudyArm) => recipeTitle(arm, study.arms);
  const recipes = [...new Set(arms.filter(({mode}) => mode !== "label-only").map(recipeOf))];
  const scale = shownScale(measure);
  return arms.flatMap((arm) => {
    const level = rowsWhere(levels, {system: arm.id, kind: "arm", measure, seed, corpus, axis})[0];
    if (!level || level.value === null) return [];
    const {low, high} = shownInterval(level, selection);
    const value = level.value * scale;
    const ofRecipes =
      arm.mode === "label-only" ? (recipes.length > 0 ? recipes : ["label only"]) : [recipeOf(arm)];
    return ofRecipes.map((column) => ({
      column,
      level,
      mode: arm.mode,
      row: arm.mode,
      value,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      href: link?.({arm: arm.id}),
      text: scale === 100 ? formatNumber(value, 1) : formatCell(level.value, measure),
      title: `${MODE_LOOKS[arm.mode].title} · ${column}\n${formatMeasure(measure, level.value)} ${formatLevelInterval(low, high, measure)}\nn = ${formatCount(level.n)}`
    }));
  });
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function altText(rungs: Rung[], selection: Selection, baseline: string | undefined): string {
  const said = new Set<string>();
  const parts = rungs.flatMap(({mode, column, level}) => {
    const name = mode === "label-only" ? "Label only" : `${MODE_LOOKS[mode].title} (${column})`;
    if (said.has(name)) return [];
    said.add(name);
    const {low, high} = shownInterval(level, selection);
    const {measure, value} = level;
    return [`${name}: ${formatMeasure(measure, value)} ${formatLevelInterval(low, high, measure)}`.trim()];
  });
  return `${parts.join("; ")}.${baseline ? ` Best shortcut baseline: ${baseline}.` : ""}`;
}
