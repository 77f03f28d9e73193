/** Joint counts of the sample study: errors have the higher entropy at the output, and less so before it. */
import type {EntropySource, JointDocument, StudyFacts} from "../../src/core/cubes.js";
import {encodeJoint} from "../../src/core/joint-document.js";
import {createRandom} from "../../src/core/random.js";

const BINS = 24;
/** Test rows × seeds of one setting. */
const ANSWERS = 360;

/** Where entropies are counted: at the output and, for two estimators, in the middle and at the end. */
export function sampleJoint(study: StudyFacts): JointDocument {
  const sources: [EntropySource, number][] = [
    ["label_entropy", -1],
    ["energy", 1],
    ["energy", study.layers],
    ["softmax", study.layers]
  ];
  const frame = {
    bins: BINS,
    ranges: sources.map(([estimator, layer]) => ({layer, estimator, from: 0.2, to: 1.7})),
    arms: study.arms.map(({id}) => id),
    settings: study.settings.map(({corpus, axis}) => ({corpus, axis}))
  };
  return encodeJoint(frame, (range, arm) => {
    const [estimator, layer] = sources[range]!;
    return frame.settings.map(({corpus, axis}) =>
      countAnswers(`${frame.arms[arm]!} ${corpus} ${axis} ${layer} ${estimator}`, layer === -1 ? 0.5 : 0.2)
    );
  });
}

/** Rows at each place. */
function countAnswers(key: string, pull: number): Uint32Array {
  const random = createRandom("joint", key);
  const counts = new Uint32Array(2 * BINS * BINS);
  for (let i = 0; i < ANSWERS; i++) {
    const entropy = random.unit();
    const confidence = Math.min(0.999, Math.max(0, 1 - entropy * 0.7 - 0.25 * random.unit()));
    const right = random.unit() > 0.3 + pull * (entropy - 0.5) ? 1 : 0;
    const place = (Math.floor(entropy * BINS) * BINS + Math.floor(confidence * BINS)) * 2 + right;
    counts[place]! += 1;
  }
  return counts;
}
