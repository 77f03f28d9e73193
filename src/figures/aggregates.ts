/** Aggregates that single outlying runs don't decide: interquartile mean, probability of improvement, profiles. */
import {scaleLinear} from "d3";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCounted, formatLevelInterval, formatNumber, shownScale, unitOf} from "../core/format.js";
import {formatMeasure, measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeTextColor, recipeTitle} from "../core/palette.js";
import type {Selection} from "../core/selection.js";
import {armAggregates} from "../core/setting-aggregates.js";
import type {Aggregate, ArmAggregates} from "../core/setting-aggregates.js";
import {FEW_SEEDS} from "../core/statistics/seed-bootstrap.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {intervalPanels} from "./interval-panels.js";
import type {PlacedDatum} from "./interval-panels.js";
import {domainOf} from "./marks.js";
import {profilePanel} from "./performance-profile.js";

type Cubes = Pick<AllCubes, "study" | "levels">;

/** Over settings × trainings, not over test rows: what another training in another setting may give. */
export function aggregates(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study, levels} = cubes;
  const {selection, width, document} = options;
  const title = `${measureOf(selection.measure).title} over settings and trainings, robust to single runs`;
  const data = armAggregates(levels, study, selection);
  const [settings = 0, seeds = 0] = [data[0]?.scores.length, data[0]?.scores[0]?.length];
  if (selection.modes.length === 0 || settings === 0 || seeds === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason:
        selection.modes.length === 0
          ? ALL_HIDDEN
          : "No setting has this measure for every arm shown and for a single training of each."
    });
  return frame({
    width,
    document,
    title,
    subtitle: `${formatCounted(settings, "setting")} × ${formatCounted(seeds, "training")} an arm; ${scopeTitle(cubes, selection)}; ${recipeTitle(selection, study.arms)}`,
    keys: seeds > 1 ? [{text: "one seed", sign: "tick"}] : [],
    note: noteOf(study, seeds),
    alt: altText(data, selection),
    panels: [
      {svg: pointPanels(options, data)},
      {svg: profilePanel(options, data), dy: isNarrow(options) ? 10 : 6}
    ]
  });
}

function noteOf({regime}: AllCubes["study"], seeds: number): string {
  return [
    "Interquartile mean: the lowest and highest quarter of all values are left out. Probability of beating label only (of improvement): that a training beats one of label only in the same setting, ties half.",
    seeds < FEW_SEEDS
      ? `No intervals: ${formatCounted(seeds, "training")} an arm ${seeds === 1 ? "is" : "are"} too few to draw anew.`
      : `Lines: 95\u00a0% bootstrap intervals, trainings drawn anew${regime === "one-model" ? ", each with all its settings" : ""}.`
  ].join(" ");
}

function altText(data: ArmAggregates[], {measure}: Selection): string {
  const parts = data.map(({arm, interquartileMean: mean, improvement}) => {
    const better =
      improvement === null ? "" : `, better than label only with probability ${probabilityText(improvement)}`;
    return `${MODE_LOOKS[arm.mode].title}: interquartile mean ${meanText(mean, measure)}${better}`;
  });
  return `${parts.join("; ")}.`;
}

function meanText({value, low, high}: Aggregate, measure: Selection["measure"]): string {
  return `${formatMeasure(measure, value)} ${formatLevelInterval(low, high, measure)}`.trim();
}

function probabilityText({value, low, high}: Aggregate): string {
  const interval = low === null || high === null ? "" : ` [${formatNumber(low)}, ${formatNumber(high)}]`;
  return `${formatNumber(value)}${interval}`;
}

/** Both aggregates of every arm, side by side, each on its own scale. */
function pointPanels(options: FigureOptions, data: ArmAggregates[]): SVGSVGElement {
  const {selection, width, document, link} = options;
  const {measure} = selection;
  const points = data.flatMap(({arm, interquartileMean: mean, improvement}): PlacedDatum[] => {
    const {title} = MODE_LOOKS[arm.mode];
    const base = {row: arm.mode, mode: arm.mode, href: link?.({arm: arm.id})};
    const chance = improvement && {
      ...{...base, ...scaled(improvement, 1), column: "improvement"},
      title: `${title}\nbetter than label only with probability ${probabilityText(improvement)}`
    };
    return [
      {
        ...{...base, ...scaled(mean, shownScale(measure)), column: "mean"},
        title: `${title}\ninterquartile mean ${meanText(mean, measure)}`
      },
      ...(chance ? [chance] : [])
    ];
  });
  const means = points.filter(({column}) => column === "mean");
  const unit = unitOf(measure);
  return intervalPanels({
    width,
    document,
    stacked: isNarrow(options),
    data: points,
    domain: [0, 1],
    marginRight: 14, // half of the last tick's name
    rows: data.map(({arm: {mode}}) => ({
      key: mode,
      label: MODE_LOOKS[mode].title,
      color: modeTextColor(mode)
    })),
    columns: [
      {
        key: "mean",
        title: `Interquartile mean${unit ? `, ${unit}` : ""}`,
        domain: roundDomain(means.flatMap(({value, low, high, seeds = []}) => [value, low, high, ...seeds]))
      },
      {
        key: "improvement",
        title: "Probability of beating label only",
        domain: [-0.02, 1.02],
        references: [{x: 0.5, name: "chance"}]
      }
    ]
  });
}

/** From one tick to another, so that every value stands between two numbers. */
function roundDomain(values: (number | null)[]): [number, number] {
  return scaleLinear()
    .domain(domainOf(values, {pad: 0}))
    .nice(4)
    .domain() as [number, number];
}

/** In shown units; a single seed is the value itself and needs no tick. */
function scaled({value, low, high, seeds}: Aggregate, scale: number) {
  return {
    value: value * scale,
    low: low === null ? null : low * scale,
    high: high === null ? null : high * scale,
    seeds: seeds.length > 1 ? seeds.map((seed) => seed * scale) : []
  };
}
