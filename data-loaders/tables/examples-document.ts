/** `examples.json`: test examples with what each run said of them, and training texts. */
import {armId} from "../../src/core/arms.js";
import {BadInput} from "../../src/core/bad-input.js";
import type {ExamplesDocument, TestItem, TrainingText} from "../../src/core/cubes.js";
import {keyOf} from "./keys.js";
import type {ShownScores} from "./shown-scores.js";
import {UNSCORED} from "./summary.js";
import type {System, Unit} from "./systems.js";
import type {SplitExample, TablesInput} from "./tables-input.js";
import type {TestLayout} from "./test-layout.js";
import {groupBy, indexAnnotations, type TestRow, type TestRows} from "./test-rows.js";

/** Test examples of each corpus that the page holds, at most; the others are in `study.duckdb`. */
const SHOWN = 400;
/** Predictions that the page holds, about: with very many runs it shows fewer examples. */
const SHOWN_PREDICTIONS = 250_000;
/** Training examples of each corpus whose texts the page holds. */
const TRAINING_SHOWN = 40;
/** Digits that say which label a run predicted. */
const RADIX = 36;

/** Test rows that the page shows. */
export interface ShownRows {
  examples: SplitExample[];
  rows: TestRow[];
  /** Place of each test row among them, or −1. */
  place: Int32Array;
}

/** The first test examples of each corpus. */
export function shownRows({test, axes, runs}: TablesInput, {rows}: TestRows): ShownRows {
  const byCorpus = groupBy(test, ({corpus}) => corpus);
  const most = shownOfEach(byCorpus.size * axes.length * runs.length);
  const examples = [...byCorpus.values()].flatMap((own) => own.slice(0, most));
  const ids = new Set(examples.map(({corpus, example_id}) => keyOf(corpus, example_id)));
  const shown = rows.filter(({corpus, example_id}) => ids.has(keyOf(corpus, example_id)));
  const place = new Int32Array(rows.length).fill(-1);
  shown.forEach(({row}, i) => (place[row] = i));
  return {examples, rows: shown, place};
}

/**
 * Examples of a corpus that are shown where each makes so many predictions on all corpora. A power of two: with one more
 * run it is nearly always the same, so that what is remembered of the other runs still holds.
 */
function shownOfEach(predictions: number): number {
  const room = SHOWN_PREDICTIONS / Math.max(1, predictions);
  return Math.min(SHOWN, 2 ** Math.max(0, Math.floor(Math.log2(room))));
}

/** What the document needs of a system. */
export interface ShownSystem extends Pick<System, "system" | "kind"> {
  members: (Unit & {shown: ShownScores})[];
}

type ShownMember = ShownSystem["members"][number];

/** Builds the document. Axes have been checked by {@link refuseTooManyLabels}. */
export function examplesDocument(
  input: TablesInput,
  {examples, rows, place}: ShownRows,
  systems: ShownSystem[],
  layout: TestLayout
): ExamplesDocument {
  const arms = input.arms.map(armId);
  const shownArms = systems.filter(({kind}) => kind === "arm");
  const members = shownArms.flatMap((system) => system.members);
  const annotationOf = indexAnnotations(input.annotations);
  const longest = Math.max(0, ...layout.labelCount);
  const items = rows.map((row): TestItem => {
    const annotation = annotationOf.get(keyOf(row.corpus, row.example_id, row.axis))!;
    const {corpus, example_id, axis, gold} = row;
    const {explanation, explanation_source} = annotation;
    const at = place[row.row]!;
    const predicted = members.map((member) => digitOf(member, at)).join("");
    const probabilities = arms.map((arm) => {
      const own = shownArms.find(({system}) => system === arm)?.members ?? [];
      return meanProbabilities(own, row, at, longest);
    });
    return {corpus, example_id, axis, gold, explanation, explanation_source, predicted, probabilities};
  });
  return {
    // An arm trained once a setting has several runs a seed, and then no single id.
    runs: members.map(({system, seed, runs}) => ({
      run: runs.length === 1 ? runs[0]!.run : "",
      arm: system,
      seed
    })),
    arms,
    examples: examples.map(({corpus, example_id, dialogue_id, turns, response}) => ({
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

/** Throws BadInput for an axis with more labels than one base-36 digit can tell apart. */
export function refuseTooManyLabels({axes}: TablesInput): void {
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

function digitOf({shown: {outcome, predicted}}: ShownMember, place: number): string {
  return outcome[place] === UNSCORED ? "-" : predicted[place]!.toString(RADIX);
}

/** Mean over seeds, in thousandths, of the row that is shown at this place. */
function meanProbabilities(
  members: ShownMember[],
  {labels}: TestRow,
  place: number,
  longest: number
): number[] | null {
  const known = members.filter(({shown}) => shown.outcome[place] !== UNSCORED);
  if (known.length === 0) return null;
  const sumOf = (k: number) =>
    known.reduce((sum, {shown}) => sum + shown.probabilities[place * longest + k]!, 0);
  return labels.map((_, k) => Math.round((1000 * sumOf(k)) / known.length));
}

/** Texts of the first training examples of each corpus, on all their axes. */
function chooseTraining(training: TrainingText[]): TrainingText[] {
  return [...groupBy(training, ({corpus}) => corpus).values()].flatMap((texts) => {
    const chosen = new Set([...new Set(texts.map(({example_id}) => example_id))].slice(0, TRAINING_SHOWN));
    return texts.filter(({example_id}) => chosen.has(example_id));
  });
}
