/** Seeded samples of the cubes that the Calibration and Entropy pages draw, and the levels and effects beside them. */
import {parseArm} from "../../src/core/arms.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import type {
  BrierRow,
  DistributionRow,
  EffectRow,
  LevelRow,
  MeasureId,
  ReliabilityRow,
  RiskRow,
  StudyFacts
} from "../../src/core/cubes.js";
import {CALIBRATION_BINS} from "../../src/core/measures.js";
import {createRandom} from "../../src/core/random.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "effects">;
type Samples = Pick<
  AllCubes,
  "levels" | "effects" | "reliability" | "riskCoverage" | "brier" | "distributions"
>;

const ROWS = 360;

/** What an arm is planted to be: how often right, and by how much surer than that. */
interface Planted {
  accuracy: number;
  over: number;
}

/** Bins, curves and parts that fit planted accuracies, with the measures of calibration that the study lacks. */
export function calibrationSamples({study, levels, effects}: Cubes): Samples {
  const systems = study.arms.map(({id}) => id);
  const cells = cellsOf(study);
  return {
    levels: sampleLevels(study, levels),
    effects: sampleEffects(study, effects),
    reliability: systems.flatMap((system) =>
      cells.flatMap((cell) =>
        ["all", ...study.seeds].flatMap((seed) =>
          (["width", "mass"] as const).flatMap((bins) => sampleBins(system, cell, seed, bins))
        )
      )
    ),
    riskCoverage: systems.flatMap((system) => cells.flatMap((cell) => sampleRisk(system, cell))),
    brier: systems.flatMap((system) => cells.map((cell) => sampleBrier(system, cell))),
    distributions: systems.flatMap((system) => cells.flatMap((cell) => sampleHistograms(system, cell)))
  };
}

interface Cell {
  corpus: string;
  axis: string;
}

function cellsOf({corpora, axes}: StudyFacts): Cell[] {
  return ["all", ...corpora.map(({id}) => id)].flatMap((corpus) =>
    ["all", ...axes.map(({id}) => id)].map((axis) => ({corpus, axis}))
  );
}

function plantedIn(system: string, {corpus, axis}: Cell): Planted {
  const noise = createRandom("calibration", system, corpus, axis).unit() - 0.5;
  const {mode} = parseArm(system);
  const over =
    mode === "label-only" ? 0.09 : mode === "filler" ? -0.05 : mode === "explanation" ? 0.03 : 0.01;
  return {accuracy: 0.66 + 0.08 * noise, over: over + 0.01 * noise};
}

function sampleBins(system: string, cell: Cell, seed: string, bins: "width" | "mass"): ReliabilityRow[] {
  const {over} = plantedIn(system, cell);
  return Array.from({length: CALIBRATION_BINS}, (_, bin) => bin).flatMap((bin) => {
    const random = createRandom("bins", system, cell.corpus, cell.axis, seed, bins, bin);
    const share = bins === "width" ? (bin < 3 ? 0 : (bin - 2) ** 1.5) : 1;
    const n = Math.round((share * ROWS) / (bins === "width" ? 200 : CALIBRATION_BINS));
    if (n === 0) return [];
    const confidence =
      bins === "width" ? (bin + 0.5) / CALIBRATION_BINS : 0.25 + (0.74 * bin) / CALIBRATION_BINS;
    const accuracy = Math.min(1, Math.max(0, confidence - over + 0.05 * (random.unit() - 0.5)));
    const half = 1.96 * Math.sqrt(0.2 / n);
    const known = seed === "all";
    const ends = (reach: number) =>
      known ? [Math.max(0, accuracy - reach), Math.min(1, accuracy + reach)] : [null, null];
    const [low, high] = ends(half) as [number | null, number | null];
    const [low_trainings, high_trainings] = ends(1.5 * half) as [number | null, number | null];
    const interval = {low, high, low_trainings, high_trainings};
    return [{system, seed, ...cell, bins, bin: bin + 1, confidence, accuracy, ...interval, n}];
  });
}

function sampleRisk(system: string, cell: Cell): RiskRow[] {
  const {accuracy} = plantedIn(system, cell);
  return Array.from({length: 20}, (_, i) => {
    const coverage = (i + 1) / 20;
    return {system, ...cell, coverage, risk: (1 - accuracy) * (0.15 + 0.85 * coverage ** 1.4)};
  });
}

function sampleBrier(system: string, cell: Cell): BrierRow {
  const {accuracy, over} = plantedIn(system, cell);
  const parts = {reliability: over ** 2 + 0.004, resolution: 0.05, uncertainty: accuracy * (1 - accuracy)};
  const within_bin = -0.0007;
  const brier = parts.reliability - parts.resolution + parts.uncertainty + within_bin;
  return {system, ...cell, brier, ...parts, within_bin};
}

function sampleHistograms(system: string, cell: Cell): DistributionRow[] {
  const {over} = plantedIn(system, cell);
  return (["label_entropy", "margin", "confidence"] as const).flatMap((quantity) =>
    Array.from({length: 20}, (_, i) => {
      const [from, to] = [i / 20, (i + 1) / 20].map(
        (at) => at * (quantity === "label_entropy" ? Math.log(5) : 1)
      );
      const sure = quantity === "label_entropy" ? 1 - i / 19 : i / 19;
      const correct = Math.round(40 * Math.exp(-((sure - 0.8 - over) ** 2) / 0.06));
      return {system, ...cell, quantity, from: from!, to: to!, correct, wrong: Math.round(18 * Math.exp(-((sure - 0.4) ** 2) / 0.08))}; // prettier-ignore
    })
  );
}

/** Measures of calibration by accuracy's rows: same cells, seeds and counts. */
const LEVELS: Partial<Record<MeasureId, (planted: Planted) => number>> = {
  sharpness: ({accuracy, over}) => accuracy + over,
  overconfidence: ({over}) => over,
  smooth_ece: ({over}) => Math.abs(over) + 0.02,
  ece_mass: ({over}) => Math.abs(over) + 0.03,
  aurc: ({accuracy}) => (1 - accuracy) * 0.5
};

function sampleLevels({measures}: StudyFacts, levels: LevelRow[]): LevelRow[] {
  const like = levels.filter(({measure, kind}) => measure === "accuracy" && kind === "arm");
  return lacking(measures).flatMap(([measure, valueOf]) =>
    like.map((row) => {
      const shift = valueOf(plantedIn(row.system, row)) - row.value!;
      const seedShift =
        row.seed === "all" ? 0 : 0.01 * (createRandom(row.system, row.seed, measure).unit() - 0.5);
      return {...moved(row, shift + seedShift), measure, value: row.value! + shift + seedShift};
    })
  );
}

function sampleEffects({measures}: StudyFacts, effects: EffectRow[]): EffectRow[] {
  const like = effects.filter(({measure}) => measure === "accuracy");
  return lacking(measures).flatMap(([measure, valueOf]) =>
    like.map((row) => {
      const effect = valueOf(plantedIn(row.arm, row)) - valueOf(plantedIn("label-only", row));
      return {...moved(row, effect - row.effect!), measure, effect};
    })
  );
}

function lacking(measures: MeasureId[]): [MeasureId, (planted: Planted) => number][] {
  const all = Object.entries(LEVELS) as [MeasureId, (planted: Planted) => number][];
  return all.filter(([measure]) => !measures.includes(measure));
}

function moved<R extends LevelRow | EffectRow>(row: R, by: number): R {
  const at = (value: number | null) => (value === null ? null : value + by);
  const trainings = {low_trainings: at(row.low_trainings), high_trainings: at(row.high_trainings)};
  return {...row, low: at(row.low), high: at(row.high), ...trainings};
}
