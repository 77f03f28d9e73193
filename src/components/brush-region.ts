/** Where a brush goes when it is drawn, moved or resized, in bins. Pure. */
import type {Region, Span} from "../core/joint-counts.js";

/** A place on the map in bins, with fractions. */
export interface Point {
  entropy: number;
  confidence: number;
}

/** What a drag does along one side: moves the whole span, moves its lower or upper edge, or leaves it. */
export type Grip = "move" | "from" | "to" | "leave";

export interface Drag {
  start: Point;
  /** Region at the start; where a new one is drawn, the bin under the pointer. */
  region: Region;
  entropy: Grip;
  confidence: Grip;
}

export type Sides = readonly (keyof Region)[];

/**
 * Begins a drag at a point. Near an edge it resizes, inside it moves, elsewhere it draws anew along `sides`, over all
 * bins of the other side. `reach` is how near an edge counts, in bins along each side.
 */
export function beginDrag(
  region: Region | null,
  start: Point,
  {sides, reach, bins}: {sides: Sides; reach: Point; bins: number}
): Drag {
  if (region) {
    const grips = {entropy: "leave", confidence: "leave"} as Record<keyof Region, Grip | null>;
    for (const side of sides) grips[side] = gripAt(region[side], start[side], reach[side]);
    const {entropy, confidence} = grips;
    if (entropy && confidence) {
      const resizes = [entropy, confidence].some((grip) => grip === "from" || grip === "to");
      const still = (grip: Grip): Grip => (resizes && grip === "move" ? "leave" : grip);
      return {start, region, entropy: still(entropy), confidence: still(confidence)};
    }
  }
  const anew = (side: keyof Region): Span => {
    if (!sides.includes(side)) return region && sides.length === 1 ? region[side] : [0, bins];
    const bin = clamp(Math.floor(start[side]), 0, bins - 1);
    return [bin, bin + 1];
  };
  const grip = (side: keyof Region): Grip => (sides.includes(side) ? "to" : "leave");
  const drawn = {entropy: anew("entropy"), confidence: anew("confidence")};
  return {start, region: drawn, entropy: grip("entropy"), confidence: grip("confidence")};
}

function gripAt([from, to]: Span, at: number, reach: number): Grip | null {
  const near = Math.min(reach, (to - from) / 3);
  if (Math.abs(at - from) <= near || (at < from && from - at <= reach)) return "from";
  if (Math.abs(at - to) <= near || (at > to && at - to <= reach)) return "to";
  return at > from && at < to ? "move" : null;
}

/** The region while the pointer is at `point`. */
export function dragTo({start, region, entropy, confidence}: Drag, point: Point, bins: number): Region {
  return {
    entropy: dragSpan(region.entropy, entropy, start.entropy, point.entropy, bins),
    confidence: dragSpan(region.confidence, confidence, start.confidence, point.confidence, bins)
  };
}

function dragSpan([from, to]: Span, grip: Grip, start: number, at: number, bins: number): Span {
  if (grip === "leave") return [from, to];
  if (grip === "move") return moveSpan([from, to], Math.round(at - start), bins);
  if (grip === "to")
    return at >= from
      ? [from, clamp(Math.ceil(at), from + 1, bins)]
      : [clamp(Math.floor(at), 0, from), from + 1];
  return at <= to ? [clamp(Math.floor(at), 0, to - 1), to] : [to - 1, clamp(Math.ceil(at), to, bins)];
}

/** A span moved by whole bins, kept whole inside. */
export function moveSpan([from, to]: Span, by: number, bins: number): Span {
  const step = clamp(by, -from, bins - to);
  return [from + step, to + step];
}

/** A span whose upper edge is moved by whole bins; at least one bin is left. */
export function resizeSpan([from, to]: Span, by: number, bins: number): Span {
  return [from, clamp(to + by, from + 1, bins)];
}

/** Where a brush starts that is made by keyboard: the third of highest entropy. */
export function firstRegion(bins: number): Region {
  return {entropy: [Math.floor((bins * 2) / 3), bins], confidence: [0, bins]};
}

const ARROWS: Record<string, [keyof Region, number]> = {
  ArrowLeft: ["entropy", -1],
  ArrowRight: ["entropy", 1],
  ArrowDown: ["confidence", -1],
  ArrowUp: ["confidence", 1]
};

/**
 * What a key makes of a region: arrows move it, with Shift they move its upper edges, Escape takes it away, Enter and
 * space make one. Undefined where the key is none of these.
 */
export function pressKey(
  region: Region | null,
  {key, shiftKey}: {key: string; shiftKey: boolean},
  bins: number
): Region | null | undefined {
  if (key === "Escape") return region ? null : undefined;
  const arrow = ARROWS[key];
  if (!arrow && key !== "Enter" && key !== " ") return undefined;
  if (!region || !arrow) return region ?? firstRegion(bins);
  const [side, by] = arrow;
  const change = shiftKey ? resizeSpan : moveSpan;
  return {...region, [side]: change(region[side], by, bins)};
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** `0.62–1.10,0.2–0.45` as numbers of an address: entropy in nats, then confidence. */
export function writeRegion(region: Region, {range, bins}: {range: [number, number]; bins: number}): string {
  const nats = region.entropy.map((bin) =>
    Number((range[0] + ((range[1] - range[0]) * bin) / bins).toPrecision(5))
  );
  const shares = region.confidence.map((bin) => Number((bin / bins).toFixed(4)));
  return [...nats, ...shares].join("_");
}

/** The region of an address in the nearest bins; null where it is none. */
export function readRegion(
  text: string | null,
  {range, bins}: {range: [number, number]; bins: number}
): Region | null {
  const numbers = (text ?? "").split("_").map(Number);
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  const bin = (value: number) => clamp(Math.round(value), 0, bins);
  const nats = (value: number) => bin(((value - range[0]) / (range[1] - range[0])) * bins);
  const entropy: Span = [nats(numbers[0]!), nats(numbers[1]!)];
  const confidence: Span = [bin(numbers[2]! * bins), bin(numbers[3]! * bins)];
  return entropy[0] < entropy[1] && confidence[0] < confidence[1] ? {entropy, confidence} : null;
}
