/** Evidence of made studies: corpora × axes, dialogues whose rows go together, trainings that differ, a known effect. */
import type {HypothesisEvidence} from "../../src/core/hypotheses.js";
import type {Random} from "../../src/core/random.js";
import {uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import {gaussian} from "./inference-cases.js";

export interface MadeStudy {
  corpora: number;
  axes: number;
  /** Dialogues of each corpus, one example each. */
  dialogues: number;
  seeds: number;
  /** True difference. */
  effect: number;
  /** Standard deviation between trainings' true differences; 0: one model serves all seeds. */
  trainings: number;
}

/** Standard deviation of a dialogue's own difference, in those of a row's noise. */
const DIALOGUE = 0.8;
/** A row counts as gained or lost where its mean difference is beyond this. */
const TELLING = 0.5;

/** Draws a study. Row differences are normal; gained and lost rows lie beyond {@link TELLING} on either side. */
export function madeEvidence(random: Random, study: MadeStudy): HypothesisEvidence {
  const {corpora, axes, dialogues, seeds, effect, trainings} = study;
  const clusters = corpora * dialogues;
  const n = clusters * axes;
  const own = Float64Array.from({length: clusters}, () => DIALOGUE * gaussian(random));
  const trained = Array.from({length: seeds}, () => effect + trainings * gaussian(random));
  const rows = trained.map((mean) =>
    Float64Array.from({length: n}, (_, row) => mean + own[Math.floor(row / axes)]! + gaussian(random))
  );
  const perSeed = rows.map((values, s) => {
    const value = values.reduce((sum, difference) => sum + difference, 0) / n;
    const sums = new Float64Array(clusters);
    values.forEach((difference, row) => (sums[Math.floor(row / axes)]! += difference / n));
    const influence = sums.map((sum) => sum - (value * axes) / n);
    return {seed: String(s + 1), effect: value, clusterDifferences: sums, value, influence};
  });
  const mean = Float64Array.from(
    {length: n},
    (_, row) => rows.reduce((sum, values) => sum + values[row]!, 0) / seeds
  );
  const strata = Array.from({length: clusters}, (_, cluster) => Math.floor(cluster / dialogues));
  const {value, ...uncertainty} = uncertaintyOf({seeds: perSeed, df: clusters - corpora, strata});
  return {
    ...{missing: null, effect: value, ...uncertainty, n, dialogues: clusters, seeds: perSeed},
    settings: settingsOf(mean, study),
    gained: mean.filter((difference) => difference > TELLING).length,
    lost: mean.filter((difference) => difference < -TELLING).length
  };
}

function settingsOf(
  mean: Float64Array,
  {corpora, axes, dialogues}: MadeStudy
): HypothesisEvidence["settings"] {
  return Array.from({length: corpora * axes}, (_, setting) => {
    const [corpus, axis] = [Math.floor(setting / axes), setting % axes];
    const first = corpus * dialogues * axes + axis;
    let sum = 0;
    for (let dialogue = 0; dialogue < dialogues; ++dialogue) sum += mean[first + dialogue * axes]!;
    return {corpus: `corpus-${corpus}`, axis: `axis-${axis}`, effect: sum / dialogues};
  });
}
