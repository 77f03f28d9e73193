/** Cells of what was rated: corpus × axis, and pooled over either. */
import {clusteredRows, type ClusteredRows} from "../statistics/clustered.js";
import type {RatedSet} from "./rated-set.js";

export interface JudgedCell {
  /** A corpus, or `all`. */
  corpus: string;
  /** An axis, or `all`. */
  axis: string;
  /** Items with their dialogues, those with their corpora. */
  cell: ClusteredRows;
  /** Number of labels where all axes of the cell have the same; else 0. */
  labels: number;
}

/** All cells that hold items, pooled ones first, in the order of corpora and axes. */
export function judgedCells({items, axes}: Pick<RatedSet, "items" | "axes">): JudgedCell[] {
  const corpora = [...new Set(items.map(({corpus}) => corpus))];
  const dialogues = new Map<string, number>();
  const strata: number[] = [];
  const clusters = Int32Array.from(items, ({corpus, dialogue_id}) => {
    const key = JSON.stringify([corpus, dialogue_id]);
    let cluster = dialogues.get(key);
    if (cluster === undefined) {
      dialogues.set(key, (cluster = dialogues.size));
      strata.push(corpora.indexOf(corpus));
    }
    return cluster;
  });
  return ["all", ...corpora].flatMap((corpus) =>
    ["all", ...axes.map(({id}) => id)].flatMap((axis): JudgedCell[] => {
      const rows = items.flatMap((item, i) =>
        (corpus === "all" || item.corpus === corpus) && (axis === "all" || item.axis === axis) ? [i] : []
      );
      if (rows.length === 0) return [];
      const cell = clusteredRows(Int32Array.from(rows), clusters, strata);
      return [{corpus, axis, cell, labels: sharedLabels({items, axes}, rows)}];
    })
  );
}

function sharedLabels({items, axes}: Pick<RatedSet, "items" | "axes">, rows: number[]): number {
  const held = new Set(rows.map((row) => items[row]!.axis));
  const lists = axes.filter(({id}) => held.has(id)).map(({labels}) => labels);
  const same = lists.every((labels) => labels.join("\0") === lists[0]!.join("\0"));
  return same ? (lists[0]?.length ?? 0) : 0;
}
