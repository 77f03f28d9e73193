/**
 * The test rows as numbers: what measuring needs of them. Arrays lie in shared memory, so that handing the layout to
 * another thread copies none of them.
 */
import type {Setting} from "../../src/core/conversation.js";
import type {Shape} from "../../src/core/statistics/cell-measures.js";
import {keyOf, numberKeys} from "./keys.js";
import {sharedArray} from "./thread-memory.js";
import type {TestRow} from "./test-rows.js";

/** Pooled over all. */
export const ALL = "all";
/** Cells that hold a given row: its setting, its corpus, its axis, everything. */
export const KINDS = 4;

/** Corpus × axis, where either may be `all`, with the rows that are in it. */
export interface Cell {
  corpus: string;
  axis: string;
  /** Ascending, so that a dialogue's rows stand together. */
  rows: Int32Array;
  /** Dialogue of each of `rows`, numbered within the cell. */
  dialogue: Int32Array;
  dialogues: number;
  /** Number among all dialogues of each of the cell's. */
  dialogueIds: Int32Array;
  /** Corpus of each dialogue: the strata of the variance. */
  stratum: Uint8Array;
  strata: number;
  shape: Shape;
  /** Settings in the cell, by their number. */
  settings: number[];
}

export interface TestLayout {
  rows: number;
  /** Index of the gold label on its axis. */
  gold: Uint8Array;
  /** The same among {@link labels}. */
  goldLabel: Uint8Array;
  axis: Uint8Array;
  setting: Uint16Array;
  settings: Setting[];
  /** Dialogue of each row, numbered; those of a corpus stand together. */
  dialogue: Int32Array;
  dialogues: number;
  /** Rows of dialogue g are `dialogueStart[g]` to `dialogueStart[g + 1]`. */
  dialogueStart: Int32Array;
  /** Corpus of each dialogue, numbered. */
  dialogueCorpus: Uint8Array;
  corpora: string[];
  /** Settings and everything pooled from them, `all` last. */
  cells: Cell[];
  /** Cells of each row, by kind: `cellsOf[kind · rows + row]`. */
  cellsOf: Uint16Array;
  /** Labels of all axes, each once. */
  labels: string[];
  /** Axis ids, in the order of {@link axis}. */
  axes: string[];
  /** Index on the axis of each of {@link labels}, `axis · labels + label`; −1 where the axis lacks it. */
  labelIndex: Int8Array;
  /** How many labels each axis has. */
  labelCount: Uint8Array;
}

/** Numbers the rows, which stand corpus by corpus and dialogue by dialogue. */
export function layOut(rows: TestRow[], order: readonly Setting[]): TestLayout {
  const present = new Set(rows.map(({corpus, axis}) => keyOf(corpus, axis)));
  const settings = order
    .filter(({corpus, axis}) => present.has(keyOf(corpus, axis)))
    .map(({corpus, axis}) => ({corpus, axis}));
  const settingOf = new Map(settings.map(({corpus, axis}, i) => [keyOf(corpus, axis), i]));
  const axes = [...new Set(settings.map(({axis}) => axis))];
  const axisLabels = axes.map((id) => rows.find(({axis}) => axis === id)!.labels);
  const labels = [...new Set(axisLabels.flat())];
  const dialogues = numberKeys(rows.map(({corpus, dialogue_id}) => keyOf(corpus, dialogue_id)));
  const cells = cellsOf(rows, settings, dialogues.codes);
  const corpora = [...new Set(settings.map(({corpus}) => corpus))];
  const starts = sharedArray(Int32Array, dialogues.names.length + 1).fill(rows.length);
  for (let row = rows.length - 1; row >= 0; --row) starts[dialogues.codes[row]!] = row;
  const layout: TestLayout = {
    rows: rows.length,
    gold: sharedArray(
      Uint8Array,
      rows.map(({gold, labels: own}) => own.indexOf(gold))
    ),
    goldLabel: sharedArray(
      Uint8Array,
      rows.map(({gold}) => labels.indexOf(gold))
    ),
    axis: sharedArray(
      Uint8Array,
      rows.map(({axis}) => axes.indexOf(axis))
    ),
    setting: sharedArray(
      Uint16Array,
      rows.map(({corpus, axis}) => settingOf.get(keyOf(corpus, axis))!)
    ),
    settings,
    dialogue: sharedArray(Int32Array, dialogues.codes),
    dialogues: dialogues.names.length,
    dialogueStart: starts,
    dialogueCorpus: sharedArray(
      Uint8Array,
      Array.from(starts.subarray(0, -1), (row) => corpora.indexOf(rows[row]!.corpus))
    ),
    corpora,
    cells,
    cellsOf: placesOf(rows, cells),
    labels,
    axes,
    labelIndex: sharedArray(
      Int8Array,
      axisLabels.flatMap((own) => labels.map((label) => own.indexOf(label)))
    ),
    labelCount: sharedArray(
      Uint8Array,
      axisLabels.map(({length}) => length)
    )
  };
  return layout;
}

/** Rows of all combinations of corpus and axis, either of which may be {@link ALL}. */
function cellsOf(rows: TestRow[], settings: Setting[], dialogue: Int32Array): Cell[] {
  const corpora = [...new Set(settings.map(({corpus}) => corpus)), ALL];
  const axes = [...new Set(settings.map(({axis}) => axis)), ALL];
  const members = corpora.map(() => axes.map((): TestRow[] => []));
  const [ofCorpus, ofAxis] = [placesIn(corpora), placesIn(axes)];
  for (const row of rows)
    for (const corpus of [ofCorpus.get(row.corpus)!, corpora.length - 1])
      for (const axis of [ofAxis.get(row.axis)!, axes.length - 1]) members[corpus]![axis]!.push(row);
  return corpora.flatMap((corpus, c) =>
    axes.flatMap((axis, a) => {
      const own = members[c]![a]!;
      return own.length > 0 ? [{corpus, axis, ...cellOf(own, corpus, axis, settings, dialogue)}] : [];
    })
  );
}

function placesIn(names: string[]): Map<string, number> {
  return new Map(names.map((name, place) => [name, place]));
}

function cellOf(
  members: TestRow[],
  corpus: string,
  axis: string,
  settings: Setting[],
  dialogue: Int32Array
): Omit<Cell, "corpus" | "axis"> {
  const rows = sharedArray(Int32Array, members.length);
  const within = sharedArray(Int32Array, members.length);
  const ids: number[] = [];
  const stratum: number[] = [];
  const strata = new Map<string, number>();
  members.forEach(({row, corpus: own}, i) => {
    if (ids.at(-1) !== dialogue[row]) {
      if (!strata.has(own)) strata.set(own, strata.size);
      ids.push(dialogue[row]!);
      stratum.push(strata.get(own)!);
    }
    rows[i] = row;
    within[i] = ids.length - 1;
  });
  return {
    rows,
    dialogue: within,
    dialogues: ids.length,
    dialogueIds: sharedArray(Int32Array, ids),
    stratum: sharedArray(Uint8Array, stratum),
    strata: strata.size,
    shape: shapeOf(members),
    settings: settings.flatMap((one, i) =>
      [one.corpus, ALL].includes(corpus) && [one.axis, ALL].includes(axis) ? [i] : []
    )
  };
}

function shapeOf(members: TestRow[]): Shape {
  const lists = new Set([...new Set(members.map(({labels}) => labels))].map((labels) => keyOf(...labels)));
  return {
    labels: lists.size === 1 ? members[0]!.labels.length : 0,
    ordinal: members.every(({ordinal}) => ordinal)
  };
}

function placesOf(rows: TestRow[], cells: Cell[]): Uint16Array {
  const places = sharedArray(Uint16Array, KINDS * rows.length);
  cells.forEach(({corpus, axis, rows: own}, c) => {
    const from = ((corpus === ALL ? 2 : 0) + (axis === ALL ? 1 : 0)) * rows.length;
    for (const row of own) places[from + row] = c;
  });
  return places;
}
