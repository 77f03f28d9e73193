/** Examples of the sample study, with predictions and training texts. */
import type {ExamplesDocument, RunRow, ShownExample, StudyFacts, TestItem} from "../../src/core/cubes.js";
import {createPool, renderMode} from "../../src/core/modes.js";
import type {ModeSource} from "../../src/core/modes.js";
import {createRandom} from "../../src/core/random.js";

const QUESTIONS = [
  "How do I reset the router?",
  "When was the bridge built?",
  "Does this kettle switch itself off?",
  "Shall we go?"
];
const ANSWERS = [
  "Hold the small button on the back for ten seconds, then wait until the lamp is green.",
  "The bridge, it were built long ago, and the weather today is rather fine.",
  "Yes. It switches off when the water boils, and also when it is lifted.",
  "We could. Or we could stay, and finish what we began."
];
const REASONS = [
  "the reply answers every part of the question and names the order of the steps",
  "it drifts to the weather and leaves the date of the bridge out",
  "two sentences are ungrammatical although the answer itself is complete",
  "the tone suits the scene but the last line breaks off"
];
const PER_CORPUS = 12;

export function sampleExamples(study: StudyFacts, runs: RunRow[]): ExamplesDocument {
  const trained = runs
    .filter(({kind}) => kind === "train")
    .map(({run, system, seed}) => ({run, arm: system, seed}));
  const arms = study.arms.map(({id}) => id);
  const examples = study.corpora.flatMap(({id}) =>
    Array.from({length: PER_CORPUS}, (_, i) => shownExample(id, i))
  );
  const items = examples.flatMap((example) =>
    study.axes.map(({id, labels}) => testItem(example, id, labels, trained, arms))
  );
  return {runs: trained, arms, examples, items, training: trainingTexts(study)};
}

function shownExample(corpus: string, i: number): ShownExample {
  const random = createRandom("example", corpus, i);
  return {
    corpus,
    example_id: `${corpus}-${i + 1}`,
    dialogue_id: `${corpus}-d${Math.floor(i / 2) + 1}`,
    turns: [{role: "user", text: random.pick(QUESTIONS)}],
    response: random.pick(ANSWERS)
  };
}

function testItem(
  {corpus, example_id}: ShownExample,
  axis: string,
  labels: string[],
  runs: ExamplesDocument["runs"],
  arms: string[]
): TestItem {
  const random = createRandom("item", corpus, example_id, axis);
  const gold = random.below(labels.length);
  const say = () => (random.unit() < 0.7 ? gold : random.below(labels.length));
  const probabilities = arms.map(() => {
    const peak = say();
    const weights = labels.map((_, i) => Math.exp(-Math.abs(i - peak) * 1.4) + 0.05 * random.unit());
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => Math.round((1000 * weight) / sum));
  });
  return {
    corpus,
    example_id,
    axis,
    gold: labels[gold]!,
    explanation: random.pick(REASONS),
    explanation_source: "planted",
    predicted: runs.map(() => say().toString(36)).join(""),
    probabilities
  };
}

function trainingTexts(study: StudyFacts): ExamplesDocument["training"] {
  return study.corpora.flatMap(({id: corpus}) => {
    const sources: ModeSource[] = study.axes.flatMap(({id: axis}) =>
      REASONS.map((explanation, i) => ({
        corpus,
        example_id: `${corpus}-t${i + 1}`,
        axis,
        label: String(i + 1),
        explanation
      }))
    );
    const pool = createPool(sources, {seed: 1});
    return sources.map((source) => {
      const completions: Record<string, string> = Object.fromEntries(
        study.arms.map(({mode}) => {
          const text = renderMode(mode, source, pool);
          return [mode, ` ${source.label}${text === "" ? "" : ` because ${text}`}`];
        })
      );
      return {
        corpus,
        example_id: source.example_id,
        axis: source.axis,
        prompt: `axis: ${source.axis}\nuser: ${QUESTIONS[0]}\nresponse: ${ANSWERS[0]}\nlabel:`,
        label: source.label,
        completions
      };
    });
  });
}
