/** All that the cubes hold of one system: made in one go, by one thread, from summaries of its seeds and of what it is compared with. */
import {armId, LABEL_ONLY} from "../../src/core/arms.js";
import type {ConfusionCell} from "../../src/core/cubes.js";
import {brierRows, distributionRows, reliabilityRows, riskRows} from "./calibration-rows.js";
import {toColumns, type ColumnLists} from "./column-lists.js";
import {effectRows} from "./effect-rows.js";
import {entropyCubes} from "./entropy-cubes.js";
import type {JointSeed} from "./joint-document.js";
import {labelEffectRows} from "./label-effect-rows.js";
import {levelRows} from "./level-rows.js";
import type {LayerValues} from "./read-layers.js";
import type {Reading} from "./read-predictions.js";
import {pairUp, type Member, type Restrict, type System, type Unit} from "./systems.js";

const BASE = armId(LABEL_ONLY);

/** Cubes that are tables and made system by system. */
export const SYSTEM_TABLES = [
  "levels",
  "effects",
  "across",
  "label-effects",
  "reliability",
  "risk-coverage",
  "brier",
  "distributions",
  "layers",
  "relations",
  "quintiles"
] as const;
export type SystemTable = (typeof SYSTEM_TABLES)[number];

export interface SystemCubes {
  tables: Record<SystemTable, ColumnLists>;
  confusions: ConfusionCell[];
  joint: JointSeed[];
  /** Layers recorded, the embedding among them; 0 where none was. */
  layers: number;
  /** Runs whose entropies couldn't be read, with the reason. */
  unreadable: {run: string; reason: string}[];
}

/** What a system is made from. */
export interface SystemTask {
  system: System;
  /** Seeds of label-only; empty for itself and for baselines. */
  base: Member[];
  /** Seeds of the explanation arm that differs in nothing else; empty for itself and for baselines. */
  rival: Member[];
  /** Entropies of label-only by seed. */
  baseLayers: Record<string, LayerValues>;
}

export async function makeSystemCubes(
  {system, base, rival, baseLayers}: SystemTask,
  reading: Reading,
  restrict: Restrict
): Promise<SystemCubes> {
  const {layout} = reading;
  const {members, system: id, kind} = system;
  const isCompared = kind === "arm" && id !== BASE;
  const pairs = await pairUp(members, base, layout, restrict);
  const rivals = await pairUp(members, rival, layout, restrict);
  const comparisons = {arm: id, seeds: members.map(({seed}) => seed), pairs, rivals};
  const {effects, across} = isCompared ? effectRows(comparisons, layout) : {effects: [], across: []};
  const entropies = await entropyCubes(system, baseLayers, reading);
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
      ...entropies.tables
    },
    confusions: confusionCells(system, reading),
    joint: entropies.joint,
    layers: entropies.layers,
    unreadable: entropies.unreadable
  };
}

function confusionCells({system, members}: System, {layout: {cells}}: Reading): ConfusionCell[] {
  return members.flatMap(({seed, summary}) =>
    cells.flatMap(({corpus, axis}, c) => {
      const {confusion} = summary.cells[c]!;
      return confusion.some((count) => count > 0)
        ? [{system, seed, corpus, axis, counts: Array.from(confusion)}]
        : [];
    })
  );
}

/** What is read of a unit first. */
export type {Unit};
