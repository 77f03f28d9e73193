/** The noise floor of a cell: the largest difference between repetitions of any arm that was repeated. */
import type {NoiseRow} from "./cubes.js";

/** `corpus axis` → floor, in the measure's unit. */
export function noiseFloors(noise: readonly NoiseRow[], measure: NoiseRow["measure"]): Map<string, number> {
  const floors = new Map<string, number>();
  for (const row of noise) {
    if (row.measure !== measure || row.largest === null) continue;
    const cell = `${row.corpus} ${row.axis}`;
    floors.set(cell, Math.max(floors.get(cell) ?? 0, row.largest));
  }
  return floors;
}
