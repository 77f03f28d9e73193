/** Rows of the layers cube that a selection shows, and the axis of layers: what all figures over layers start from. */
import type {Mode} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {IntervalKind, LayerRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {kindAmong, layerOfKind} from "../core/intervals.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";
import {ESTIMATOR_TITLES, lowerFirst} from "./entropy-source.js";
import {sampleNote, scopeTitle} from "./figure.js";
import type {Axis} from "./plane.js";
import {rowsOnScale} from "./steady-domain.js";

export type LayerCubes = Pick<AllCubes, "study" | "layers">;

/** One arm's rows, by layer. */
export interface ModeLayers {
  mode: Mode;
  rows: LayerRow[];
}

type Cell = Pick<Selection, "corpus" | "axis">;

/** The arms shown, label-only first, each with the rows that `keep` lets through and the intervals shown; arms without any are left out. */
export function layersByMode(
  {study, layers}: LayerCubes,
  selection: Selection,
  keep: (row: LayerRow) => boolean,
  cell: Cell = selection
): ModeLayers[] {
  const byArm = new Map<string, LayerRow[]>();
  const all = cellRows(layers, selection, cell, selection.seed);
  const kind = kindIn(all, selection);
  for (const known of all) {
    if (!keep(known)) continue;
    const row = layerOfKind(known, kind);
    const found = byArm.get(row.arm);
    if (found) found.push(row);
    else byArm.set(row.arm, [row]);
  }
  return selectedArms(selection, study).flatMap(({id, mode}) => {
    const rows = byArm.get(id);
    return rows ? [{mode, rows: rows.sort((a, b) => a.layer - b.layer)}] : [];
  });
}

function kindIn(rows: readonly LayerRow[], selection: Selection): IntervalKind {
  return kindAmong(
    rows.map(({low_trainings}) => low_trainings),
    selection
  );
}

/** Always by the same four columns, so that one index of the cube serves all figures of a page. */
function cellRows(
  layers: readonly LayerRow[],
  {estimator}: Pick<Selection, "estimator">,
  {corpus, axis}: Cell,
  seed: string
): readonly LayerRow[] {
  return estimator === "label_entropy" ? [] : rowsWhere(layers, {estimator, corpus, axis, seed});
}

/** Numbers of every arm and seed in the cell: what a scale must hold, so that it stays when modes or seeds are toggled. */
export function scaleValues(
  {study, layers}: LayerCubes,
  selection: Selection,
  valuesOf: (row: LayerRow) => (number | null)[],
  through?: number
): (number | null)[] {
  const rows = ["all", ...study.seeds].flatMap((seed) => [...cellRows(layers, selection, selection, seed)]);
  const holds = {armOf: ({arm}: LayerRow) => arm, valuesOf, ...(through === undefined ? {} : {through})};
  return rowsOnScale(rows, study, selection, holds).flatMap(valuesOf);
}

/** With the ends of both kinds of intervals, so that the scale stays when they are switched. */
export const levelEnds = ({mean, low, high, low_trainings, high_trainings}: LayerRow) => [
  ...[mean, low, high],
  ...[low_trainings ?? null, high_trainings ?? null]
];

export const effectEnds = (row: LayerRow) => [
  ...[row.effect, row.effect_low, row.effect_high],
  ...[row.effect_low_trainings ?? null, row.effect_high_trainings ?? null]
];

/** The study with those seeds alone whose trainings recorded entropies here; all where none of the cube says. */
export function entropyStudy({study, layers}: LayerCubes, selection: Selection): AllCubes["study"] {
  const seeds = study.seeds.filter((seed) => cellRows(layers, selection, selection, seed).length > 0);
  return seeds.length === 0 ? study : {...study, seeds};
}

/** `energy over units; nats; all 6 corpora, all 3 axes; n = 2,160 test rows, mean of 3 seeds`. */
export function layerSubtitle(cubes: LayerCubes, selection: Selection, [first]: ModeLayers[]): string {
  const name = lowerFirst(ESTIMATOR_TITLES[selection.estimator]);
  return `${name}; nats; ${scopeTitle(cubes, selection)}; ${sampleNote({study: entropyStudy(cubes, selection)}, selection.seed, first!.rows[0]!.n)}`;
}

/** What the intervals in the selected cell are; null where there are none. */
export function layerIntervalScope({study, layers}: LayerCubes, selection: Selection): string | null {
  const rows = cellRows(layers, selection, selection, selection.seed);
  if (!rows.some(({low, low_trainings}) => low !== null || typeof low_trainings === "number")) return null;
  return intervalScope(study, {...selection, interval: kindIn(rows, selection)});
}

/** What the bands are. */
export function layerIntervalNote(cubes: LayerCubes, selection: Selection): string {
  const scope = layerIntervalScope(cubes, selection);
  return scope === null
    ? "No bands: these tables hold no intervals here."
    : `Bands: 95 % intervals ${scope}. They may be narrower than the lines.`;
}

/** Why there is nothing to draw. */
export function noLayers({estimator}: Selection, otherwise: string): string {
  return estimator === "label_entropy"
    ? "This estimator has no layers: choose one of the activation entropies to see them."
    : otherwise;
}

/** The axis of layers, from the embedding on, with as many names as there is room for. */
export function layerAxis(layers: number, room: number): Axis {
  const most = Math.max(2, Math.floor(room / 34));
  const step = [1, 2, 4, 5, 8, 10, 16, 20].find((each) => layers / each <= most) ?? Math.ceil(layers / most);
  const all = Array.from({length: layers + 1}, (_, layer) => layer);
  const ticks = all.filter((layer) => layer % step === 0 && (layers - layer >= step / 2 || layer === layers));
  if (!ticks.includes(layers)) ticks.push(layers);
  return {
    domain: [-layers * 0.015, layers * 1.015],
    ticks,
    format: (layer) => (layer > 0 ? String(layer) : room < 400 || layers > 12 ? "emb." : "embedding")
  };
}

/** Layers at which a line has a marker: all where they are few, else about eight and the last. */
export function markedLayers<R extends {layer: number}>(rows: readonly R[], layers: number): R[] {
  const step = layers <= 12 ? 1 : Math.ceil(layers / 8);
  return rows.filter(({layer}) => layer === layers || (layer % step === 0 && layers - layer >= step));
}
