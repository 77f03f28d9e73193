/** How numbers are written: one minus sign, one way to say an interval, units always. */
import type {MeasureId} from "./cubes.js";
import {measureOf} from "./measures.js";

/** Shown where there is no number. */
export const MISSING = "–";

/** Fixed decimals with a true minus sign; no “−0.0”. */
export function formatNumber(value: number | null | undefined, digits = 2): string {
  if (value == null || !Number.isFinite(value)) return MISSING;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function formatSigned(value: number | null | undefined, digits = 2): string {
  const text = formatNumber(value, digits);
  return text === MISSING || text.startsWith("−") || Number(text) === 0 ? text : `+${text}`;
}

/** What the axis of a measure says: `%`, `nats`, `labels` or nothing; `points` for a share less a share. */
export function unitOf(measure: MeasureId): string {
  const {better, format} = measureOf(measure);
  const {style, unit} = format;
  if (better === "zero") return effectUnitOf(measure);
  return style === "percent" ? "%" : unit;
}

/** What the axis of a measure's differences says: `points` for shares. */
export function effectUnitOf(measure: MeasureId): string {
  const {style, unit} = measureOf(measure).format;
  return style === "percent" ? "points" : unit;
}

/** Factor from stored to shown values: 100 for shares. */
export function shownScale(measure: MeasureId): number {
  return measureOf(measure).format.style === "percent" ? 100 : 1;
}

/** A level where the unit stands elsewhere, as in a table's cell. */
export function formatCell(value: number | null | undefined, measure: MeasureId): string {
  return shownScale(measure) === 100 && value != null ? formatNumber(value * 100, 0) : formatNumber(value, 2);
}

/** `[−0.4, +6.9]`, in the units of the effect; empty where there is no interval. */
export function formatEffectInterval(low: number | null, high: number | null, measure: MeasureId): string {
  return interval(low, high, measure, formatSigned);
}

/** `[58.1, 66.7]`, in the units of the level; empty where there is no interval. */
export function formatLevelInterval(low: number | null, high: number | null, measure: MeasureId): string {
  return interval(low, high, measure, formatNumber);
}

function interval(
  low: number | null,
  high: number | null,
  measure: MeasureId,
  format: (value: number, digits: number) => string
): string {
  if (low === null || high === null) return "";
  const {digits} = measureOf(measure).format;
  const [from, to] = [low, high].map((value) => format(value * shownScale(measure), digits));
  return `[${from}, ${to}]`;
}

/** `69 % [45, 96]`, from shares of 1. */
export function formatShare({
  share,
  low,
  high
}: {
  share: number;
  low: number | null;
  high: number | null;
}): string {
  const percent = (value: number) => formatNumber(value * 100, 0);
  return `${percent(share)} %${low === null || high === null ? "" : ` [${percent(low)}, ${percent(high)}]`}`;
}

/** `12,480`. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 run`, `3 runs`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `850 ms`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.5) return `${formatNumber(seconds, seconds < 9.95 ? 1 : 0)} s`;
  const whole = Math.round(seconds); // before it is split, or 179.6 s would be 2 min 60 s
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`.replace(/ 0 s$/, "");
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`.replace(/ 0 min$/, "");
}

const BYTES = ["B", "kB", "MB", "GB", "TB"];

/** The largest unit, decimal, of which so many bytes are one at least. */
export function bytesUnit(bytes: number): {name: string; size: number} {
  const power = bytes < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(bytes) / 3));
  return {name: BYTES[power]!, size: 1000 ** power};
}

/** `412 MB`; in their own unit, or in one that they share with others. */
export function formatBytes(bytes: number, {name, size} = bytesUnit(bytes)): string {
  const value = bytes / size;
  return `${size > 1 && value < 10 ? formatNumber(value, 1) : formatCount(value)} ${name}`;
}

/** UNIX seconds as `2025-03-14 09:26 UTC`. */
export function formatTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const UNIT = /(\d) (%|nats|points|ms|s|min|h|kB|MB|GB|TB)(?![\w-])/g;
const INTERVAL = /\[[−+]?[\d.,]*\d, [−+]?[\d.,]*\d\]/g;

/** After `n`, `p` or `r`: what it is equal to, or below. */
const EQUATION = /\b([npr]) ([=<]) (?=[\d.−+])/g;

/** Text that breaks neither between a number and its unit or name, nor within an interval, nor before the word for it. */
export function keepUnits(text: string): string {
  return text
    .replaceAll(UNIT, "$1\u00a0$2")
    .replaceAll(EQUATION, "$1\u00a0$2\u00a0")
    .replaceAll(INTERVAL, (interval) => interval.replace(" ", "\u00a0"))
    .replaceAll(/(95\u00a0%) (interval)/g, "$1\u00a0$2");
}
