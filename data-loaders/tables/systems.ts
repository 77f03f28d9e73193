/** Systems (arms and baselines) with their seeds, and pairs of them on the same test rows. */
import {RIGHT, UNSCORED, WRONG, type Summary} from "./summary.js";
import type {TestLayout} from "./test-layout.js";

/** One system with one seed: one run, or one a setting. */
export interface Unit {
  system: string;
  kind: "arm" | "baseline";
  /** Empty for baselines. */
  seed: string;
  /** Run ids with the folders of their logs. */
  runs: {run: string; folder: string}[];
  /** Whether any of them may have left activation entropies. */
  recorded: boolean;
}

/** A unit with what its predictions amount to. */
export interface Member extends Unit {
  summary: Summary;
}

/** All seeds of a system, ascending. */
export interface System {
  system: string;
  kind: Unit["kind"];
  members: Member[];
}

/** A seed's two sides of a paired difference, on the rows that both scored. */
export interface Pair {
  seed: string;
  arm: Summary;
  base: Summary;
  /** By setting: rows that the arm alone got right, and that the other alone got right. */
  gained: Float64Array;
  lost: Float64Array;
}

/** Summarises a unit again, on the rows where the mask isn't 0. */
export type Restrict = (unit: Unit, mask: Uint8Array) => Promise<Summary>;

/** Pairs of the same seed. */
export async function pairUp(
  arm: readonly Member[],
  others: readonly Member[],
  layout: TestLayout,
  restrict: Restrict
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const own of arm) {
    const other = others.find(({seed}) => seed === own.seed);
    if (!other) continue;
    const [left, right] = await onCommonRows(own, other, restrict);
    pairs.push({seed: own.seed, arm: left, base: right, ...countFlips(left, right, layout)});
  }
  return pairs;
}

async function onCommonRows(a: Member, b: Member, restrict: Restrict): Promise<[Summary, Summary]> {
  const [left, right] = [a.summary.outcome, b.summary.outcome];
  const mask = new Uint8Array(left.length);
  let [leftOnly, rightOnly] = [false, false];
  for (let row = 0; row < mask.length; ++row) {
    const own = left[row] !== UNSCORED;
    const other = right[row] !== UNSCORED;
    if (own && other) mask[row] = 1;
    else if (own) leftOnly = true;
    else if (other) rightOnly = true;
  }
  return [leftOnly ? await restrict(a, mask) : a.summary, rightOnly ? await restrict(b, mask) : b.summary];
}

function countFlips(
  arm: Summary,
  base: Summary,
  {setting, settings}: TestLayout
): Pick<Pair, "gained" | "lost"> {
  const gained = new Float64Array(settings.length);
  const lost = new Float64Array(settings.length);
  for (let row = 0; row < setting.length; ++row) {
    const [own, other] = [arm.outcome[row]!, base.outcome[row]!];
    if (own === RIGHT && other === WRONG) gained[setting[row]!]! += 1;
    else if (own === WRONG && other === RIGHT) lost[setting[row]!]! += 1;
  }
  return {gained, lost};
}
