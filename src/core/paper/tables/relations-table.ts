/** How entropy goes with being right, arm by arm. */
import {parseArm} from "../../arms.js";
import {rowsWhere} from "../../cube-index.js";
import type {AllCubes} from "../../cubes-reader.js";
import type {RelationRow} from "../../cubes.js";
import {MISSING, formatCount, formatNumber, formatSigned} from "../../format.js";
import {kindAmong, relationOfKind} from "../../intervals.js";
import {MODE_LOOKS} from "../../palette.js";
import {selectedArms, type Selection} from "../../selection.js";
import {recipeNote} from "./recipe-note.js";
import {seedsName} from "../../sentences/phrases.js";
import {bracketed, digitsFor, type Cell, type PaperTable} from "./paper-table.js";

/** At the selection's estimator and layer; null where no arm has entropies there. */
export function relationsTable(
  {study, relations}: Pick<AllCubes, "study" | "relations">,
  selection: Selection
): PaperTable | null {
  const {estimator, layer} = selection;
  const found = selectedArms(selection, study).flatMap(({id}): [string, RelationRow][] => {
    const [row] = rowsWhere(relations, {arm: id, corpus: "all", axis: "all", layer, estimator});
    return row ? [[id, row]] : [];
  });
  if (found.length === 0) return null;
  const kind = kindAmong(
    found.map(([, row]) => row.within_low_trainings),
    selection
  );
  const rows = found.map(([id, row]) => [id, relationOfKind(row, kind)] as const);
  const half = (low: number | null | undefined, high: number | null | undefined): number[] =>
    low == null || high == null ? [] : [(high - low) / 2];
  const digits = digitsFor(
    rows.flatMap(([, row]) => [
      ...half(row.within_low, row.within_high),
      ...half(row.auroc_low, row.auroc_high)
    ])
  );
  const cell = (
    value: number | null,
    ends: Parameters<typeof bracketed>[0],
    format: (value: number, digits: number) => string
  ): Cell =>
    value === null
      ? {text: MISSING}
      : {text: format(value, digits), interval: bracketed(ends, (end) => format(end, digits))};
  const none = {low: null, high: null};
  return {
    name: "relations",
    caption: `Entropy (${estimator}, layer ${layer}) and right answers${recipeNote(selectedArms(selection, study))}: correlation of the two over all answers pooled and within settings, and the AUROC of entropy as a detector of errors within settings (0.5 is chance). ${formatCount(rows[0]![1].n)} answers of each arm, ${seedsName(selection, study.seeds.length)}; brackets are 95 % intervals over other dialogues${kind === "trainings" ? " and other trainings" : ""}.`,
    columns: [
      {title: "Arm", numeric: false},
      {title: "r, pooled", numeric: true},
      {title: "r, within settings", numeric: true},
      {title: "AUROC", numeric: true}
    ],
    rows: rows.map(([id, row]) => ({
      cells: [
        {text: MODE_LOOKS[parseArm(id).mode].title},
        cell(row.pooled, none, formatSigned),
        cell(row.within, {low: row.within_low, high: row.within_high}, formatSigned),
        cell(row.auroc, {low: row.auroc_low, high: row.auroc_high}, formatNumber)
      ]
    })),
    data: rows.map(([id, {pooled, within, within_low, within_high, auroc, auroc_low, auroc_high, n}]) => ({
      ...{arm: id, estimator, layer, pooled, within, within_low, within_high, auroc, n},
      ...{auroc_low: auroc_low ?? null, auroc_high: auroc_high ?? null}
    }))
  };
}
