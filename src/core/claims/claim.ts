/**
 * A claim: something that a text says about a study, tied to what it rests on. Each is one pure function of the cubes and
 * of named arguments, so that whoever has the tables of a study can make it again and compare.
 */
import type {AllCubes} from "../cubes-reader.js";

/** Arguments as a text gives them: data, never code. */
export type ClaimArguments = Readonly<Record<string, string | number | boolean>>;

/** What a claim rests on. */
export interface Provenance {
  /** What was asked of the tables, in words. */
  query: string;
  /** Ids of the runs whose results are in it; none where it is of the study itself. */
  runs: string[];
  /** Their seeds. */
  seeds: string[];
  /** Test rows in it; null where it counts none. */
  items: number | null;
  dialogues: number | null;
}

/** What a claim comes to. `text` is empty where there is nothing to say. */
export interface ClaimResult {
  /** In the tables' unit; null where the claim is words, or is not known. */
  value: number | null;
  interval: {low: number; high: number} | null;
  text: string;
  provenance: Provenance;
}

/** A claim of a text, as `claims.json` lists it. */
export interface Claim extends ClaimResult {
  /** Its place in the text, from 1. */
  id: string;
  name: string;
  arguments: ClaimArguments;
}

/** Resolved arguments, all as text: what was left out has its default. */
export type Values = Readonly<Record<string, string>>;

/** One argument that a claim takes. */
export interface Parameter {
  /** What it says, for the reference. */
  says: string;
  /** All that it may be in this study. */
  choices(cubes: AllCubes): readonly string[];
  /** What stands where it is left out; a claim without it fails where it is left out. */
  standard?(cubes: AllCubes): string;
}

/** A kind of claim. */
export interface ClaimKind {
  says: string;
  parameters: Readonly<Record<string, Parameter>>;
  /** @throws BadInput where the arguments are each known but don't go together */
  make(cubes: AllCubes, values: Values): ClaimResult;
}

/** What a text says where a study doesn't know it: a run is missing, or the measure is undefined there. */
export const NOT_KNOWN = "not known";
