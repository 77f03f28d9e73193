/** Sentences on declared hypotheses: what one says, and why it was judged as it was. From the numbers alone. */
import type {VerdictRow} from "../cubes.js";
import {formatCount, formatNumber} from "../format.js";
import {betterSign, formatEffect} from "../measures.js";
import {armTitle} from "../palette.js";
import {effectText, measureName} from "./phrases.js";

type Named = Pick<VerdictRow, "arm" | "against" | "measure" | "direction" | "corpus" | "axis" | "smallest">;

/** `Explanation, label first, part mean: better than label only in accuracy`. */
export function hypothesisTitle({arm, against, measure, direction, corpus, axis, smallest}: Named): string {
  const places = [corpus, axis].filter((place) => place !== "all").join(", ");
  const within = smallest === null ? "" : ` within ${sizeText(measure, smallest)}`;
  const says = {
    better: "better than",
    worse: "worse than",
    different: "different from",
    equivalent: "equivalent to"
  };
  const other = armTitle(against).toLowerCase();
  return (
    `${armTitle(arm)}: ${says[direction]} ${other}${direction === "equivalent" ? within : ""} in ${measureName(measure)}` +
    (places === "" ? "" : ` on ${places}`)
  );
}

/** What {@link verdictReason} needs: the judged row, and what its test rests on. */
export interface VerdictGrounds {
  row: Omit<VerdictRow, "reason">;
  /** Why there is no p; null where there is one. */
  untestable: string | null;
  /** What the test counts: `18 settings`. */
  units: string;
  /** Above 0 where the test itself points to higher values, below where to lower ones. */
  towards: number;
  /** What makes this p less sure than it looks; empty where nothing does. */
  caution: string;
  /** Why it can't decide whatever its p; empty where it can. */
  doubt: string;
  /** Hypotheses that are corrected together. */
  family: number;
}

/** Why a hypothesis was judged as it was, in a few short sentences. */
export function verdictReason(grounds: VerdictGrounds): string {
  const {row, untestable, units, caution} = grounds;
  if (untestable !== null) return untestable;
  return [
    `The difference is ${sizeOf(row)}; ${TESTS[row.test]} over ${units} gives ${pText(grounds)}: ${conclusion(grounds)}.`,
    outOfReach(grounds),
    onlyCorrected(grounds),
    row.verdict === "undecided" ? "" : caution
  ]
    .filter(Boolean)
    .join(" ");
}

const TESTS: Record<VerdictRow["test"], string> = {
  interval: "Student's t",
  permutation: "the permutation test",
  mcnemar: "McNemar's test",
  sign: "the sign test",
  wilcoxon: "Wilcoxon's test"
};

function sizeOf({measure, effect, low, high, alpha}: VerdictGrounds["row"]): string {
  const percent = 100 * (1 - alpha);
  const digits = Math.abs(percent - Math.round(percent)) < 1e-9 ? 0 : 1;
  const level = low === null ? "" : `, ${formatNumber(percent, digits)} % interval`;
  return effectText(measure, effect!, low, high) + level;
}

/** `p = .012, .036 after Holm's correction over 3 hypotheses`. */
function pText({row: {p, p_adjusted, correction}, family}: VerdictGrounds): string {
  const raw = `p ${formatP(p!)}`;
  if (family === 1 || correction === "none") return raw;
  const name = correction === "holm" ? "Holm's" : "Benjamini and Hochberg's";
  return `${raw}, ${formatP(p_adjusted!).replace("= ", "")} after ${name} correction over ${formatCount(family)} hypotheses`;
}

/** `= .012`, `< .001`, `= 1`: no leading zero, since p can't be larger than 1. */
export function formatP(p: number): string {
  if (p < 0.001) return "< .001";
  return p >= 0.9995 ? "= 1" : `= ${p.toFixed(3).replace(/^0/, "")}`;
}

/** `.05`, `.0167`. */
function levelText(level: number): string {
  return Number(level.toPrecision(3)).toString().replace(/^0/, "");
}

function conclusion({row, towards, doubt}: VerdictGrounds): string {
  const {verdict, direction, measure, smallest, alpha} = row;
  const margin = smallest === null ? "" : sizeText(measure, smallest);
  if (direction === "equivalent") {
    if (verdict === "supported") return `a difference of ${margin} or more is ruled out`;
    if (verdict === "contradicted") return `the difference is larger than ${margin}`;
    return `a difference of ${margin} is not ruled out`;
  }
  if (verdict === "equivalent")
    return `whichever way it goes, it is smaller than ${margin}, the smallest of interest`;
  if (verdict === "undecided" && doubt) return `yet ${doubt}, and all settings share them: undecided`;
  if (verdict === "undecided")
    return `at the level of ${levelText(alpha)} that leaves open which way it goes`;
  if (betterSign(measure) === 0) return `it is ${towards > 0 ? "higher" : "lower"}`;
  return `it is ${isBetter(measure, towards) ? "better" : "worse"}`;
}

/** Where no data could have given a p small enough, that is worth knowing first. */
function outOfReach({row: {smallest_p, alpha, correction, verdict}, family}: VerdictGrounds): string {
  const needed = correction === "none" ? alpha : alpha / family;
  if (verdict !== "undecided" || smallest_p === null || smallest_p <= needed) return "";
  const first =
    needed === alpha
      ? ""
      : `, where the smallest of ${formatCount(family)} has to reach ${levelText(needed)}`;
  return `With so few, this test can't give a p below ${levelText(smallest_p)}${first}.`;
}

/** Where the correction alone leaves it open, a reader would wonder at the interval. */
function onlyCorrected({row, doubt}: VerdictGrounds): string {
  const {p, p_adjusted, alpha, verdict, direction, measure, smallest, low, high} = row;
  if (verdict !== "undecided" || doubt) return "";
  if (direction === "equivalent" && low !== null && high !== null && (low >= smallest! || high <= -smallest!))
    return (
      `Alone it would have been contradicted, since the whole interval lies beyond ${sizeText(measure, smallest!)}; ` +
      "among several hypotheses it is not."
    );
  return p! <= alpha && p_adjusted! > alpha
    ? "Alone it would have been decided; among several hypotheses it is not."
    : "";
}

/** Whether a difference is for the better by its measure. Throws a RangeError where zero is best: then none is by itself. */
export function isBetter(measure: VerdictRow["measure"], difference: number): boolean {
  const sign = betterSign(measure);
  if (sign === 0) throw new RangeError(`A difference in ${measure} has no better side`);
  return sign * difference > 0;
}

/** `2.0 points`. */
function sizeText(measure: VerdictRow["measure"], size: number): string {
  return formatEffect(measure, size).replace(/^\+/, "");
}
