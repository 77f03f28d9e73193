/** Ticks whose names have room: as many round values as fit, never more than seven. */
import {scaleLinear} from "d3";

export interface FittedTicks {
  values: number[];
  format: (value: number) => string;
}

/** Mean width of a digit, and the least room between two names, in pixels. */
const DIGIT = 7;
const BETWEEN = 14;
const MOST = 7;

/** Ticks of a horizontal axis that is `width` pixels long; `format` names them, d3 where it is left out. */
export function fittedTicks(
  domain: readonly [number, number],
  width: number,
  format?: (value: number) => string
): FittedTicks {
  const scale = scaleLinear(domain, [0, width]);
  for (let count = MOST; ; count--) {
    const values = scale.ticks(count);
    const name = format ?? scale.tickFormat(count);
    const widths = values.map((value) => name(value).length * DIGIT);
    const free = values
      .slice(1)
      .every((value, i) => scale(value) - scale(values[i]!) >= (widths[i]! + widths[i + 1]!) / 2 + BETWEEN);
    if (count === 1 || (values.length <= MOST && free)) return {values, format: name};
  }
}
