/**
 * The cubes: what the tables stage writes and the pages read. Each is a {@link Columns} document of the row type
 * given here, or a plain JSON document where said. A *cell* is corpus × axis, where either may be `"all"`: pooled
 * over the test rows of all. `seed` is a training seed as text, or `"all"`: the mean over seeds.
 */

export type * from "./cubes/study-facts.js";
export type * from "./cubes/effect-rows.js";
export type * from "./cubes/entropy-rows.js";
export type * from "./cubes/certainty-rows.js";
export type * from "./cubes/run-rows.js";
export type * from "./cubes/noise-rows.js";
export type * from "./cubes/judging-rows.js";

/** Files of the tables stage, by what they hold. `study.duckdb` lies beside them. */
export const CUBES = [
  "study",
  "levels",
  "effects",
  "layers",
  "relations",
  "quintiles",
  "curves",
  "along",
  "runs",
  "noise",
  "examples",
  "across",
  "confusions",
  "label-effects",
  "reliability",
  "risk-coverage",
  "brier",
  "distributions",
  "joint",
  "verdicts",
  "label-counts",
  "agreement",
  "severity",
  "merge-rules",
  "judge-calls",
  "votes"
] as const;
export type CubeName = (typeof CUBES)[number];
