/**
 * What a brush changes in the view of entropy and confidence: attributes of elements that are there already, so that
 * it follows the pointer. Drawing and brushing end here both, so that they can't tell different numbers.
 */
import {countsIn, countsOutside, histogramIn, wholeRegion} from "../core/joint-counts.js";
import type {Counts, JointSums, Region} from "../core/joint-counts.js";
import {formatCount, formatNumber} from "../core/format.js";
import {MODE_LOOKS} from "../core/palette.js";
import {wilsonInterval} from "../core/statistics/wilson.js";
import {natsAt} from "./joint-model.js";
import type {ArmCounts, Box, JointModel} from "./joint-model.js";

/** Share of right answers in percent, with its interval and rows; null where there are no rows. */
export interface Share {
  value: number;
  low: number;
  high: number;
  n: number;
}

/**
 * Interval of a share of rows × seeds. Several seeds' answers to one row are no independent trials, so that the rows
 * alone are counted as such; rows of one dialogue still are.
 */
export function shareRight({right, wrong}: Counts, seeds: number): Share | null {
  const n = right + wrong;
  if (n === 0) return null;
  const {low, high} = wilsonInterval(right / n, n / seeds);
  return {value: (right / n) * 100, low: low! * 100, high: high! * 100, n};
}

export function inAndOut(
  sums: JointSums,
  region: Region | null,
  seeds: number
): [Share | null, Share | null] {
  const inside = shareRight(countsIn(sums, region ?? wholeRegion(sums)), seeds);
  return [inside, region ? shareRight(countsOutside(sums, region), seeds) : null];
}

/** A histogram as one path; `upward` from the box's foot, else rightward from its left side. */
export function histogramPath(
  counts: Float64Array,
  {x, y, width, height}: Box,
  most: number,
  upward: boolean
): string {
  const step = (upward ? width : height) / counts.length;
  let path = "";
  for (let bin = 0; bin < counts.length; bin++) {
    if (counts[bin] === 0) continue;
    const share = counts[bin]! / most;
    path += upward
      ? `M${(x + bin * step + 0.5).toFixed(1)},${y + height}v${(-share * height).toFixed(1)}h${(step - 1).toFixed(1)}V${y + height}z`
      : `M${x},${(y + height - bin * step - 0.5).toFixed(1)}h${(share * width).toFixed(1)}v${(-(step - 1)).toFixed(1)}H${x}z`;
  }
  return path;
}

/** Largest bin of a histogram. */
export function mostIn(counts: Float64Array): number {
  return Math.max(1, ...counts);
}

/** Puts a region into a drawn view; null takes the brush away. */
export function showRegion(svg: Element, model: JointModel, region: Region | null): void {
  const set = (name: string, attribute: string, value: string | number) =>
    svg.querySelector(`.${name}`)?.setAttribute(attribute, String(value));
  set("brush-frame", "d", region ? framePath(model, region) : "");
  set("brush-outside", "d", region ? outsidePath(model, region) : "");
  const {sums} = model.mapped;
  const chosen = region ?? wholeRegion(sums);
  for (const along of ["entropy", "confidence"] as const) {
    const most = mostIn(histogramIn(sums, along, wholeRegion(sums)));
    const box = along === "entropy" ? model.above : model.beside;
    const counts = histogramIn(sums, along, chosen);
    set(`brushed-${along}`, "d", histogramPath(counts, box, most, along === "entropy"));
  }
  const head = svg.querySelector(".accuracy-head");
  if (head) head.textContent = accuracyHead(region);
  const rows = svg.querySelectorAll(".arm-row");
  model.arms.forEach((arm, i) => rows[i] && showArm(rows[i], model, arm, region));
}

/** Markers are told apart only while there are two of a row. */
export function accuracyHead(region: Region | null): string {
  return region ? "Accuracy (%): filled brushed, hollow outside" : "Accuracy (%)";
}

function framePath({x, y}: JointModel, {entropy, confidence}: Region): string {
  return `M${x(entropy[0])},${y(confidence[0])}H${x(entropy[1])}V${y(confidence[1])}H${x(entropy[0])}z`;
}

function outsidePath(model: JointModel, region: Region): string {
  const {x, y, width, height} = model.map;
  return `M${x},${y}h${width}v${height}h${-width}z${framePath(model, region)}`;
}

function showArm(row: Element, model: JointModel, arm: ArmCounts, region: Region | null): void {
  const [inside, outside] = inAndOut(arm.sums, region, model.seeds);
  const at = (value: number) => model.accuracy(value).toFixed(1);
  const set = (name: string, attribute: string, value: string) =>
    row.querySelector(`.${name}`)!.setAttribute(attribute, value);
  set("interval", "d", inside ? `M${at(inside.low)},0H${at(inside.high)}` : "");
  set("apart", "d", inside && outside ? `M${at(inside.value)},0H${at(outside.value)}` : "");
  const place = (name: string, share: Share | null) => {
    set(name, "visibility", share ? "visible" : "hidden");
    if (share) set(name, "transform", `translate(${at(share.value)},0)`);
  };
  place("inside", inside);
  place("outside", outside);
  row.querySelector(".number")!.textContent = inside ? `${formatNumber(inside.value, 1)} %` : "no rows";
}

/** The region and what is in it, in words: for those who don't see it, and beside the figure. */
export function regionText(model: JointModel, region: Region | null): string {
  if (!region) return "Nothing is brushed: all rows.";
  const {entropy, confidence} = region;
  const nats = (bin: number) => formatNumber(natsAt(model, bin), 2);
  const percent = (bin: number) => formatNumber((bin / model.bins) * 100, 0);
  const shares = model.arms.map(({mode, sums}) => {
    const [inside, outside] = inAndOut(sums, region, model.seeds);
    const told = inside
      ? `${formatNumber(inside.value, 1)} % right of ${formatCount(inside.n)} [${formatNumber(inside.low, 1)}, ${formatNumber(inside.high, 1)}]`
      : "no rows";
    return `${MODE_LOOKS[mode].title} ${told}, outside ${outside ? `${formatNumber(outside.value, 1)} %` : "no rows"}`;
  });
  return `Entropy ${nats(entropy[0])} to ${nats(entropy[1])} nats, confidence ${percent(confidence[0])} to ${percent(confidence[1])} %: ${shares.join("; ")}.`;
}
