/** `claims.json`: every claim of a report with all that is needed to make it again from the tables, and to compare. */
import type {Claim, ClaimArguments} from "../../src/core/claims/claim.js";
import {makeClaim} from "../../src/core/claims/registry.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {keepUnits} from "../../src/core/format.js";
import {canonicalJson} from "../stages/content-hash.js";
import type {Report, TypedByHand} from "./report.js";

/** One claim as the file lists it. */
export interface ClaimRecord {
  id: string;
  name: string;
  arguments: ClaimArguments;
  text: string;
  value: number | null;
  interval: {low: number; high: number} | null;
  /** What was asked, in words. */
  query: string;
  runs: string[];
  seeds: string[];
  items: number | null;
  dialogues: number | null;
}

export interface ClaimsDocument {
  because: 1;
  study: string;
  /** Content hash of the tables that the claims were made from. */
  tables: string;
  claims: ClaimRecord[];
  /** Numbers that the author says are no claims. */
  typed: TypedByHand[];
}

export function claimsDocument({cubes, claims, typed}: Report): string {
  const document: ClaimsDocument = {
    because: 1,
    study: cubes.study.id,
    tables: cubes.study.version,
    claims: claims.map(recordOf),
    typed
  };
  return `${canonicalJson(document)}\n`;
}

function recordOf({provenance, ...claim}: Claim): ClaimRecord {
  return {...claim, ...provenance};
}

/** The same claim made again from other tables, such as those that were rebuilt from run logs. Throws BadInput as a report does. */
export function remakeClaim({id, name, arguments: given}: ClaimRecord, cubes: AllCubes): ClaimRecord {
  const made = makeClaim(cubes, {name, arguments: given}, `claims.json, claim ${id}`);
  return recordOf({id, name, arguments: given, ...made, text: keepUnits(made.text)});
}
