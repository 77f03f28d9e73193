/**
 * Cubes cut into parts by what the toggles select, so that a page first loads what it shows and the rest when a toggle
 * asks for it. A part is a cube of its own, with the rows of one measure, one estimator and seed, and so on.
 */
import {splitColumns} from "./columns.js";
import type {Columns} from "./columns.js";
import type {CubeName, JointDocument, StudyFacts} from "./cubes.js";
import {cutJoint, joinJoint} from "./joint-document.js";
import {choicesOf} from "./selection.js";
import type {Selection} from "./selection.js";

/** Keys of a selection that are columns of cubes. */
export type PartKey = "measure" | "estimator" | "layer" | "seed";

/** By which columns a cube is cut. Cubes that are not here stay whole. */
export const PART_KEYS: Partial<Record<CubeName, readonly PartKey[]>> = {
  levels: ["measure"],
  effects: ["measure"],
  across: ["measure"],
  layers: ["estimator", "seed"],
  relations: ["layer"],
  quintiles: ["estimator", "layer"],
  joint: ["estimator"],
  reliability: ["seed"]
};

/**
 * What a page wants of a cube: everything; the part that the toggles select; or that part and others beside it, by key:
 * `{measure: ["accuracy"]}`, `{seed: "all"}`.
 */
export type Wanted = "all" | "selected" | Partial<Record<PartKey, "all" | readonly string[]>>;

/** Between the values of a part's name. */
const SEPARATOR = ".";
/** Layer of rows that are of the labels' entropy, at the output. */
const OUTPUT = "-1";

type Values = Partial<Record<PartKey, string>>;

/** Every combination of values by which a cube of this study is cut; none for a cube that stays whole. */
function combinations(cube: CubeName, facts: StudyFacts): Values[] {
  const choices = choicesOf(facts);
  const valuesOf = (key: PartKey): string[] =>
    key === "layer" ? [...choices.layer.map(String), OUTPUT] : choices[key].map(String);
  return (PART_KEYS[cube] ?? [])
    .reduce<Values[]>(
      (made, key) => made.flatMap((values) => valuesOf(key).map((value) => ({...values, [key]: value}))),
      [{}]
    )
    .filter(
      ({estimator, layer}) =>
        estimator === undefined ||
        layer === undefined ||
        (estimator === "label_entropy") === (layer === OUTPUT)
    );
}

const nameOf = (cube: CubeName, values: Values): string =>
  PART_KEYS[cube]!.map((key) => values[key]!).join(SEPARATOR);

/** Names of all parts of a cube: `accuracy`, `energy.all`; none for a cube that stays whole. */
export function partsOf(cube: CubeName, facts: StudyFacts): string[] {
  return PART_KEYS[cube] ? combinations(cube, facts).map((values) => nameOf(cube, values)) : [];
}

/** Names of the parts that a page wants under a selection, in the order of the study's choices. */
export function partsWanted(
  cube: CubeName,
  wanted: Wanted,
  selection: Selection,
  facts: StudyFacts
): string[] {
  const isWanted = (key: PartKey, value: string): boolean => {
    const besides = typeof wanted === "string" ? [] : (wanted[key] ?? []);
    if (wanted === "all" || besides === "all" || besides.includes(value)) return true;
    // The labels' entropy has no layers: its rows are there whichever layer is chosen.
    return value === String(selection[key]) || (key === "layer" && value === OUTPUT);
  };
  if (!PART_KEYS[cube]) return [];
  return combinations(cube, facts)
    .filter((values) => Object.entries(values).every(([key, value]) => isWanted(key as PartKey, value)))
    .map((values) => nameOf(cube, values));
}

/** Where the study's files lie a cube or a part of it has this name: `levels/accuracy.json`, `runs.json`. */
export function partFile(cube: CubeName, part?: string): string {
  return part === undefined ? `${cube}.json` : `${cube}/${part}.json`;
}

/** Cuts a cube as it was written, part by part. Every part of {@link partsOf} is there; one without rows is empty. */
export function cutCube(cube: CubeName, document: unknown, facts: StudyFacts): Map<string, unknown> {
  const keys = PART_KEYS[cube] ?? [];
  if (cube === "joint") return cutJoint(document as JointDocument, partsOf(cube, facts));
  const table = document as Columns;
  const found = splitColumns(table, keys, SEPARATOR);
  return new Map(partsOf(cube, facts).map((part) => [part, found.get(part) ?? {rows: 0, columns: {}}]));
}

/** Decoded parts of one cube as one cube again; the same array where there is but one. */
export function joinParts(cube: CubeName, parts: unknown[]): unknown {
  if (parts.length === 1) return parts[0];
  if (cube !== "joint") return (parts as object[][]).flat();
  return joinJoint(parts as JointDocument[]);
}
