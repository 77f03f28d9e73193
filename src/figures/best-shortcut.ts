/** The best classifier that sees only a shortcut: the floor that models are read against. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {shownScale} from "../core/format.js";
import {formatMeasure, goodness} from "../core/measures.js";
import {BASELINE_TITLES} from "../core/palette.js";
import type {Selection} from "../core/selection.js";

/** In shown units and in words; undefined where the cell has no baseline. */
export function bestShortcut(
  {study, levels}: Pick<AllCubes, "study" | "levels">,
  {measure, corpus, axis}: Pick<Selection, "measure" | "corpus" | "axis">
): {value: number; text: string} | undefined {
  const rows = rowsWhere(levels, {kind: "baseline", seed: "all", measure, corpus, axis}).filter(
    ({value}) => value !== null
  );
  rows.sort((a, b) => goodness(measure, b.value!) - goodness(measure, a.value!));
  const best = rows[0];
  const id = study.baselines.find((baseline) => baseline === best?.system);
  return best && id
    ? {
        value: best.value! * shownScale(measure),
        text: `${BASELINE_TITLES[id].toLowerCase()}, ${formatMeasure(measure, best.value)}`
      }
    : undefined;
}
