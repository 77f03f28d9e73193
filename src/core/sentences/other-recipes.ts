/** What the answer would be under another order or loss reduction: either can decide it by itself. */
import {armId} from "../arms.js";
import type {EffectRow, StudyFacts} from "../cubes.js";
import {shownInterval} from "../intervals.js";
import {gainSign} from "../measures.js";
import {recipeTitle} from "../palette.js";
import type {Selection} from "../selection.js";
import {verdictOf} from "../statistics/win-tie-loss.js";
import type {Verdict} from "../statistics/win-tie-loss.js";
import {effectText, findEffect, listOf} from "./phrases.js";

/** The explanation's effect under every other order and reduction that was trained; empty where there is none. */
export function otherRecipes(
  study: StudyFacts,
  effects: readonly EffectRow[],
  selection: Selection,
  here: EffectRow
): string {
  const others = study.arms
    .filter(({mode}) => mode === "explanation")
    .filter((arm) => armId(arm) !== here.arm && (arm.tokens ?? "") === selection.tokens);
  const judge = (row: EffectRow): Verdict =>
    verdictOf({measure: row.measure, ...shownInterval(row, selection)});
  const rows = others.flatMap((arm) => {
    const row = findEffect(effects, armId(arm), selection);
    return row && row.effect !== null ? [{arm, row, effect: row.effect, verdict: judge(row)}] : [];
  });
  if (rows.length === 0) return "";
  const own = judge(here);
  const isJudged = gainSign(here.measure) !== 0;
  const said = rows.map(({arm, row, effect, verdict}) => {
    const {low, high} = shownInterval(row, selection);
    const size = effectText(row.measure, effect, low, high);
    return `with ${recipeTitle(arm, study.arms)} ${isJudged ? `${IT[verdict]}, ${size}` : size}`;
  });
  if (!isJudged) return `Trained otherwise: ${listOf(said)}.`;
  return `${compare(
    own,
    rows.map(({verdict}) => verdict)
  )}: ${listOf(said)}.`;
}

/** That one answer is decided and another isn't does not make them differ; opposite answers do. */
function compare(own: Verdict, others: Verdict[]): string {
  const opposite: Verdict[] = own === "undecided" ? [] : [own === "helps" ? "hurts" : "helps"];
  if (others.some((verdict) => opposite.includes(verdict)))
    return "The answer depends on how the models are trained";
  return others.every((verdict) => verdict === own)
    ? "Trained otherwise the answer is the same"
    : "Trained otherwise";
}

const IT: Record<Verdict, string> = {
  helps: "it helps",
  hurts: "it hurts",
  undecided: "it is undecided"
};
