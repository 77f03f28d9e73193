/** Claims on entropy: its level and change at a layer, and how it relates to being right. */
import {rowsWhere} from "../cube-index.js";
import {formatNumber, formatSigned} from "../format.js";
import {layerOfKind, relationOfKind, shownKind} from "../intervals.js";
import {armTitle} from "../palette.js";
import {SOURCE_NAMES} from "../sentences/entropy.js";
import type {ClaimKind} from "./claim.js";
import {NONE, estimated} from "./estimates.js";
import {ARM, CELL, ESTIMATOR, LAYER, RECIPE, SHOW, armNamed, oneOf, selectionOf} from "./parameters.js";
import {behind, cellName, intervalName} from "./provenance.js";

const PARTS = {
  effect: "Difference to label only in mean",
  mean: "Mean",
  right: "Mean over right answers of",
  wrong: "Mean over wrong answers of"
};

/** Activation entropy at a layer. */
export const ENTROPY: ClaimKind = {
  says: "Activation entropy at a layer, in nats: its `effect` (difference to label only), its `mean`, or its mean over `right` or `wrong` answers",
  parameters: {
    arm: ARM,
    estimator: {...ESTIMATOR, choices: ({study}) => study.estimators},
    layer: LAYER,
    ...CELL,
    ...RECIPE,
    of: oneOf("which", Object.keys(PARTS), "effect"),
    show: SHOW
  },
  make(cubes, values) {
    const arm = armNamed(cubes, values.arm!, values);
    const selection = selectionOf(cubes, values);
    const {corpus, axis, seed, layer} = selection;
    const estimator = selection.estimator as Exclude<typeof selection.estimator, "label_entropy">;
    const part = values.of as keyof typeof PARTS;
    const found = rowsWhere(cubes.layers, {arm, corpus, axis, seed, layer, estimator})[0];
    const row = found && layerOfKind(found, shownKind(selection));
    const signed = part === "effect";
    const value = row && {effect: row.effect, mean: row.mean, right: row.correct, wrong: row.wrong}[part];
    const print = signed ? formatSigned : formatNumber;
    return estimated({
      value,
      interval: !row
        ? NONE
        : part === "effect"
          ? {low: row.effect_low, high: row.effect_high}
          : part === "mean"
            ? {low: row.low, high: row.high}
            : NONE,
      print: {
        value: (nats) => `${print(nats, 3)} nats`,
        interval: (low, high) => `[${print(low, 3)}, ${print(high, 3)}]`
      },
      show: values.show,
      provenance: behind(cubes, signed ? [arm, "label-only"] : [arm], selection, {
        query: `${PARTS[part]} ${SOURCE_NAMES[estimator]} of ${armTitle(arm, cubes.study.arms).toLowerCase()} at layer ${layer}; ${cellName(cubes, selection)}; ${intervalName(selection)}`,
        n: row?.n
      })
    });
  }
};

const RELATIONS = {
  within: "Correlation within settings",
  pooled: "Correlation, all rows pooled,",
  auroc: "Area under the ROC curve, within settings,"
};

/** Entropy against being right. */
export const RELATION: ClaimKind = {
  says: "How entropy relates to being right: correlation `within` settings or `pooled`, or `auroc` of entropy as a detector of errors",
  parameters: {
    arm: ARM,
    estimator: ESTIMATOR,
    layer: LAYER,
    corpus: CELL.corpus,
    axis: CELL.axis,
    interval: CELL.interval,
    ...RECIPE,
    of: oneOf("which", Object.keys(RELATIONS), "within"),
    show: SHOW
  },
  make(cubes, values) {
    const arm = armNamed(cubes, values.arm!, values);
    const selection = selectionOf(cubes, values);
    const {corpus, axis, estimator} = selection;
    const layer = estimator === "label_entropy" ? -1 : selection.layer;
    const part = values.of as keyof typeof RELATIONS;
    const found = rowsWhere(cubes.relations, {arm, corpus, axis, layer, estimator})[0];
    const row = found && relationOfKind(found, shownKind(selection));
    const where = layer < 0 ? "" : ` at layer ${layer}`;
    const print = part === "auroc" ? formatNumber : formatSigned;
    return estimated({
      value: row?.[part],
      interval: {
        within: {low: row?.within_low ?? null, high: row?.within_high ?? null},
        pooled: NONE,
        auroc: {low: row?.auroc_low ?? null, high: row?.auroc_high ?? null}
      }[part],
      print: {
        value: (value) => print(value, 2),
        interval: (low, high) => `[${print(low, 2)}, ${print(high, 2)}]`
      },
      show: values.show,
      provenance: behind(cubes, [arm], selection, {
        query: `${RELATIONS[part]} of ${SOURCE_NAMES[estimator]}${where} with being ${part === "auroc" ? "wrong" : "right"}, ${armTitle(arm, cubes.study.arms).toLowerCase()}; ${cellName(cubes, selection)}; ${intervalName(selection)}`,
        n: row?.n
      })
    });
  }
};
