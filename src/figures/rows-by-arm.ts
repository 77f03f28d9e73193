/** Rows of systems by the arms that a selection shows. */
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {recipeTitle} from "../core/palette.js";
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

/** Why a mode has no estimate under an order and loss reduction: it was not trained, or has no such value here. */
export function absentText(
  {study: {arms}}: Pick<AllCubes, "study">,
  {tokens: chosen}: Selection
): (recipe: string, mode: string) => string {
  return (recipe, mode) =>
    arms.some(
      (arm) => arm.mode === mode && (arm.tokens ?? "") === chosen && recipeTitle(arm, arms) === recipe
    )
      ? "no value"
      : "not trained";
}
