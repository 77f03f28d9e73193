/** What is known of the hypotheses that a study declares, for `verdicts.json`. */
import type {DeclaredHypothesis} from "../../src/core/hypotheses/declared.js";
import {noEvidence, type HypothesisEvidence} from "../../src/core/hypotheses.js";
import {measureOf} from "../../src/core/measures.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {coverageOf, differencesOf, estimateOf, type Estimates} from "./estimates.js";
import {influenceAt} from "./influence-moments.js";
import {RIGHT, UNSCORED} from "./summary.js";
import {pairUp, type Pair, type Restrict, type System} from "./systems.js";
import type {Cell, TestLayout} from "./test-layout.js";

export async function collectEvidence(
  {arm, against, corpus, axis, measure}: DeclaredHypothesis,
  systems: System[],
  layout: TestLayout,
  restrict: Restrict
): Promise<HypothesisEvidence> {
  const c = layout.cells.findIndex((cell) => cell.corpus === corpus && cell.axis === axis);
  if (c < 0) return noEvidence(`There are no test rows of ${axis} in ${corpus}.`);
  const [own, other] = [arm, against].map((id) => systems.find(({system}) => system === id)?.members ?? []);
  for (const [id, members] of [
    [arm, own],
    [against, other]
  ] as const)
    if (members!.length === 0) return noEvidence(`The arm ${id} has no finished run.`);
  const pairs = (await pairUp(own!, other!, layout, restrict)).filter((pair) => pair.arm.cells[c]!.n > 0);
  if (pairs.length === 0) return noEvidence(`${arm} and ${against} have no seed with test rows in common.`);
  const m = MEASURE_IDS.indexOf(measure);
  const cell = layout.cells[c]!;
  const differences = differencesOf(pairs, layout);
  const {value: effect, se, df, se_trainings, df_trainings} = estimateOf(differences, c, m);
  if (effect === null) return noEvidence(`${measureOf(measure).title} is undefined on these test rows.`);
  return {
    missing: null,
    effect,
    ...{se, df, se_trainings, df_trainings},
    ...coverageOf(
      pairs.map((pair) => pair.arm),
      c
    ),
    settings: cell.settings.map((setting) => settingEffect(differences, setting, m)),
    seeds: pairs.map((pair, i) => {
      const value = differences.seeds[i]!.value(c, m);
      return {seed: pair.seed, effect: value, clusterDifferences: contributions(value, pair, c, m, layout)};
    }),
    ...countRows(pairs, cell)
  };
}

function settingEffect(
  differences: Estimates,
  setting: number,
  measure: number
): HypothesisEvidence["settings"][number] {
  const {settings, cells} = differences.layout;
  const {corpus, axis} = settings[setting]!;
  const c = cells.findIndex((cell) => cell.corpus === corpus && cell.axis === axis);
  return {corpus, axis, effect: estimateOf(differences, c, measure).value};
}

/** Each dialogue's part of a seed's effect. */
function contributions(
  value: number,
  {arm, base}: Pair,
  c: number,
  measure: number,
  layout: TestLayout
): Float64Array {
  const cell = layout.cells[c]!;
  const rowsOf = new Float64Array(cell.dialogues);
  cell.rows.forEach((row, i) => (rowsOf[cell.dialogue[i]!]! += arm.outcome[row] === UNSCORED ? 0 : 1));
  return Float64Array.from(cell.dialogueIds, (id, g) => {
    const at = influenceAt(layout, cell, id) + measure;
    return arm.influence[at]! - base.influence[at]! + (value * rowsOf[g]!) / arm.cells[c]!.n;
  });
}

/** Rows that the arm got right with more seeds than the other, and with fewer. */
function countRows(pairs: Pair[], {rows}: Cell): {gained: number; lost: number} {
  let [gained, lost] = [0, 0];
  for (const row of rows) {
    let more = 0;
    for (const {arm, base} of pairs)
      more += (arm.outcome[row] === RIGHT ? 1 : 0) - (base.outcome[row] === RIGHT ? 1 : 0);
    if (more > 0) gained += 1;
    else if (more < 0) lost += 1;
  }
  return {gained, lost};
}
