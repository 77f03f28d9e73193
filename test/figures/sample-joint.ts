/** Joint counts of the sample study: errors have the higher entropy at the output, and less so before it. */
import type {EntropySource, JointDocument, StudyFacts} from "../../src/core/cubes.js";
import {createRandom} from "../../src/core/random.js";

const BINS = 24;
/** Test rows × seeds of one setting. */
const ANSWERS = 90;

/** Where entropies are counted: at the output and, for two estimators, in the middle and at the end. */
export function sampleJoint(study: StudyFacts): JointDocument {
  const sources: [EntropySource, number][] = [
    ["label_entropy", -1],
    ["energy", 1],
    ["energy", study.layers],
    ["softmax", study.layers]
  ];
  return {
    bins: BINS,
    ranges: sources.map(([estimator, layer]) => ({layer, estimator, from: 0.2, to: 1.7})),
    cells: sources.flatMap(([estimator, layer]) =>
      study.arms.flatMap(({id: arm}) =>
        study.settings.map(({corpus, axis}) => ({
          ...{arm, corpus, axis, layer, estimator},
          ...countAnswers(`${arm} ${corpus} ${axis} ${layer} ${estimator}`, layer === -1 ? 0.5 : 0.2)
        }))
      )
    )
  };
}

function countAnswers(key: string, pull: number): {places: number[]; counts: number[]} {
  const random = createRandom("joint", key);
  const counts = new Map<number, number>();
  for (let i = 0; i < ANSWERS; i++) {
    const entropy = random.unit();
    const confidence = Math.min(0.999, Math.max(0, 1 - entropy * 0.7 - 0.25 * random.unit()));
    const right = random.unit() > 0.3 + pull * (entropy - 0.5) ? 1 : 0;
    const place = (Math.floor(entropy * BINS) * BINS + Math.floor(confidence * BINS)) * 2 + right;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = [...counts.keys()].sort((a, b) => a - b);
  return {places, counts: places.map((place) => counts.get(place)!)};
}
