/** Names of arms where room is scarce: only what tells this study's arms apart, in the mode's colour. */
import type {StudyFacts} from "../core/cubes.js";
import {MODE_LOOKS, ORDER_TITLES, REDUCTION_TITLES, budgetTitle, modeTextColor} from "../core/palette.js";

type Facts = Pick<StudyFacts, "arms">;

/**
 * `Shuffled, part mean` in a study of one order; `Shuffled` where order and reduction are both the same throughout. A
 * token budget is said where it is not the study's first.
 */
export function shortArmTitle({arms}: Facts, id: string): string {
  const arm = arms.find((each) => each.id === id);
  if (!arm) return id;
  const {title} = MODE_LOOKS[arm.mode];
  if (arm.mode === "label-only") return title;
  const others = arms.filter(({mode}) => mode !== "label-only");
  const differ = (key: "order" | "reduction") => others.some((other) => other[key] !== arm[key]);
  return [
    title,
    ...(differ("order") ? [ORDER_TITLES[arm.order]] : []),
    ...(differ("reduction") ? [REDUCTION_TITLES[arm.reduction]] : []),
    ...(arm.tokens ? [budgetTitle(arm.tokens)] : [])
  ].join(", ");
}

/** The head of an arm's row in a table. */
export function armHead(facts: Facts, id: string): HTMLTableCellElement {
  const head = document.createElement("th");
  const mode = facts.arms.find((each) => each.id === id)?.mode;
  head.scope = "row";
  head.textContent = shortArmTitle(facts, id);
  head.style.fontWeight = "400";
  if (mode) head.style.color = modeTextColor(mode);
  return head;
}
