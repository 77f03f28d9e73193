/** What claims rest on: which runs, over which rows, asked in which words. */
import type {AllCubes} from "../cubes-reader.js";
import type {RunRow} from "../cubes.js";
import {shownKind} from "../intervals.js";
import type {Selection} from "../selection.js";
import {placeName, seedsName, settingsIn} from "../sentences/phrases.js";
import type {ClaimResult, Provenance} from "./claim.js";

type Cell = Pick<Selection, "corpus" | "axis" | "seed">;

/** Finished runs of arms and baselines whose rows are in a cell, in the tables' order. */
export function runsBehind(
  {study, runs}: Pick<AllCubes, "study" | "runs">,
  systems: readonly string[],
  cell: Cell
): RunRow[] {
  const settings = new Set(settingsIn(study, cell).map(({corpus, axis}) => `${corpus} × ${axis}`));
  return runs.filter(
    ({kind, system, seed, scope, status}) =>
      status === "done" &&
      (kind === "train" || kind === "baseline") &&
      systems.includes(system) &&
      (kind === "baseline" || cell.seed === "all" || seed === cell.seed) &&
      (!scope.includes(" × ") || settings.has(scope))
  );
}

/** Provenance of numbers of some systems in a cell. */
export function behind(
  cubes: Pick<AllCubes, "study" | "runs">,
  systems: readonly string[],
  cell: Cell,
  {query, n, dialogues}: {query: string; n?: number | undefined; dialogues?: number | undefined}
): Provenance {
  const runs = runsBehind(cubes, systems, cell);
  const seeds = [...new Set(runs.filter(({kind}) => kind === "train").map(({seed}) => seed))];
  return {query, runs: runs.map(({run}) => run), seeds, items: n ?? null, dialogues: dialogues ?? null};
}

/** `pooled over 18 settings, mean of 3 seeds`: the cell in words. */
export function cellName({study}: Pick<AllCubes, "study">, cell: Cell): string {
  return `${placeName(study, cell)}, ${seedsName(cell, study.seeds.length)}`;
}

/** `95 % interval over other dialogues and other trainings`. */
export function intervalName(selection: Pick<Selection, "interval" | "seed">): string {
  const trainings = shownKind(selection) === "trainings" ? " and other trainings" : "";
  return `95 % interval over other dialogues${trainings}`;
}

/** Provenance of what the study itself says. */
export function ofStudy(query: string): Provenance {
  return {query, runs: [], seeds: [], items: null, dialogues: null};
}

/** A number of the study itself, or words. */
export function stated(text: string, query: string, value: number | null = null): ClaimResult {
  return {value, interval: null, text, provenance: ofStudy(query)};
}
