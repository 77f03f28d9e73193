/** What arms of a table have in common. */
import type {Arm} from "../../arms.js";
import {recipeTitle} from "../../palette.js";

/** ` (label first, token mean)`; nothing where there is only label-only. */
export function recipeNote(arms: readonly Arm[]): string {
  const arm = arms.find(({mode}) => mode !== "label-only");
  return arm ? ` (${recipeTitle(arm)})` : "";
}
