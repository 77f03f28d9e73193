/** What the answer would be under another order or loss reduction: either can decide it by itself. */
import {armId} from "../arms.js";
import type {EffectRow, StudyFacts} from "../cubes.js";
import type {Selection} from "../selection.js";
import {verdictOf} from "../statistics/win-tie-loss.js";
import type {Verdict} from "../statistics/win-tie-loss.js";
import {effectText, findEffect, listOf, recipeName} from "./phrases.js";

/** The explanation's effect under every other order and reduction that was trained; empty where there is none. */
export function otherRecipes(
  study: StudyFacts,
  effects: EffectRow[],
  selection: Selection,
  here: EffectRow
): string {
  const others = study.arms
    .filter(({mode}) => mode === "explanation")
    .filter((arm) => armId(arm) !== here.arm);
  const rows = others.flatMap((arm) => {
    const row = findEffect(effects, armId(arm), selection);
    return row && row.effect !== null ? [{arm, row, effect: row.effect}] : [];
  });
  if (rows.length === 0) return "";
  const differs = rows.some(({row}) => verdictOf(row) !== verdictOf(here));
  const said = rows.map(
    ({arm, row, effect}) =>
      `with ${recipeName(arm)} ${IT[verdictOf(row)]}, ${effectText(row.measure, effect, row.low, row.high)}`
  );
  return `${differs ? "The answer depends on how the models are trained" : "Trained otherwise the answer is the same"}: ${listOf(said)}.`;
}

const IT: Record<Verdict, string> = {
  helps: "it helps",
  hurts: "it hurts",
  undecided: "it is undecided"
};
