/** How many ticks a scale gets: three at least wherever their labels have room, so that distances can be read. */
import type {ScaleLinear} from "d3";

/** Pixels that a tick should have. */
const STEP = 58;
const [FEWEST, MOST] = [3, 6];
/** Mean width of a digit of a tick's label, and the room between two labels, in pixels. */
const [DIGIT, BETWEEN] = [6.9, 11];
/** Counts to ask a scale for; it answers with a number of round ticks near that. */
const COUNTS = [2, 3, 4, 5, 6, 8, 10];

/** The count to ask `x.ticks` for on an axis of a width in pixels. */
export function tickCount(x: ScaleLinear<number, number>, width: number): number {
  const wanted = Math.max(FEWEST, Math.min(MOST, Math.floor(width / STEP)));
  const ticksOf = (count: number) => x.ticks(count).length;
  const off = (count: number) => {
    const few = Math.max(0, FEWEST - ticksOf(count)) * MOST; // two ticks say nothing of how far apart others are
    return Math.abs(ticksOf(count) - wanted) + few;
  };
  const fitting = COUNTS.filter((count) => labelsFit(x, count)).sort((a, b) => off(a) - off(b) || b - a);
  return fitting[0] ?? 2;
}

function labelsFit(x: ScaleLinear<number, number>, count: number): boolean {
  const [first, second, ...rest] = x.ticks(count);
  if (first === undefined || second === undefined) return false;
  const format = x.tickFormat(count);
  const longest = Math.max(...[first, second, ...rest].map((tick) => format(tick).length));
  return x(second) - x(first) >= longest * DIGIT + BETWEEN;
}
