/** `examples.json`: test examples with what each run said of them, and training texts. */
import {armId} from "../../src/core/arms.js";
import {BadInput} from "../../src/core/bad-input.js";
import type {ExamplesDocument, TestItem, TrainingText} from "../../src/core/cubes.js";
import type {Scores} from "./scores.js";
import type {TablesInput} from "./tables-input.js";
import {groupBy, indexAnnotations, keyOf, type TestRow, type TestRows} from "./test-rows.js";

/** Test examples of each corpus that the page holds; the others are in `study.duckdb`. */
const SHOWN = 400;
/** Training examples of each corpus whose texts the page holds. */
const TRAINING_SHOWN = 40;
/** Digits that say which label a run predicted. */
const RADIX = 36;

/** Builds the document. Throws BadInput for an axis with more labels than one base-36 digit can tell apart. */
export function examplesDocument(input: TablesInput, test: TestRows, scores: Scores[]): ExamplesDocument {
  refuseTooManyLabels(input);
  const systems = scores.filter(({kind}) => kind === "arm");
  const shown = [...groupBy(input.test, ({corpus}) => corpus).values()].flatMap((examples) =>
    examples.slice(0, SHOWN)
  );
  const ids = new Set(shown.map(({corpus, example_id}) => keyOf(corpus, example_id)));
  const annotationOf = indexAnnotations(input.annotations);
  const arms = input.arms.map(armId);
  const items = test.rows
    .filter(({corpus, example_id}) => ids.has(keyOf(corpus, example_id)))
    .map((row): TestItem => {
      const annotation = annotationOf.get(keyOf(row.corpus, row.example_id, row.axis))!;
      const {corpus, example_id, axis, gold} = row;
      const {explanation, explanation_source} = annotation;
      const predicted = systems.map((one) => digitOf(one, row)).join("");
      const probabilities = arms.map((arm) =>
        meanProbabilities(
          systems.filter(({system}) => system === arm),
          row
        )
      );
      return {corpus, example_id, axis, gold, explanation, explanation_source, predicted, probabilities};
    });
  return {
    // An arm trained once a setting has several runs a seed, and then no single id.
    runs: systems.map(({system, seed, runs}) => ({
      run: runs.length === 1 ? runs[0]! : "",
      arm: system,
      seed
    })),
    arms,
    examples: shown.map(({corpus, example_id, dialogue_id, turns, response}) => ({
      corpus,
      example_id,
      dialogue_id,
      turns: turns.map(({role, text}) => ({role, text})),
      response
    })),
    items,
    training: chooseTraining(input.training)
  };
}

function refuseTooManyLabels({axes}: TablesInput): void {
  for (const {id, labels} of axes) {
    if (labels.length <= RADIX) continue;
    throw new BadInput({
      where: `axes.${id}.labels`,
      expected: `at most ${RADIX} labels`,
      found: `${labels.length}`,
      mend: "Merge labels, or split the axis in two."
    });
  }
}

function digitOf({scored, predicted}: Scores, {row}: TestRow): string {
  return scored[row] ? predicted[row]!.toString(RADIX) : "-";
}

/** Mean over seeds, in thousandths. */
function meanProbabilities(members: Scores[], {row, labels}: TestRow): number[] | null {
  const known = members.flatMap(({probabilities}) => (probabilities[row] ? [probabilities[row]] : []));
  if (known.length === 0) return null;
  return labels.map((_, k) =>
    Math.round((1000 * known.reduce((sum, one) => sum + one[k]!, 0)) / known.length)
  );
}

/** Texts of the first training examples of each corpus, on all their axes. */
function chooseTraining(training: TrainingText[]): TrainingText[] {
  return [...groupBy(training, ({corpus}) => corpus).values()].flatMap((texts) => {
    const chosen = new Set([...new Set(texts.map(({example_id}) => example_id))].slice(0, TRAINING_SHOWN));
    return texts.filter(({example_id}) => chosen.has(example_id));
  });
}
