/** Rows of `levels.json`: every measure of a system in every cell, over all seeds and seed by seed. */
import type {LevelRow} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {measureOf} from "../../src/core/measures.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {coverageOf, estimateOf, levelsOf, presentIn} from "./estimates.js";
import type {System} from "./systems.js";
import {ALL, type TestLayout} from "./test-layout.js";

export function levelRows({system, kind, members}: System, layout: TestLayout): LevelRow[] {
  const levels = levelsOf(members, layout);
  const single = kind === "arm" ? members.map(({seed}) => seed) : [];
  return layout.cells.flatMap(({corpus, axis}, c) =>
    [undefined, ...single].flatMap((only) => {
      const present = presentIn(levels.seeds, c).filter(({seed}) => only === undefined || seed === only);
      const place = {system, kind, seed: only ?? ALL, corpus, axis};
      const counted = coverageOf(present, c);
      return MEASURE_IDS.map((measure, m): LevelRow => {
        const {value, ...uncertain} = estimateOf(levels, c, m, only);
        const known = measureOf(measure).biased ? NO_UNCERTAINTY : uncertain;
        return Object.assign({}, place, {measure, value}, known, counted);
      });
    })
  );
}
