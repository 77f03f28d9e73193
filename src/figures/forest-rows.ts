/** The rows of a forest: everything pooled and the mean of settings on top, then each corpus with its axes. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Selection} from "../core/selection.js";
import {axisTitle, corpusTitle} from "./figure.js";
import type {PanelRow} from "./interval-panels.js";

export interface ForestRow extends PanelRow {
  corpus: string;
  axis: string;
  /** One cell's effect, or the mean of the settings in it. */
  kind: "cell" | "across";
}

type Facts = Pick<AllCubes, "study" | "across">;

/** Rows from top to bottom; on a narrow page those of all corpora are pooled ones only. */
export function forestRows(
  {study, across}: Facts,
  {corpus, axis, measure, seed}: Selection,
  narrow: boolean
): ForestRow[] {
  const cell = (corpusId: string, axisId: string, strong: boolean): ForestRow => ({
    key: `${corpusId} ${axisId}`,
    label: strong ? corpusTitle(study, corpusId) : axisTitle(study, axisId),
    corpus: corpusId,
    axis: axisId,
    kind: "cell",
    strong,
    gap: strong
  });
  const meanOf = (corpusId: string, axisId: string): ForestRow[] => {
    const found = across.find(
      (row) => row.corpus === corpusId && row.axis === axisId && row.measure === measure && row.mean !== null
    );
    if (!found || seed !== "all") return [];
    const label = `Mean of ${found.settings} settings`;
    return [{key: `across ${corpusId} ${axisId}`, label, corpus: corpusId, axis: axisId, kind: "across"}];
  };
  const corpora = study.corpora.filter(({id}) => corpus === "all" || id === corpus);
  const axes = (id: string): ForestRow[] =>
    narrow && (corpus === "all" || id === "all") ? [] : study.axes.map((each) => cell(id, each.id, false));
  const top = [cell("all", axis, true), ...meanOf("all", axis)];
  if (axis !== "all") return [...top, ...corpora.map(({id}, i) => ({...cell(id, axis, true), gap: i === 0}))];
  const groups = corpora.flatMap(({id}) => [
    cell(id, "all", true),
    ...(corpus === "all" ? [] : meanOf(id, "all")),
    ...axes(id)
  ]);
  return [...top, ...axes("all"), ...groups.map((row, i) => (narrow && i > 0 ? {...row, gap: false} : row))];
}
