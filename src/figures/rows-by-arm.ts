/** Rows of systems by the arms that a selection shows. */
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {selectedArms} from "../core/selection.js";
import type {Selection, StudyArm} from "../core/selection.js";

/** Rows of the arms shown, in figure order; an arm without rows is left out. */
export function byArm<R extends {system: string}>(
  {study}: Pick<AllCubes, "study">,
  selection: Selection,
  rows: readonly R[]
): {arm: StudyArm; mode: Mode; rows: R[]}[] {
  return selectedArms(selection, study).flatMap((arm) => {
    const own = rows.filter(({system}) => system === arm.id);
    return own.length > 0 ? [{arm, mode: arm.mode, rows: own}] : [];
  });
}
