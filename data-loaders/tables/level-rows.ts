/** Rows of `levels.json`: every measure of a system in every cell, over all seeds and seed by seed. */
import type {LevelRow} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {measureOf} from "../../src/core/measures.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {coverageOf, estimateOf, levelOf} from "./estimates.js";
import type {Member, System} from "./systems.js";
import {ALL, type TestLayout} from "./test-layout.js";

export function levelRows({system, kind, members}: System, {cells}: TestLayout): LevelRow[] {
  const selections: [string, Member[]][] = [[ALL, members]];
  if (kind === "arm") for (const member of members) selections.push([member.seed, [member]]);
  return cells.flatMap((cell, c) =>
    selections.flatMap(([seed, chosen]) => {
      const present = chosen.filter(({summary}) => summary.cells[c]!.n > 0);
      const place = {system, kind, seed, corpus: cell.corpus, axis: cell.axis};
      const counted = coverageOf(
        present.map(({summary}) => summary),
        c
      );
      return MEASURE_IDS.map((measure, m): LevelRow => {
        const seeds = present.map(({summary}) => levelOf(summary.cells[c]!, m));
        const {value, ...uncertain} = estimateOf(seeds, cell, m);
        const known = measureOf(measure).biased ? NO_UNCERTAINTY : uncertain;
        return {...place, measure, value, ...known, ...counted};
      });
    })
  );
}
