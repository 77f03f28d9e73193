/** What the cubes hold of one system's predictions: made by one thread, from summaries of its seeds and of what it is compared with. */
import {armId, LABEL_ONLY} from "../../src/core/arms.js";
import type {ConfusionCell} from "../../src/core/cubes.js";
import {brierRows, distributionRows, reliabilityRows, riskRows} from "./calibration-rows.js";
import {toColumns, type ColumnLists} from "./column-lists.js";
import {effectRows} from "./effect-rows.js";
import {momentsOf} from "./entropy-moments.js";
import {labelEntropySeries} from "./entropy-series.js";
import {jointColumn, jointPlaces, type JointSeed} from "./joint-document.js";
import {labelEffectRows} from "./label-effect-rows.js";
import {levelRows} from "./level-rows.js";
import {relateToCorrectness} from "./relation-rows.js";
import {pairUp, type Member, type Restrict, type System} from "./systems.js";
import type {TestLayout} from "./test-layout.js";

const BASE = armId(LABEL_ONLY);

/** Tables that a system's predictions fill; `relations` and `quintiles` with the entropy over labels alone. */
export const OUTPUT_TABLES = [
  "levels",
  "effects",
  "across",
  "label-effects",
  "reliability",
  "risk-coverage",
  "brier",
  "distributions",
  "relations",
  "quintiles"
] as const;

export interface OutputCubes {
  tables: Record<(typeof OUTPUT_TABLES)[number], ColumnLists>;
  confusions: ConfusionCell[];
  /** By member; none of baselines. */
  joint: JointSeed[];
}

/** What a system is made from. */
export interface OutputTask {
  system: System;
  /** Seeds of label-only; empty for itself and for baselines. */
  base: Member[];
  /** Seeds of the explanation arm that differs in nothing else; empty for itself and for baselines. */
  rival: Member[];
}

export async function outputCubes(
  {system, base, rival}: OutputTask,
  layout: TestLayout,
  restrict: Restrict
): Promise<OutputCubes> {
  const {members, system: id, kind} = system;
  const isCompared = kind === "arm" && id !== BASE;
  const pairs = await pairUp(members, base, layout, restrict);
  const rivals = await pairUp(members, rival, layout, restrict);
  const comparisons = {arm: id, seeds: members.map(({seed}) => seed), pairs, rivals};
  const {effects, across} = isCompared ? effectRows(comparisons, layout) : {effects: [], across: []};
  const {relations, quintiles, joint} = labelEntropies(system, layout);
  return {
    tables: {
      levels: toColumns(levelRows(system, layout), ["value"]),
      effects: toColumns(effects),
      across: toColumns(across),
      "label-effects": toColumns(isCompared ? labelEffectRows(id, pairs, layout) : []),
      reliability: toColumns(reliabilityRows(system, layout)),
      "risk-coverage": toColumns(riskRows(system, layout)),
      brier: toColumns(brierRows(system, layout)),
      distributions: toColumns(distributionRows(system, layout)),
      relations: toColumns(relations),
      quintiles: toColumns(quintiles)
    },
    confusions: confusionCells(system, layout),
    joint
  };
}

/** The entropy over labels, where a model's uncertainty is read at its output. */
function labelEntropies(
  {system, kind, members}: System,
  layout: TestLayout
): ReturnType<typeof relateToCorrectness> & Pick<OutputCubes, "joint"> {
  if (kind !== "arm") return {relations: [], quintiles: [], joint: []};
  const series = labelEntropySeries(members, layout);
  return {
    ...relateToCorrectness(system, series, momentsOf(series, layout), layout),
    joint: members.map(({summary}, s) => ({
      place: jointPlaces(summary, layout),
      columns: [jointColumn(series, series.seeds[s]!)]
    }))
  };
}

function confusionCells({system, members}: System, {cells}: TestLayout): ConfusionCell[] {
  return members.flatMap(({seed, summary}) =>
    cells.flatMap(({corpus, axis}, c) => {
      const {confusion} = summary.cells[c]!;
      return confusion.some((count) => count > 0)
        ? [{system, seed, corpus, axis, counts: Array.from(confusion)}]
        : [];
    })
  );
}
