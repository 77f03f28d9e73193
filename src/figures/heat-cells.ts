/** What the heat map of layers and settings shows: one cell a mode, setting and layer, decided or not. */
import type {Mode} from "../core/arms.js";
import type {LayerRow} from "../core/cubes.js";
import type {Selection} from "../core/selection.js";
import {layersByMode} from "./layer-rows.js";
import type {LayerCubes} from "./layer-rows.js";

export interface HeatCell {
  row: LayerRow;
  /** Index of its setting among those shown. */
  place: number;
  /** Whether its interval excludes zero; true for single seeds without one. */
  decided: boolean;
}

export interface HeatMap {
  mode: Mode;
  cells: HeatCell[];
}

/**
 * Cells of the modes shown but for the embedding, which is that of one token, often the same in every row, so that all
 * its cells would be one number; and the largest difference among them, for one scale.
 */
export function settingCells(
  cubes: LayerCubes,
  selection: Selection
): {maps: HeatMap[]; most: number; settings: {corpus: string; axis: string}[]} {
  const settings = cubes.study.settings.filter(
    ({corpus, axis}) =>
      (selection.corpus === "all" || corpus === selection.corpus) &&
      (selection.axis === "all" || axis === selection.axis)
  );
  const maps = new Map<Mode, HeatCell[]>();
  let most = 0;
  settings.forEach((setting, place) => {
    for (const {mode, rows} of layersByMode(cubes, selection, ({effect}) => effect !== null, setting)) {
      if (mode === "label-only") continue;
      const cells = maps.get(mode) ?? [];
      maps.set(mode, cells);
      for (const row of rows.filter(({layer}) => layer > 0)) {
        cells.push({row, place, decided: isDecided(row, selection)});
        most = Math.max(most, Math.abs(row.effect!));
      }
    }
  });
  return {maps: [...maps].map(([mode, cells]) => ({mode, cells})), most, settings};
}

function isDecided({effect_low, effect_high}: LayerRow, {seed}: Selection): boolean {
  if (effect_low === null || effect_high === null) return seed !== "all";
  return effect_low > 0 || effect_high < 0;
}
