/** What a claim rests on, in one line: rows, dialogues, runs, seeds. */
import type {Claim, Provenance} from "../../src/core/claims/claim.js";
import {formatCounted} from "../../src/core/format.js";
import {listOf} from "../../src/core/sentences/phrases.js";

/** `1,800 test rows in 600 dialogues; 6 runs; seeds 1, 2 and 3`; empty where it is of the study itself. */
export function basis({items, dialogues, runs, seeds}: Provenance): string {
  const rows = items === null ? "" : formatCounted(items, "test row");
  const within = rows && dialogues !== null ? ` in ${formatCounted(dialogues, "dialogue")}` : "";
  return [
    rows + within,
    runs.length === 0 ? "" : formatCounted(runs.length, "run"),
    seeds.length === 0 ? "" : `${seeds.length === 1 ? "seed" : "seeds"} ${listOf(seeds)}`
  ]
    .filter(Boolean)
    .join("; ");
}

/** Claims that say something: each number of the text, in its order. */
export function spoken(claims: readonly Claim[]): Claim[] {
  return claims.filter(({text}) => text !== "");
}

/** The first claim with the same runs, where it isn't this one: lists of runs are then not repeated. */
export function sameRuns(claim: Claim, claims: readonly Claim[]): Claim | null {
  const key = claim.provenance.runs.join(" ");
  const first = claims.find(({provenance}) => provenance.runs.join(" ") === key)!;
  return first === claim || key === "" ? null : first;
}
