/**
 * Test rows: test example × axis, in one fixed order (corpus, dialogue, example, axis), so that the rows of a dialogue
 * stand together. All arrays of the stage are aligned with it, and `row` in the database is the place in it.
 */
import {BadInput} from "../../src/core/bad-input.js";
import type {Annotation} from "../../src/core/conversation.js";
import type {TablesInput} from "./tables-input.js";
import {keyOf} from "./keys.js";
import {layOut, type TestLayout} from "./test-layout.js";

export interface TestRow {
  row: number;
  corpus: string;
  axis: string;
  example_id: string;
  dialogue_id: string;
  gold: string;
  labels: string[];
  ordinal: boolean;
}

export interface TestRows {
  rows: TestRow[];
  /** The same as numbers, for whoever measures. */
  layout: TestLayout;
}

export function indexAnnotations(annotations: Annotation[]): Map<string, Annotation> {
  return new Map(
    annotations.map((annotation) => [
      keyOf(annotation.corpus, annotation.example_id, annotation.axis),
      annotation
    ])
  );
}

/** Lays out the test rows. Throws BadInput where an annotation's label isn't one of its axis. */
export function layOutTestRows(input: TablesInput): TestRows {
  const {settings, axes, annotations} = input;
  const annotationOf = indexAnnotations(annotations);
  const axisOf = new Map(axes.map((axis) => [axis.id, axis]));
  const axesOf = groupBy(settings, ({corpus}) => corpus);
  const rows: TestRow[] = [];
  for (const {corpus, example_id, dialogue_id} of examplesInOrder(input))
    for (const {axis} of axesOf.get(corpus)!) {
      const annotation = annotationOf.get(keyOf(corpus, example_id, axis));
      if (!annotation) continue;
      const {labels, kind} = axisOf.get(axis)!;
      const gold = annotation.label;
      if (!labels.includes(gold)) throw unknownLabel(annotation, labels);
      const place = {row: rows.length, corpus, axis, example_id, dialogue_id};
      rows.push({...place, gold, labels, ordinal: kind === "ordinal"});
    }
  return {rows, layout: layOut(rows, settings)};
}

/** Test examples of the corpora that settings name, in their order; within a corpus dialogue by dialogue. */
function examplesInOrder({settings, test}: TablesInput): TablesInput["test"] {
  const byCorpus = groupBy(test, ({corpus}) => corpus);
  const corpora = [...new Set(settings.map(({corpus}) => corpus))];
  return corpora.flatMap((corpus) =>
    [...groupBy(byCorpus.get(corpus) ?? [], ({dialogue_id}) => dialogue_id).values()].flat()
  );
}

function unknownLabel({corpus, example_id, axis, label}: Annotation, labels: string[]): BadInput {
  return new BadInput({
    where: `annotation of ${corpus}, example ${example_id}, axis ${axis}`,
    expected: `one of the axis' labels (${labels.join(", ")})`,
    found: `“${label}”`,
    mend: "Mend the label, or add it to the axis in the study file."
  });
}

/** Items by a key, in their order. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
