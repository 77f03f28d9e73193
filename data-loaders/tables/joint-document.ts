/** `joint.json`: test rows counted by entropy, confidence and being right. */
import type {EntropySource, JointDocument} from "../../src/core/cubes.js";
import {encodeJoint} from "../../src/core/joint-document.js";
import {isFiniteNumber, OUTPUT_LAYER, type EntropySeries, type SeedSeries} from "./entropy-series.js";
import {binOf, entropyRange, JOINT_BINS, RIGHT, UNSCORED, type Summary} from "./summary.js";
import {settingOrder} from "./setting-order.js";
import {sharedArray} from "./thread-memory.js";
import type {TestLayout} from "./test-layout.js";

/** A row that isn't counted. */
const NOWHERE = 65535;
/** Places of one setting: confidence × right. */
const PLACES = 2 * JOINT_BINS;

/** What one seed of an arm adds, kept until the ranges of all arms are known. */
export interface JointSeed {
  /** Of each test row, in {@link settingOrder}: setting · PLACES + confidence bin · 2 + right, or NOWHERE. */
  place: Uint16Array;
  columns: JointColumn[];
}

export interface JointColumn {
  layer: number;
  estimator: EntropySource;
  /** In {@link settingOrder}. */
  values: Float32Array;
}

/** Layers that are counted: a quarter, half, three quarters of the depth, and the last. */
export function jointLayers(layers: number): number[] {
  const last = layers - 1;
  return [...new Set([0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last)))].filter(
    (layer) => layer >= 0
  );
}

/** A seed's entropies, as they are counted. */
export function jointColumn(
  {layer, estimator}: Pick<EntropySeries, "layer" | "estimator">,
  {values}: Pick<SeedSeries, "values">
): JointColumn {
  return {layer, estimator, values: sharedArray(Float32Array, values)};
}

/** Where each test row is counted but for its entropy. */
export function jointPlaces({outcome, jointBin}: Summary, layout: TestLayout): Uint16Array {
  const {rowAt} = settingOrder(layout);
  const {setting} = layout;
  const places = sharedArray(Uint16Array, rowAt.length);
  for (let at = 0; at < places.length; ++at) {
    const row = rowAt[at]!;
    const became = outcome[row]!;
    const own = setting[row]! * PLACES + jointBin[row]! * 2 + (became === RIGHT ? 1 : 0);
    places[at] = became === UNSCORED ? NOWHERE : own;
  }
  return places;
}

interface Range {
  layer: number;
  estimator: EntropySource;
  from: number;
  to: number;
}

/** Counts rows of all seeds in bins over ranges that all arms and settings share. */
export function jointDocument(arms: {arm: string; joint: JointSeed[]}[], layout: TestLayout): JointDocument {
  const ranges = rangesOf(arms, layout);
  const drawn = ranges.map(({from, to, ...rest}) => ({...rest, from: rounded(from), to: rounded(to)}));
  const frame = {
    bins: JOINT_BINS,
    ranges: drawn,
    arms: arms.map(({arm}) => arm),
    settings: layout.settings
  };
  return encodeJoint(frame, (range, arm) => countRows(arms[arm]!.joint, ranges[range]!, layout));
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** From the smallest to the largest value of all arms; the entropy over labels has its own bounds. */
function rangesOf(arms: {joint: JointSeed[]}[], layout: TestLayout): Range[] {
  const ranges = new Map<string, Range>();
  for (const {joint} of arms)
    for (const {columns} of joint)
      for (const {layer, estimator, values} of columns) {
        const key = `${layer} ${estimator}`;
        const range = ranges.get(key) ?? {layer, estimator, from: Infinity, to: -Infinity};
        ranges.set(key, range);
        for (let row = 0; row < values.length; ++row) {
          const value = values[row]!;
          if (!isFiniteNumber(value)) continue;
          if (value < range.from) range.from = value;
          if (value > range.to) range.to = value;
        }
      }
  return [...ranges.values()]
    .filter(({from, to}) => from <= to)
    .map((range) => (range.layer === OUTPUT_LAYER ? {...range, from: 0, to: entropyRange(layout)} : range))
    .sort((a, b) => a.layer - b.layer);
}

/** By setting: entropy bin × confidence bin × right. */
function countRows(
  joint: JointSeed[],
  {layer, estimator, from, to}: Range,
  {settings}: TestLayout
): Uint32Array[] {
  const counts = settings.map(() => new Uint32Array(JOINT_BINS * PLACES));
  for (const {place, columns} of joint) {
    const values = columns.find((one) => one.layer === layer && one.estimator === estimator)?.values;
    if (!values) continue;
    for (let row = 0; row < values.length; ++row) {
      if (place[row] === NOWHERE || !isFiniteNumber(values[row]!)) continue;
      const bin = to > from ? binOf(values[row]! - from, to - from, JOINT_BINS) : 0;
      counts[Math.floor(place[row]! / PLACES)]![bin * PLACES + (place[row]! % PLACES)]! += 1;
    }
  }
  return counts;
}
