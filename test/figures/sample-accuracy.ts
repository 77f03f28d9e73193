/** Seeded samples of the cubes that the Overview and Accuracy pages draw besides levels and effects. */
import type {AllCubes} from "../../src/core/cubes-reader.js";
import type {
  AcrossRow,
  ConfusionCell,
  LabelEffectRow,
  StudyFacts,
  Verdict,
  VerdictRow
} from "../../src/core/cubes.js";
import {createRandom} from "../../src/core/random.js";

type Cubes = Pick<AllCubes, "study" | "effects">;
type Samples = Pick<AllCubes, "across" | "confusions" | "labelEffects" | "verdicts">;

/** Means over settings, confusion counts, recall by label and verdicts that fit the sample's effects. */
export function accuracySamples(cubes: Cubes): Samples {
  return {
    across: sampleAcross(cubes),
    confusions: {cells: sampleConfusions(cubes.study)},
    labelEffects: sampleLabelEffects(cubes),
    verdicts: sampleVerdicts(cubes)
  };
}

function sampleAcross({effects, study}: Cubes): AcrossRow[] {
  return effects.flatMap(({arm, seed, corpus, axis, measure, effect}) => {
    const settings = study.settings.filter(
      (one) => (corpus === "all" || one.corpus === corpus) && (axis === "all" || one.axis === axis)
    ).length;
    if (seed !== "all" || settings < 2 || effect === null) return [];
    const [half, between] = [0.018, 0.025];
    return [
      {
        ...{arm, corpus, axis, measure, settings, mean: effect + 0.002, between},
        ...{low: effect - half, high: effect + half + 0.004},
        ...{predicted_low: effect - 3 * half, predicted_high: effect + 3 * half}
      }
    ];
  });
}

/** Gold × predicted, more often right than next to it, and least often far off. */
function sampleConfusions(study: StudyFacts): ConfusionCell[] {
  return study.settings.flatMap(({corpus, axis}) => {
    const {labels} = study.axes.find(({id}) => id === axis)!;
    return study.arms.flatMap(({id: system}) =>
      study.seeds.map((seed) => {
        const random = createRandom("confusion", system, seed, corpus, axis);
        const counts = labels.flatMap((_, gold) =>
          labels.map((__, predicted) =>
            Math.round((24 / (1 + 2 * Math.abs(gold - predicted) ** 1.5)) * (0.7 + 0.6 * random.unit()))
          )
        );
        return {system, seed, corpus, axis, counts};
      })
    );
  });
}

function sampleLabelEffects({study, effects}: Cubes): LabelEffectRow[] {
  const corpora = ["all", ...study.corpora.map(({id}) => id)];
  return study.arms
    .filter(({mode}) => mode !== "label-only")
    .flatMap(({id: arm}) =>
      corpora.flatMap((corpus) =>
        study.axes.flatMap(({id: axis, labels}) => {
          const pooled = effects.find(
            (row) =>
              row.arm === arm && row.corpus === corpus && row.axis === axis && row.measure === "accuracy"
          );
          return labels.map((label) => {
            const random = createRandom("label", arm, corpus, axis, label);
            const effect = (pooled?.effect ?? 0) + 0.08 * (random.unit() - 0.5);
            const base = 0.6 + 0.2 * (random.unit() - 0.5);
            const shares = {recall: base + effect, base_recall: base, effect};
            return {
              ...{arm, corpus, axis, label, ...shares, n: 90},
              ...{low: effect - 0.05, high: effect + 0.05},
              ...{low_trainings: effect - 0.08, high_trainings: effect + 0.08}
            };
          });
        })
      )
    );
}

const VERDICTS: [Verdict, number, number, number | null][] = [
  ["supported", 0.045, 0.012, 0.01],
  ["undecided", 0.012, 0.03, 0.02],
  ["equivalent", 0.002, 0.006, 0.02],
  ["contradicted", -0.04, 0.01, null]
];

function sampleVerdicts({study}: Cubes): VerdictRow[] {
  const arms = study.arms.filter(({mode}) => mode !== "label-only");
  const judged = VERDICTS.map(([verdict, effect, half, smallest], i): VerdictRow => {
    const p = verdict === "undecided" ? 0.41 : 0.0031;
    return {
      id: `h${i + 1}`,
      title: `Hypothesis ${i + 1}: the arm differs from label only as declared`,
      ...{arm: arms[i % arms.length]!.id, against: "label-only", corpus: "all", axis: "all"},
      ...{
        measure: "accuracy",
        direction: verdict === "equivalent" ? "equivalent" : "better",
        test: "interval"
      },
      ...{over: "dialogues", correction: "holm", alpha: 0.05, smallest},
      ...{effect, low: effect - half, high: effect + half, p, p_adjusted: Math.min(1, 2 * p)},
      ...{
        smallest_p: null,
        verdict,
        reason: `The difference is as it was generated; the test gives a p that was made up for the figures, so that the hypothesis comes out as ${verdict}.`
      },
      ...{n: 2160, dialogues: 240, settings: study.settings.length}
    };
  });
  const missing: VerdictRow = {
    ...judged[0]!,
    id: "missing",
    title: "An arm that was not trained",
    ...{effect: null, low: null, high: null, p: null, p_adjusted: null},
    ...{verdict: "untestable", reason: "Generated for tests: its arm has no finished run."}
  };
  return [...judged, missing];
}
