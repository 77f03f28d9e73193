/** How much of the explanation's gain each other text keeps. */
import type {AllCubes} from "../../cubes-reader.js";
import {effectUnitOf, formatShare} from "../../format.js";
import {gainShares} from "../../gain-shares.js";
import {intervalOf, shownKind} from "../../intervals.js";
import {measureOf} from "../../measures.js";
import {MODE_LOOKS} from "../../palette.js";
import type {Selection} from "../../selection.js";
import {effectText, intervalScope, rowsName, seedsName} from "../../sentences/phrases.js";
import type {PaperTable} from "./paper-table.js";

/** Null where there is no gain to share. */
export function sharesTable(
  {study, effects}: Pick<AllCubes, "study" | "effects">,
  selection: Selection
): PaperTable | null {
  const found = gainShares(study, effects, selection);
  if (found.gain === null || found.shares.length === 0) return null;
  const {measure} = selection;
  const {gain} = found;
  const kind = shownKind(selection);
  const whole = {arm: {mode: "explanation" as const}, row: gain, share: 1, low: null, high: null};
  const rows = [...found.shares, whole];
  const difference = (row: typeof gain): string => {
    const {low, high} = intervalOf(row, kind);
    return effectText(measure, row.effect!, low, high);
  };
  return {
    name: "shares",
    caption: `Gain in ${measureOf(measure).title.toLowerCase()} over label only${effectUnitOf(measure) ? `, in ${effectUnitOf(measure)},` : ""} and the share of the explanation's gain that each text keeps, over all settings pooled: ${rowsName(gain)}, ${seedsName(selection, study.seeds.length)}. Intervals of differences are 95 % intervals ${intervalScope(study, selection)}; those of shares are Fieller's, over other dialogues.`,
    columns: [
      {title: "After the label", numeric: false},
      {title: "Difference to label only", numeric: true},
      {title: "Share of the gain", numeric: true}
    ],
    rows: rows.map(({arm, row, share, low, high}) => ({
      cells: [
        {text: MODE_LOOKS[arm.mode].title},
        {text: difference(row)},
        {text: formatShare({share, low, high})}
      ]
    })),
    data: rows.map(({row, share, low, high}) => ({
      ...{arm: row.arm, measure, effect: row.effect, share, share_low: low, share_high: high}
    }))
  };
}
