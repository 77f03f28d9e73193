/** All that the cubes hold of one system: made in one go, by one thread, from summaries of its seeds and of what it is compared with. */
import {armId, LABEL_ONLY} from "../../src/core/arms.js";
import {ESTIMATORS} from "../../src/core/contract.js";
import type {ConfusionCell, LayerRow, QuintileRow, RelationRow} from "../../src/core/cubes.js";
import {brierRows, distributionRows, reliabilityRows, riskRows} from "./calibration-rows.js";
import {ColumnBuilder, toColumns, type ColumnLists} from "./column-lists.js";
import {acrossRows, effectRows} from "./effect-rows.js";
import {hasValues, OUTPUT_LAYER, type EntropySeries} from "./entropy-series.js";
import {jointLayers, jointSeeds, type JointSeed} from "./joint-document.js";
import {labelEffectRows} from "./label-effect-rows.js";
import {momentsOf, type EntropyMoments} from "./entropy-moments.js";
import {layerRows} from "./layer-rows.js";
import {levelRows} from "./level-rows.js";
import {layerColumn, readLayers, type LayerValues} from "./read-layers.js";
import type {Reading} from "./read-predictions.js";
import {relateToCorrectness} from "./relation-rows.js";
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
  const entropies = await entropyCubes(system, baseLayers, reading);
  return {
    tables: {
      levels: toColumns(levelRows(system, layout), ["value"]),
      effects: toColumns(isCompared ? effectRows(comparisons, layout) : []),
      across: toColumns(isCompared ? acrossRows(comparisons, layout) : []),
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

type EntropyCubes = Pick<SystemCubes, "joint" | "layers" | "unreadable"> & {
  tables: Pick<SystemCubes["tables"], "layers" | "relations" | "quintiles">;
};

async function entropyCubes(
  {system: arm, kind, members}: System,
  baseLayers: SystemTask["baseLayers"],
  reading: Reading
): Promise<EntropyCubes> {
  const layers = new ColumnBuilder<LayerRow>();
  const related = new ColumnBuilder<RelationRow>();
  const fifths = new ColumnBuilder<QuintileRow>();
  const unreadable: SystemCubes["unreadable"] = [];
  const found: {member: Member; values: LayerValues}[] = [];
  if (kind === "arm")
    for (const member of members) {
      const values =
        arm === BASE ? (baseLayers[member.seed] ?? null) : await readOrSay(member, reading, unreadable);
      if (values) found.push({member, values});
    }
  const depth = Math.max(0, ...found.map(({values}) => values.layers));
  const counted: EntropySeries[] = [];
  const add = (series: EntropySeries, moments: EntropyMoments): void => {
    const {relations, quintiles} = relateToCorrectness(arm, series, moments, reading.layout);
    for (const row of relations) related.add(row);
    for (const row of quintiles) fifths.add(row);
  };
  if (kind === "arm" && members.length > 0) {
    const series = labelEntropySeries(members);
    counted.push(series);
    add(series, momentsOf(series, undefined, reading.layout));
  }
  for (let layer = 0; layer < depth; ++layer)
    for (const estimator of ESTIMATORS) {
      const series = seriesOf(layer, estimator, found, reading);
      if (series.seeds.length === 0) continue;
      const base = arm === BASE ? undefined : baseSeries(series, baseLayers, reading);
      const moments = momentsOf(series, base, reading.layout);
      for (const row of layerRows(arm, series, moments, reading.layout)) layers.add(row);
      add(series, moments);
      if (jointLayers(depth).includes(layer)) counted.push(series);
    }
  return {
    tables: {layers: layers.lists, relations: related.lists, quintiles: fifths.lists},
    joint: jointSeeds(kind === "arm" ? members : [], counted, reading.layout),
    layers: depth,
    unreadable
  };
}

async function readOrSay(
  member: Member,
  reading: Reading,
  unreadable: SystemCubes["unreadable"]
): Promise<LayerValues | null> {
  try {
    return await readLayers(reading, member);
  } catch (error) {
    const [line] = String((error as Error).message).split("\n");
    for (const {run} of member.runs)
      unreadable.push({run, reason: `its entropies can't be read and are left out: ${line}`});
    return null;
  }
}

/** The entropy over labels, where a model's uncertainty is read at its output. */
function labelEntropySeries(members: Member[]): EntropySeries {
  const seeds = members.map(({seed, summary}) => ({
    seed,
    values: summary.label_entropy,
    outcome: summary.outcome
  }));
  return {layer: OUTPUT_LAYER, estimator: "label_entropy", seeds};
}

function seriesOf(
  layer: number,
  estimator: (typeof ESTIMATORS)[number],
  found: {member: Member; values: LayerValues}[],
  {layout}: Reading
): EntropySeries {
  const seeds = found.flatMap(({member, values}) => {
    const column = layerColumn(values, layer, estimator, layout.rows);
    return column && hasValues({values: column})
      ? [{seed: member.seed, values: column, outcome: member.summary.outcome}]
      : [];
  });
  return {layer, estimator, seeds};
}

/** The same entropy of label-only, with the same seeds. */
function baseSeries(
  {layer, estimator, seeds}: EntropySeries,
  baseLayers: SystemTask["baseLayers"],
  {layout}: Reading
): EntropySeries {
  const own = seeds.flatMap(({seed, outcome}) => {
    const values = baseLayers[seed];
    const column =
      values && layerColumn(values, layer, estimator as (typeof ESTIMATORS)[number], layout.rows);
    return column ? [{seed, values: column, outcome}] : [];
  });
  return {layer, estimator, seeds: own};
}

/** What is read of a unit first. */
export type {Unit};
