/** Every measure of every arm, pooled over settings. */
import {rowsWhere} from "../../cube-index.js";
import type {AllCubes} from "../../cubes-reader.js";
import type {LevelRow, MeasureId} from "../../cubes.js";
import {MISSING, formatNumber, shownScale, unitOf} from "../../format.js";
import {intervalOf, shownKind} from "../../intervals.js";
import {measureOf} from "../../measures.js";
import {MODE_LOOKS} from "../../palette.js";
import {selectedArms, type Selection} from "../../selection.js";
import {recipeNote} from "./recipe-note.js";
import {intervalScope, rowsName, seedsName} from "../../sentences/phrases.js";
import {bracketed, digitsFor, type Cell, type PaperTable} from "./paper-table.js";

/** How right, how well calibrated, how sure: in that order. */
const SHOWN: readonly MeasureId[] = [
  "accuracy",
  "macro_f1",
  "qwk",
  "nll",
  "brier",
  "ece",
  "overconfidence",
  "sharpness"
];

/** Null where no arm has a level. */
export function measuresTable(
  {study, levels}: Pick<AllCubes, "study" | "levels">,
  selection: Selection
): PaperTable | null {
  const kind = shownKind(selection);
  const arms = selectedArms(selection, study);
  const at = (system: string, measure: MeasureId): LevelRow | undefined =>
    rowsWhere(levels, {system, measure, corpus: "all", axis: "all", seed: selection.seed})[0];
  const measures = SHOWN.filter((measure) => arms.some(({id}) => at(id, measure)?.value != null));
  const first = arms.map(({id}) => at(id, measures[0]!)).find(Boolean);
  if (!first) return null;
  const digits = new Map(
    measures.map((measure) => {
      const widths = arms.flatMap(({id}) => {
        const row = at(id, measure);
        const {low, high} = row ? intervalOf(row, kind) : {low: null, high: null};
        return low === null || high === null ? [] : [((high - low) / 2) * shownScale(measure)];
      });
      return [measure, digitsFor(widths, measureOf(measure).format.digits)];
    })
  );
  const cell = (row: LevelRow | undefined, measure: MeasureId): Cell => {
    if (row?.value == null) return {text: MISSING};
    const show = (value: number): string => formatNumber(value * shownScale(measure), digits.get(measure));
    return {text: show(row.value), interval: bracketed(intervalOf(row, kind), show)};
  };
  return {
    name: "measures",
    caption: `Measures of each arm${recipeNote(arms)}, over all settings pooled: ${rowsName(first)}, ${seedsName(selection, study.seeds.length)}; brackets are 95 % intervals ${intervalScope(study, selection)}. ${directions(measures)}`,
    columns: [
      {title: "Arm", numeric: false},
      ...measures.map((measure) => ({title: withUnit(measure), numeric: true}))
    ],
    rows: arms.map(({id, mode}) => ({
      cells: [{text: MODE_LOOKS[mode].title}, ...measures.map((measure) => cell(at(id, measure), measure))]
    })),
    data: arms.flatMap(({id}) =>
      measures.flatMap((measure) => {
        const row = at(id, measure);
        return row
          ? [
              {
                arm: id,
                measure,
                value: row.value,
                ...intervalOf(row, kind),
                n: row.n,
                dialogues: row.dialogues
              }
            ]
          : [];
      })
    )
  };
}

function withUnit(measure: MeasureId): string {
  const unit = unitOf(measure);
  const {title} = measureOf(measure);
  return unit ? `${title} (${unit})` : title;
}

function directions(measures: readonly MeasureId[]): string {
  const titles = (better: string): string =>
    measures
      .filter((id) => measureOf(id).better === better && !measureOf(id).sureness)
      .map((id) => measureOf(id).title)
      .join(", ");
  return [
    ["Higher is better", titles("higher")],
    ["lower is better", titles("lower")]
  ]
    .filter(([, names]) => names !== "")
    .map(([words, names]) => `${words}: ${names}`)
    .join("; ")
    .replace(/^l/, "L")
    .concat(".");
}
