/**
 * Seeded cubes of a realistic shape for figure tests: 10 arms, 6 corpora × 3 axes, 3 seeds, 4 layers. Their numbers
 * mean nothing; they are only consistent with one another (an interval holds its value, fifths rise, and so on).
 */
import {parseArm} from "../../src/core/arms.js";
import type {Mode} from "../../src/core/arms.js";
import {encodeColumns} from "../../src/core/columns.js";
import type {Row} from "../../src/core/columns.js";
import type {
  EffectRow,
  LayerRow,
  LevelRow,
  QuintileRow,
  RelationRow,
  StudyFacts,
  Uncertain
} from "../../src/core/cubes.js";
import {decodeCubes, type AllCubes, type CubeDocuments} from "../../src/core/cubes-reader.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {createRandom} from "../../src/core/random.js";
import {accuracySamples} from "./sample-accuracy.js";
import {calibrationSamples} from "./sample-calibration.js";
import {sampleExamples} from "./sample-examples.js";
import {sampleJudging} from "./sample-judging.js";
import {sampleJoint} from "./sample-joint.js";
import {sampleAlong, sampleCurves, sampleRuns} from "./sample-runs.js";
import {sampleStudy} from "./sample-study.js";

const LIFT: Record<Mode, number> = {
  "label-only": 0,
  explanation: 0.045,
  "key-words": 0.035,
  mismatched: -0.02,
  shuffled: 0.025,
  "bag-of-words": -0.005,
  "random-vocabulary": -0.015,
  filler: -0.03
};
const BASELINE_LEVEL = {majority: 0.31, length: 0.36, "bag-of-words": 0.46};

/** A standard normal draw that depends on its keys only. */
export function normal(...keys: (string | number)[]): number {
  const random = createRandom("sample", ...keys);
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}

/** Corpus × axis, either of which may be `all`. */
function cells(study: StudyFacts): {corpus: string; axis: string; n: number; dialogues: number}[] {
  const corpora = ["all", ...study.corpora.map(({id}) => id)];
  const axes = ["all", ...study.axes.map(({id}) => id)];
  return corpora.flatMap((corpus) =>
    axes.map((axis) => ({
      corpus,
      axis,
      n: 120 * (corpus === "all" ? 6 : 1) * (axis === "all" ? 3 : 1),
      dialogues: 40 * (corpus === "all" ? 6 : 1)
    }))
  );
}

function effectOf(arm: string, corpus: string, axis: string): number {
  const {mode, order, reduction} = parseArm(arm);
  if (mode === "label-only") return 0;
  const lift =
    LIFT[mode] + (reduction === "part-mean" ? 0.03 : 0) - (order === "explanation-first" ? 0.06 : 0);
  const spread = corpus === "all" ? 0.005 : axis === "all" ? 0.02 : 0.035;
  return lift + spread * normal(arm, corpus, axis);
}

function accuracyOf(arm: string, corpus: string, axis: string): number {
  const base =
    corpus === "all"
      ? 0.68
      : 0.68 + 0.06 * normal(corpus) + (axis === "all" ? 0 : 0.04 * normal(corpus, axis));
  return Math.min(0.97, base + effectOf(arm, corpus, axis));
}

/** Both intervals of an estimate: over other trainings it is wider. */
function around(low: number | null, high: number | null): Uncertain {
  if (low === null || high === null) return NO_UNCERTAINTY;
  const half = (high - low) / 2;
  return {
    ...{low, high, se: half / 1.96, df: 400},
    ...{low_trainings: low - half, high_trainings: high + half, se_trainings: half / 1.2, df_trainings: 6}
  };
}

function sampleLevels(study: StudyFacts): LevelRow[] {
  const systems = [
    ...study.arms.map(({id}) => ({system: id, kind: "arm" as const})),
    ...study.baselines.map((id) => ({system: id, kind: "baseline" as const}))
  ];
  return systems.flatMap(({system, kind}) =>
    cells(study).flatMap(({corpus, axis, n, dialogues}) =>
      ["all", ...(kind === "arm" ? study.seeds : [])].flatMap((seed) =>
        study.measures.map((measure) => {
          const accuracy =
            kind === "arm"
              ? accuracyOf(system, corpus, axis) +
                (seed === "all" ? 0 : 0.01 * normal(system, corpus, axis, seed))
              : BASELINE_LEVEL[system] + 0.02 * normal(system, corpus, axis);
          const value = measure === "accuracy" ? accuracy : levelFrom(accuracy, measure);
          const half = 1.96 * Math.sqrt(0.2 / n);
          const [low, high] = seed === "all" ? [value - half, value + half] : [null, null];
          return {...around(low, high), system, kind, seed, corpus, axis, measure, value, n, dialogues};
        })
      )
    )
  );
}

function levelFrom(accuracy: number, measure: string): number {
  if (measure === "label_entropy") return 1.4 - 1.1 * accuracy;
  if (measure === "nll" || measure === "mae" || measure === "brier") return 1.5 * (1 - accuracy);
  if (measure.startsWith("ece")) return 0.3 * (1 - accuracy);
  return accuracy * 0.95;
}

function sampleEffects(study: StudyFacts): EffectRow[] {
  return study.arms
    .filter(({mode}) => mode !== "label-only")
    .flatMap(({id: arm}) =>
      cells(study).flatMap(({corpus, axis, n, dialogues}) =>
        ["all", ...study.seeds].flatMap((seed) =>
          study.measures.map((measure) => {
            const effect =
              effectOf(arm, corpus, axis) + (seed === "all" ? 0 : 0.01 * normal(arm, corpus, seed, measure));
            const half = 1.3 * Math.sqrt(0.2 / n);
            const [low, high] = seed === "all" ? [effect - half, effect + half] : [null, null];
            const gained = Math.max(0, Math.round(n * (0.08 + effect)));
            const versus = seed === "all" ? effect - 0.045 : null;
            return {
              ...around(low, high),
              ...{arm, seed, corpus, axis, measure, effect, gained, lost: Math.round(n * 0.08), n, dialogues},
              versus_explanation: versus,
              versus_explanation_low: versus === null ? null : versus - half,
              versus_explanation_high: versus === null ? null : versus + half
            };
          })
        )
      )
    );
}

function sampleLayers(study: StudyFacts): LayerRow[] {
  return study.arms.flatMap(({id: arm, mode}) =>
    cells(study).flatMap(({corpus, axis, n}) =>
      ["all", ...study.seeds].flatMap((seed) =>
        Array.from({length: study.layers + 1}, (_, layer) => layer).flatMap((layer) =>
          study.estimators
            .filter((estimator) => !(estimator === "attention" && layer === 0))
            .map((estimator) => {
              const start = 2 + (study.estimators.indexOf(estimator) % 4) * 0.4;
              const effect =
                mode === "label-only"
                  ? null
                  : layer * LIFT[mode] * -3 + 0.02 * normal(arm, corpus, axis, layer, estimator);
              const mean =
                start +
                0.12 * normal(corpus, axis) -
                0.25 * layer +
                0.06 * normal(estimator, layer) +
                (effect ?? 0);
              const band = 0.6 / Math.sqrt(n);
              const shown = seed === "all";
              return {
                arm,
                seed,
                corpus,
                axis,
                layer,
                estimator,
                mean,
                low: shown ? mean - band : null,
                high: shown ? mean + band : null,
                low_trainings: shown ? mean - 2 * band : null,
                high_trainings: shown ? mean + 2 * band : null,
                correct: mean - 0.03 * layer,
                wrong: mean + 0.06 * layer,
                effect,
                effect_low: effect === null || !shown ? null : effect - band / 2,
                effect_high: effect === null || !shown ? null : effect + band / 2,
                effect_low_trainings: effect === null || !shown ? null : effect - band,
                effect_high_trainings: effect === null || !shown ? null : effect + band,
                n
              };
            })
        )
      )
    )
  );
}

/** Where entropy is read: every estimator at every layer, and the labels' at the output. */
function sources(study: StudyFacts): {layer: number; estimator: RelationRow["estimator"]}[] {
  const layers = Array.from({length: study.layers + 1}, (_, layer) => layer);
  return [
    {layer: -1, estimator: "label_entropy" as const},
    ...layers.flatMap((layer) => study.estimators.map((estimator) => ({layer, estimator})))
  ];
}

function sampleRelations(study: StudyFacts): RelationRow[] {
  return study.arms.flatMap(({id: arm}) =>
    cells(study).flatMap(({corpus, axis, n}) =>
      sources(study).map(({layer, estimator}) => {
        const within =
          -0.05 - 0.06 * (layer === -1 ? 5 : layer) + 0.03 * normal(arm, corpus, axis, layer, estimator);
        const pooled = corpus === "all" ? within + 0.15 + 0.03 * normal(arm, layer) : within;
        const half = 1.96 / Math.sqrt(n);
        return {
          ...{arm, corpus, axis, layer, estimator, pooled, within},
          ...{within_low: within - half, within_high: within + half},
          ...{within_low_trainings: within - 2 * half, within_high_trainings: within + 2 * half},
          ...{auroc: 0.5 - within * 0.6, n: n * 3},
          ...{auroc_low: 0.5 - within * 0.6 - half / 2, auroc_high: 0.5 - within * 0.6 + half / 2},
          ...{auroc_low_trainings: 0.5 - within * 0.6 - half, auroc_high_trainings: 0.5 - within * 0.6 + half}
        };
      })
    )
  );
}

function sampleQuintiles(study: StudyFacts): QuintileRow[] {
  return study.arms.flatMap(({id: arm}) =>
    cells(study).flatMap(({corpus, axis, n}) =>
      sources(study).flatMap(({layer, estimator}) =>
        [1, 2, 3, 4, 5].map((quintile) => {
          const slope = 0.02 + 0.015 * (layer === -1 ? 5 : layer);
          const accuracy = accuracyOf(arm, corpus, axis) - slope * (quintile - 3);
          const half = 1.96 * Math.sqrt(0.2 / (n / 5));
          return {
            ...{arm, corpus, axis, layer, estimator, quintile, entropy: 0.4 + 0.3 * quintile, accuracy},
            ...{low: accuracy - half, high: accuracy + half, n: Math.round((n * 3) / 5)},
            ...{low_trainings: accuracy - 2 * half, high_trainings: accuracy + 2 * half}
          };
        })
      )
    )
  );
}

/** The whole sample, as figures read it. */
export function sampleCubes(): AllCubes {
  const study = sampleStudy();
  const runs = sampleRuns(study, (arm) => accuracyOf(arm, "all", "all"));
  const [levels, effects] = [sampleLevels(study), sampleEffects(study)];
  const calibration = calibrationSamples({study, levels, effects});
  const examples = sampleExamples(study, runs);
  return {
    ...decodeCubes({study}),
    ...sampleJudging(study, examples),
    ...accuracySamples({study, effects}),
    ...calibration,
    levels: [...levels, ...calibration.levels],
    effects: [...effects, ...calibration.effects],
    layers: sampleLayers(study),
    joint: sampleJoint(study),
    relations: sampleRelations(study),
    quintiles: sampleQuintiles(study),
    runs,
    curves: sampleCurves(runs),
    along: sampleAlong(runs),
    examples
  };
}

/** The sample as the documents that the tables stage writes, the cubes that it lacks being empty. */
export function sampleDocuments(): CubeDocuments {
  const {
    study,
    levels,
    effects,
    layers,
    relations,
    quintiles,
    runs,
    curves,
    along,
    across,
    verdicts,
    ...rest
  } = sampleCubes();
  const rows = {levels, effects, layers, relations, quintiles, runs, curves, along, across, verdicts};
  const named = {...rows, "label-effects": rest.labelEffects};
  const encoded = Object.entries(named).map(([name, cube]) => [
    name,
    encodeColumns(cube as unknown as Row[])
  ]);
  const {examples, confusions} = rest;
  return {study, examples, confusions, ...Object.fromEntries(encoded)} as CubeDocuments;
}
