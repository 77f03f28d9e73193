/** Values of arms in every setting, as rank tests and robust aggregates read them: higher is better throughout. */
import {rowsWhere} from "./cube-index.js";
import type {LevelRow, StudyFacts} from "./cubes.js";
import {goodness} from "./measures.js";
import type {Selection, StudyArm} from "./selection.js";
import {settingsIn} from "./sentences/phrases.js";

type Shown = Pick<Selection, "measure" | "corpus" | "axis" | "seed">;

/** Settings × arms: {@link goodness} of each arm's level in each setting of the selection; null where it has none. */
export function goodnessBySetting(
  levels: readonly LevelRow[],
  study: StudyFacts,
  {arms, selection}: {arms: readonly Pick<StudyArm, "id">[]; selection: Shown}
): (number | null)[][] {
  const {measure, seed} = selection;
  const tables = arms.map(({id}) => byPlace(rowsWhere(levels, {measure, system: id, seed})));
  return settingsIn(study, selection).map(({corpus, axis}) =>
    tables.map((table) => {
      const value = table.get(`${corpus} ${axis}`)?.value ?? null;
      return value === null ? null : goodness(measure, value);
    })
  );
}

/**
 * Arms × settings × seeds, in the measure's own unit, for the settings and seeds in which all arms have a value. The
 * seeds stand in the study's order, so that a place in one list is the same training in all (regime `one-model`).
 */
export function scoresBySeed(
  levels: readonly LevelRow[],
  study: StudyFacts,
  {arms, selection}: {arms: readonly Pick<StudyArm, "id">[]; selection: Shown}
): number[][][] {
  const {measure} = selection;
  const settings = settingsIn(study, selection);
  const tables = arms.map(({id}) =>
    study.seeds.map((seed) => byPlace(rowsWhere(levels, {measure, system: id, seed})))
  );
  const valueOf = (arm: number, seed: number, {corpus, axis}: {corpus: string; axis: string}) =>
    tables[arm]![seed]!.get(`${corpus} ${axis}`)?.value ?? null;
  const seeds = study.seeds.map((_, seed) => seed).filter((seed) => isScored(seed));
  function isScored(seed: number): boolean {
    return settings.some((place) => arms.every((_, arm) => valueOf(arm, seed, place) !== null));
  }
  const complete = settings.filter((place) =>
    seeds.every((seed) => arms.every((_, arm) => valueOf(arm, seed, place) !== null))
  );
  return arms.map((_, arm) => complete.map((place) => seeds.map((seed) => valueOf(arm, seed, place)!)));
}

function byPlace(rows: readonly LevelRow[]): Map<string, LevelRow> {
  return new Map(rows.map((row) => [`${row.corpus} ${row.axis}`, row]));
}
