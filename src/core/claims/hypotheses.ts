/** Claims on the hypotheses that the study declared. */
import type {VerdictRow} from "../cubes.js";
import {formatCount} from "../format.js";
import {armTitle} from "../palette.js";
import {formatP} from "../sentences/hypotheses.js";
import {effectText, measureName} from "../sentences/phrases.js";
import {NOT_KNOWN} from "./claim.js";
import type {ClaimKind} from "./claim.js";
import {oneOf} from "./parameters.js";
import {behind} from "./provenance.js";

const TEXTS: Record<string, (row: VerdictRow) => string> = {
  verdict: ({verdict}) => verdict,
  title: ({title}) => title,
  reason: ({reason}) => reason,
  p: ({p}) => (p === null ? NOT_KNOWN : `p ${formatP(p)}`),
  "adjusted-p": ({p_adjusted}) => (p_adjusted === null ? NOT_KNOWN : `p ${formatP(p_adjusted)}`),
  difference: ({measure, effect, low, high}) =>
    effect === null ? NOT_KNOWN : effectText(measure, effect, low, high)
};

/** What became of one hypothesis. */
export const HYPOTHESIS: ClaimKind = {
  says: "What became of a declared hypothesis: its `verdict`, `title`, `reason`, `p`, `adjusted-p` (after the correction) or `difference`",
  parameters: {
    id: {says: "the hypothesis' id", choices: ({verdicts}) => verdicts.map(({id}) => id)},
    of: oneOf("which", Object.keys(TEXTS), "verdict")
  },
  make(cubes, {id, of}) {
    const row = cubes.verdicts.find((verdict) => verdict.id === id)!;
    const value =
      of === "p" ? row.p : of === "adjusted-p" ? row.p_adjusted : of === "difference" ? row.effect : null;
    const ends = of === "difference" && row.low !== null && row.high !== null;
    const arms = cubes.study.arms;
    const cell = {corpus: row.corpus, axis: row.axis, seed: "all"};
    return {
      value,
      interval: ends ? {low: row.low!, high: row.high!} : null,
      text: TEXTS[of!]!(row),
      provenance: behind(cubes, [row.arm, row.against], cell, {
        query: `Hypothesis ${row.id}: ${armTitle(row.arm, arms).toLowerCase()} against ${armTitle(row.against, arms).toLowerCase()} in ${measureName(row.measure)}, test ${row.test}, correction ${row.correction} over ${formatCount(cubes.verdicts.length)}`,
        n: row.n,
        dialogues: row.dialogues
      })
    };
  }
};
