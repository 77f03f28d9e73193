/** What the brushed view of entropy and confidence draws: counts of each arm shown, and where everything lies. */
import {scaleLinear} from "d3";
import type {ScaleLinear} from "d3";
import type {StudyArm} from "../core/selection.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {countsIn, jointSums, wholeRegion} from "../core/joint-counts.js";
import type {JointSums} from "../core/joint-counts.js";
import {sourceLayer} from "./entropy-source.js";
import type {FigureOptions} from "./figure.js";

export type JointCubes = Pick<AllCubes, "study" | "joint">;

/** A figure's options, and the arm whose rows the map holds. */
export interface JointOptions extends FigureOptions {
  mapped?: string;
}

export interface ArmCounts extends StudyArm {
  sums: JointSums;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface JointModel {
  arms: ArmCounts[];
  /** The arm that the map and the histograms show. */
  mapped: ArmCounts;
  bins: number;
  /** Entropy's range in nats. */
  range: [number, number];
  /** Bin → pixel, inside the panel. */
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  map: Box;
  /** Histogram of entropy above the map, of confidence at its right. */
  above: Box;
  beside: Box;
  /** Accuracy in percent → pixel, and one row an arm. */
  accuracy: ScaleLinear<number, number>;
  rows: Box;
  height: number;
  /** Seeds whose answers are counted together. */
  seeds: number;
}

const ROW = 30;
const LEFT = 46;
const GAP = 8;
/** Between the upper histogram and the map: room for the name of the map's upward axis, clear of its highest tick. */
const NAME = 28;
/** Room for the key of colours above the upper histogram, where it isn't below the accuracies. */
const KEY = 38;

/** Null where no arm shown has counts at the selected layer and estimator. */
export function jointModel(
  {study, joint}: JointCubes,
  {selection, width, mapped}: JointOptions
): JointModel | null {
  const {corpus, axis, estimator} = selection;
  const layer = sourceLayer(estimator, selection.layer);
  const range = joint.ranges.find((each) => each.layer === layer && each.estimator === estimator);
  const arms = selectedArms(selection, study).flatMap((arm) => {
    const sums = jointSums(joint, {arm: arm.id, corpus, axis, layer, estimator});
    return sums ? [{...arm, sums}] : [];
  });
  const chosen =
    arms.find(({id}) => id === mapped) ?? arms.find(({mode}) => mode === "explanation") ?? arms[0];
  if (!range || !chosen) return null;
  return {
    ...layout(width, joint.bins, arms.length),
    arms,
    mapped: chosen,
    bins: joint.bins,
    range: [range.from, range.to],
    seeds: seedsCounted(study, chosen.sums, selection)
  };
}

/** How many trainings the counts are of: in a large study not all seeds record entropies. */
function seedsCounted({settings, seeds}: AllCubes["study"], sums: JointSums, selection: Selection): number {
  const {right, wrong} = countsIn(sums, wholeRegion(sums));
  const rows = settings
    .filter(
      ({corpus, axis}) =>
        (selection.corpus === "all" || corpus === selection.corpus) &&
        (selection.axis === "all" || axis === selection.axis)
    )
    .reduce((sum, {test}) => sum + test, 0);
  return Math.min(Math.max(1, seeds.length), Math.ceil((right + wrong) / Math.max(1, rows)) || 1);
}

type Layout = Pick<JointModel, "x" | "y" | "map" | "above" | "beside" | "accuracy" | "rows" | "height">;

/** Map with a histogram on each side; accuracies beside it where there is room, else below. */
function layout(width: number, bins: number, arms: number): Layout {
  const wide = width >= 860;
  const besideWidth = width < 480 ? 40 : 56;
  const aboveHeight = width < 480 ? 40 : 52;
  const side = wide ? 380 : width - LEFT - besideWidth - GAP - 6;
  const tall = Math.round(wide ? 310 : side * 0.8);
  const top = wide ? 4 : KEY;
  const map = {x: LEFT, y: top + aboveHeight + NAME, width: side, height: tall};
  const bottom = map.y + map.height + 42;
  const rows = wide
    ? {x: 636, y: map.y + 12, width: width - 636 - 62, height: arms * ROW}
    : {x: 128, y: bottom + 32, width: width - 128 - 62, height: arms * ROW};
  return {
    map,
    above: {x: map.x, y: top, width: side, height: aboveHeight},
    beside: {x: map.x + side + GAP, y: map.y, width: besideWidth, height: tall},
    rows,
    x: scaleLinear([0, bins], [map.x, map.x + side]),
    y: scaleLinear([0, bins], [map.y + tall, map.y]),
    accuracy: scaleLinear([0, 100], [rows.x, rows.x + rows.width]),
    height: Math.max(bottom, rows.y + rows.height + (wide ? 86 : 34))
  };
}

/** Nats at the lower edge of a bin of entropy. */
export function natsAt({range, bins}: Pick<JointModel, "range" | "bins">, bin: number): number {
  return range[0] + ((range[1] - range[0]) * bin) / bins;
}
