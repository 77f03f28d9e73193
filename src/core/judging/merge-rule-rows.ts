/** `merge-rules.json`: every rule against the golden set. */
import type {MergeRuleRow} from "../cubes.js";
import {pairAgreement, PAIR_MEASURES} from "../statistics/agreement.js";
import type {JudgedCell} from "./cells.js";
import type {RatedSet, RuleLabels} from "./rated-set.js";

/**
 * All rows, cell by cell, rules in their order; cells without a golden item have none. Errors are those of the labels that
 * a rule gives, which are what is trained on, not of the scores before they became labels.
 */
export function mergeRuleRows(
  {golden}: Pick<RatedSet, "golden">,
  rules: readonly RuleLabels[],
  chosen: string,
  cells: readonly JudgedCell[]
): MergeRuleRow[] {
  return cells.flatMap(({corpus, axis, cell, labels}) =>
    rules.flatMap(({rule, places}) => {
      const found = pairAgreement(places, golden, cell, labels);
      if (found.exact.n === 0) return [];
      return PAIR_MEASURES.map((measure) => ({
        corpus,
        axis,
        rule,
        measure,
        ...found[measure],
        chosen: rule === chosen
      }));
    })
  );
}
