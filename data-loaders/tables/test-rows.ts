/**
 * Test rows: test example × axis, in one fixed order (corpus, axis, then the split's order). All arrays of the stage
 * are aligned with it, and `row` in the database is the place in it.
 */
import {BadInput} from "../../src/core/bad-input.js";
import type {Annotation} from "../../src/core/conversation.js";
import type {Shape} from "../../src/core/statistics/measure-vectors.js";
import type {TablesInput} from "./tables-input.js";

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

/** Corpus × axis, where either may be `all`, with the rows that are in it. */
export interface Cell {
  corpus: string;
  axis: string;
  rows: Int32Array;
  dialogues: number;
  /** Dialogue of each of `rows`, numbered within the cell. */
  dialogue: Int32Array;
  shape: Shape;
}

export interface TestRows {
  rows: TestRow[];
  /** Index of the gold label. */
  gold: Int32Array;
  /** Cluster of each row: dialogues of all corpora, numbered corpus by corpus. */
  dialogue: Int32Array;
  /** Corpora with their numbers of dialogues: the strata of the bootstrap. */
  strata: {name: string; clusters: number}[];
  /** Setting of each row, numbered. */
  setting: Int32Array;
  settings: number;
  /** Settings and everything pooled from them, `all` last. */
  cells: Cell[];
}

/** Index of a key of several parts, which may hold any text. */
export function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
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
export function layOutTestRows({settings, axes, test, annotations}: TablesInput): TestRows {
  const annotationOf = indexAnnotations(annotations);
  const axisOf = new Map(axes.map((axis) => [axis.id, axis]));
  const examplesOf = groupBy(test, ({corpus}) => corpus);
  const rows: TestRow[] = [];
  for (const {corpus, axis: id} of settings) {
    const {labels, kind} = axisOf.get(id)!;
    for (const {example_id, dialogue_id} of examplesOf.get(corpus) ?? []) {
      const annotation = annotationOf.get(keyOf(corpus, example_id, id));
      if (!annotation) continue;
      if (!labels.includes(annotation.label)) throw unknownLabel(annotation, labels);
      const gold = annotation.label;
      rows.push({
        row: rows.length,
        corpus,
        axis: id,
        example_id,
        dialogue_id,
        gold,
        labels,
        ordinal: kind === "ordinal"
      });
    }
  }
  return {rows, ...codesOf(rows), cells: cellsOf(rows)};
}

function unknownLabel({corpus, example_id, axis, label}: Annotation, labels: string[]): BadInput {
  return new BadInput({
    where: `annotation of ${corpus}, example ${example_id}, axis ${axis}`,
    expected: `one of the axis' labels (${labels.join(", ")})`,
    found: `“${label}”`,
    mend: "Mend the label, or add it to the axis in the study file."
  });
}

function codesOf(rows: TestRow[]): Pick<TestRows, "gold" | "dialogue" | "strata" | "setting" | "settings"> {
  // Settings come corpus by corpus or not, as the study has them; strata must be runs of neighbouring codes.
  const byCorpus = [...groupBy(rows, ({corpus}) => corpus).values()];
  const codes = numberKeys(byCorpus.flat().map(({corpus, dialogue_id}) => keyOf(corpus, dialogue_id)));
  const dialogue = new Int32Array(rows.length);
  byCorpus.flat().forEach(({row}, i) => (dialogue[row] = codes[i]!));
  const setting = numberKeys(rows.map(({corpus, axis}) => keyOf(corpus, axis)));
  return {
    gold: Int32Array.from(rows, ({gold, labels}) => labels.indexOf(gold)),
    dialogue,
    strata: byCorpus.map((members) => ({
      name: members[0]!.corpus,
      clusters: new Set(members.map(({dialogue_id}) => dialogue_id)).size
    })),
    setting,
    settings: new Set(setting).size
  };
}

function cellsOf(rows: TestRow[]): Cell[] {
  const cells = new Map<string, TestRow[]>();
  const corpora = [...new Set(rows.map(({corpus}) => corpus)), "all"];
  const axes = [...new Set(rows.map(({axis}) => axis)), "all"];
  for (const corpus of corpora) for (const axis of axes) cells.set(keyOf(corpus, axis), []);
  for (const row of rows)
    for (const corpus of [row.corpus, "all"])
      for (const axis of [row.axis, "all"]) cells.get(keyOf(corpus, axis))!.push(row);
  return [...cells]
    .filter(([, members]) => members.length > 0)
    .map(([key, members]) => {
      const [corpus, axis] = JSON.parse(key) as [string, string];
      const dialogue = numberKeys(members.map((row) => keyOf(row.corpus, row.dialogue_id)));
      return {
        corpus,
        axis,
        rows: Int32Array.from(members, ({row}) => row),
        dialogues: new Set(dialogue).size,
        dialogue,
        shape: shapeOf(members)
      };
    });
}

/** 0, 1, 2, … for keys in the order in which they first come up. */
function numberKeys(keys: string[]): Int32Array {
  const codes = new Map<string, number>();
  return Int32Array.from(keys, (key) => codes.get(key) ?? codes.set(key, codes.size).size - 1);
}

function shapeOf(members: TestRow[]): Shape {
  const lists = new Set(members.map(({labels}) => keyOf(...labels)));
  return {
    labels: lists.size === 1 ? members[0]!.labels.length : 0,
    ordinal: members.every(({ordinal}) => ordinal)
  };
}

/** Examples by a key, in their order. */
export function groupBy<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
