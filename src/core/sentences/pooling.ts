/** The warning where entropy and being right go together one way pooled over settings, and the other way within them. */
import type {Mode} from "../arms.js";
import {rowsWhere} from "../cube-index.js";
import type {AllCubes} from "../cubes-reader.js";
import type {RelationRow} from "../cubes.js";
import {formatSigned} from "../format.js";
import {MODE_LOOKS} from "../palette.js";
import {selectedArms, type Selection} from "../selection.js";
import {listOf, settingsIn} from "./phrases.js";

type Related = Pick<RelationRow, "pooled" | "within"> & {mode: Mode};

/** Names the modes whose pooled correlation has the other sign, with both numbers; empty where there are none. */
export function signWarning(rows: readonly Related[]): string {
  const opposed = rows.filter(
    ({pooled, within}) => pooled !== null && within !== null && Math.sign(pooled) * Math.sign(within) === -1
  );
  if (opposed.length === 0) return "";
  const names = opposed.map(
    ({mode, pooled, within}) =>
      `${MODE_LOOKS[mode].title.toLowerCase()} (${formatSigned(pooled, 2)} pooled, ${formatSigned(within, 2)} within)`
  );
  return `Warning: pooled and within settings disagree in sign for ${listOf(names)}. The pooled sign tells of settings, not of answers (Simpson’s paradox).`;
}

/** The same of the arms, the cell and the entropy that a selection shows. */
export function poolingWarning({study, relations}: AllCubes, selection: Selection): string {
  const {corpus, axis, estimator} = selection;
  if (settingsIn(study, selection).length < 2) return "";
  const layer = estimator === "label_entropy" ? -1 : selection.layer;
  return signWarning(
    selectedArms(selection, study).flatMap(({id, mode}) =>
      rowsWhere<RelationRow>(relations, {arm: id, corpus, axis, estimator, layer}).map((row) => ({
        ...row,
        mode
      }))
    )
  );
}
