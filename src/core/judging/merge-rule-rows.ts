/** `merge-rules.json`: every rule against the golden set. */
import type {MergeRuleRow} from "../cubes.js";
import {agreementDifference} from "../statistics/agreement-difference.js";
import {pairAgreement, PAIR_MEASURES} from "../statistics/agreement.js";
import type {ClusteredEstimate} from "../statistics/clustered.js";
import type {JudgedCell} from "./cells.js";
import type {RatedSet, RuleLabels} from "./rated-set.js";

/** The rule of the labels, and whether these golden labels chose it. */
export interface ChosenRule {
  rule: string;
  by_golden: boolean;
}

/**
 * All rows, cell by cell, rules in their order; cells without a golden item have none. Errors are those of the labels that
 * a rule gives, which are what is trained on, not of the scores before they became labels.
 */
export function mergeRuleRows(
  {golden}: Pick<RatedSet, "golden">,
  rules: readonly RuleLabels[],
  chosen: ChosenRule,
  cells: readonly JudgedCell[]
): MergeRuleRow[] {
  const reference = rules.find(({rule}) => rule === chosen.rule)!;
  return cells.flatMap(({corpus, axis, cell, labels}) =>
    rules.flatMap((own) => {
      const found = pairAgreement(own.places, golden, cell, labels);
      if (found.exact.n === 0) return [];
      const compared = {a: own.places, b: reference.places, with: golden};
      return PAIR_MEASURES.map((measure) => ({
        corpus,
        axis,
        rule: own.rule,
        measure,
        ...found[measure],
        chosen: own === reference,
        by_golden: own === reference && chosen.by_golden,
        tied: isTied(agreementDifference(compared, measure, cell, labels))
      }));
    })
  );
}

/** Null where there is a difference and no interval around it. */
function isTied({value, low, high}: ClusteredEstimate): boolean | null {
  if (value === 0) return true;
  return value === null || low === null || high === null ? null : low <= 0 && high >= 0;
}
