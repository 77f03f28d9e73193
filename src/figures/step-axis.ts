/** What figures over the steps of training share: their area, their horizontal axis, and what a line is the mean of. */
import {formatCount, formatCounted} from "../core/format.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import type {Area, Axis} from "./plane.js";

/** The plane's area, and the height of the panel around it. */
export function stepArea(options: FigureOptions): {area: Area; height: number} {
  const narrow = isNarrow(options);
  const area = {
    left: 40,
    top: 14,
    width: options.width - (narrow ? 172 : 196),
    height: narrow ? 220 : 280
  };
  return {area, height: area.top + area.height + 44};
}

export function stepAxis(options: FigureOptions, last: number): Axis {
  return {
    domain: [0, last],
    ticks: isNarrow(options) ? 3 : 6,
    format: (step) => formatCount(step),
    title: "step"
  };
}

/** `each line the mean of 3 trainings`; where arms have not as many, from the fewest to the most. */
export function lineMeans(trainings: readonly number[]): string {
  const [fewest, most] = [Math.min(...trainings), Math.max(...trainings)];
  if (most === 1) return "each line one training";
  return `each line the mean of ${fewest === most ? "" : `${formatCount(fewest)} to `}${formatCounted(most, "training")}`;
}
