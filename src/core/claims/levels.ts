/** Claims on levels: how good a system is, and how well it knows it. */
import type {AllCubes} from "../cubes-reader.js";
import {rowsWhere} from "../cube-index.js";
import {formatLevelInterval} from "../format.js";
import {shownInterval} from "../intervals.js";
import {formatMeasure} from "../measures.js";
import {BASELINE_TITLES, armTitle} from "../palette.js";
import type {Baseline} from "../contract.js";
import type {MeasureId} from "../cubes.js";
import {measureName} from "../sentences/phrases.js";
import {bestOf} from "../sentences/levels.js";
import type {ClaimKind, ClaimResult, Values} from "./claim.js";
import {NONE, estimated} from "./estimates.js";
import {ARM, CELL, MEASURE, RECIPE, SHOW, SYSTEM, oneOf, selectionOf, systemNamed} from "./parameters.js";
import {behind, cellName, intervalName} from "./provenance.js";

/** How good an arm or a shortcut is. */
export const LEVEL: ClaimKind = {
  says: "How good an arm or a shortcut is",
  parameters: {arm: SYSTEM, measure: MEASURE, ...CELL, ...RECIPE, show: SHOW},
  make: (cubes, values) => levelClaim(cubes, values, systemNamed(cubes, values.arm!, values))
};

/** The best of the shortcut baselines. */
export const SHORTCUT: ClaimKind = {
  says: "How good the best shortcut baseline is (`level`), or which it is (`name`)",
  parameters: {
    measure: MEASURE,
    corpus: CELL.corpus,
    axis: CELL.axis,
    of: oneOf("which", ["level", "name"], "level"),
    show: SHOW
  },
  make(cubes, values) {
    const {measure, corpus, axis} = selectionOf(cubes, values);
    const rows = rowsWhere(cubes.levels, {measure, corpus, axis, kind: "baseline"});
    const best = bestOf([...rows]);
    const id = best?.system ?? "";
    const claim = levelClaim(cubes, values, {id, kind: "baseline"});
    if (values.of === "level" || !best) return claim;
    return {...claim, text: BASELINE_TITLES[best.system as Baseline].toLowerCase()};
  }
};

const CALIBRATION: readonly MeasureId[] = [
  "smooth_ece",
  "ece",
  "ece_mass",
  "overconfidence",
  "brier",
  "nll",
  "aurc",
  "sharpness"
];

/** The same, of measures that say how well a model knows what it knows. */
export const CALIBRATION_CLAIM: ClaimKind = {
  says: "How well an arm is calibrated",
  parameters: {
    arm: ARM,
    measure: {
      says: "a measure of calibration or of confidence",
      choices: ({study}) => CALIBRATION.filter((id) => study.measures.includes(id)),
      standard: ({study}) => CALIBRATION.find((id) => study.measures.includes(id)) ?? ""
    },
    ...CELL,
    ...RECIPE,
    show: SHOW
  },
  make: (cubes, values) => levelClaim(cubes, values, systemNamed(cubes, values.arm!, values))
};

function levelClaim(
  cubes: AllCubes,
  values: Values,
  {id, kind}: {id: string; kind: "arm" | "baseline"}
): ClaimResult {
  const selection = selectionOf(cubes, values);
  const {measure, corpus, axis} = selection;
  const found = rowsWhere(cubes.levels, {system: id, kind, measure, corpus, axis});
  const row = kind === "baseline" ? found[0] : found.find(({seed}) => seed === selection.seed);
  const shown = kind === "baseline" ? {...selection, interval: "dialogues" as const} : selection;
  const title =
    kind === "baseline"
      ? `the shortcut ${(BASELINE_TITLES[id as Baseline] ?? "that there is none of").toLowerCase()}`
      : armTitle(id, cubes.study.arms).toLowerCase();
  return estimated({
    value: row?.value,
    interval: row ? shownInterval(row, shown) : NONE,
    print: {
      value: (value) => formatMeasure(measure, value),
      interval: (low, high) => formatLevelInterval(low, high, measure)
    },
    show: values.show,
    provenance: behind(cubes, [id], selection, {
      query:
        `${measureName(measure)} of ${title}; ${cellName(cubes, selection)}; ${intervalName(shown)}`.replace(
          /^./,
          (letter) => letter.toUpperCase()
        ),
      n: row?.n,
      dialogues: row?.dialogues
    })
  });
}
