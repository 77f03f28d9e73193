/** The warning where entropy and being right go together one way pooled over settings, and the other way within them. */
import type {Mode} from "../arms.js";
import {rowsWhere} from "../cube-index.js";
import type {AllCubes} from "../cubes-reader.js";
import type {RelationRow} from "../cubes.js";
import {formatSigned} from "../format.js";
import {kindAmong, relationOfKind} from "../intervals.js";
import {MODE_LOOKS} from "../palette.js";
import {selectedArms, type Selection} from "../selection.js";
import {listOf, settingsIn} from "./phrases.js";

type Related = Pick<RelationRow, "pooled" | "within" | "within_low" | "within_high">;

/**
 * Whether pooled and within-setting correlation have different signs by more than noise. Tables hold no interval of the
 * pooled one; that within settings is taken to be as wide, so that the pooled sign is told from zero where the
 * correlation is more than half of it. Without an interval, signs alone count.
 */
export function signsDisagree({pooled, within, within_low: low, within_high: high}: Related): boolean {
  if (pooled === null || within === null || Math.sign(pooled) * Math.sign(within) !== -1) return false;
  return low == null || high == null || Math.abs(pooled) > (high - low) / 2;
}

/** Names the modes whose pooled correlation has the other sign, with both numbers; empty where there are none. */
export function signWarning(rows: readonly (Related & {mode: Mode})[]): string {
  const opposed = rows.filter(signsDisagree);
  if (opposed.length === 0) return "";
  const names = opposed.map(
    ({mode, pooled, within}) =>
      `${MODE_LOOKS[mode].title.toLowerCase()} (${formatSigned(pooled, 2)} pooled, ${formatSigned(within, 2)} within)`
  );
  return `Warning: pooled and within settings disagree in sign for ${listOf(names)}. The pooled sign tells of settings and trainings, not of answers (Simpson’s paradox).`;
}

/** The same of the arms, the cell and the entropy that a selection shows. */
export function poolingWarning({study, relations}: AllCubes, selection: Selection): string {
  const {corpus, axis, estimator} = selection;
  if (settingsIn(study, selection).length < 2) return "";
  const layer = estimator === "label_entropy" ? -1 : selection.layer;
  const kind = kindAmong(
    rowsWhere<RelationRow>(relations, {corpus, axis, estimator, layer}).map(
      (row) => row.within_low_trainings
    ),
    {...selection, seed: "all"}
  );
  return signWarning(
    selectedArms(selection, study).flatMap(({id, mode}) =>
      rowsWhere<RelationRow>(relations, {arm: id, corpus, axis, estimator, layer}).map((row) => ({
        ...relationOfKind(row, kind),
        mode
      }))
    )
  );
}
