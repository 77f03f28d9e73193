/** Settings counted by what their interval says. */
import type {EffectRow} from "../cubes.js";
import {betterSign} from "../measures.js";
import {signTest} from "./binomial.js";

/** Whether an effect is decided: its interval lies on one side of zero, and that side is the better or the worse one. */
export type Verdict = "helps" | "hurts" | "undecided";

/** Verdict of one effect. Without an interval or a better side, undecided. */
export function verdictOf({measure, low, high}: Pick<EffectRow, "measure" | "low" | "high">): Verdict {
  const sign = betterSign(measure);
  if (low === null || high === null || sign === 0) return "undecided";
  const [worst, best] = sign > 0 ? [low, high] : [-high, -low];
  return worst > 0 ? "helps" : best < 0 ? "hurts" : "undecided";
}

export interface WinTieLoss {
  wins: number;
  ties: number;
  losses: number;
  settings: number;
  /** Settings whose effect alone, decided or not, points to better and to worse; those at exactly 0 are in neither. */
  better: number;
  worse: number;
  /** Two-sided exact sign test of `better` against `worse`. */
  p: number;
}

/**
 * Counts over effects of single settings. A win is an interval wholly on the better side of zero, a loss wholly on the
 * worse one. The sign test uses directions only; it takes settings as independent, which axes of one corpus aren't,
 * so it is a description rather than proof.
 */
export function winTieLoss(effects: Pick<EffectRow, "measure" | "effect" | "low" | "high">[]): WinTieLoss {
  const known = effects.filter(({effect}) => effect !== null);
  const count = (verdict: Verdict) => known.filter((row) => verdictOf(row) === verdict).length;
  const directed = known.map(({measure, effect}) => effect! * betterSign(measure));
  const better = directed.filter((effect) => effect > 0).length;
  const worse = directed.filter((effect) => effect < 0).length;
  return {
    wins: count("helps"),
    ties: count("undecided"),
    losses: count("hurts"),
    settings: known.length,
    better,
    worse,
    p: signTest(better, worse)
  };
}
