/** Which of an estimate's two intervals is shown. */
import type {EffectRow, IntervalKind, LayerRow, RelationRow, Uncertain} from "./cubes.js";
import type {Selection} from "./selection.js";
import type {Interval} from "./statistics/cluster-bootstrap.js";

/** An estimate without any interval. */
export const NO_UNCERTAINTY: Uncertain = {
  low: null,
  high: null,
  se: null,
  df: null,
  low_trainings: null,
  high_trainings: null,
  se_trainings: null,
  df_trainings: null
};

/** Ends of an estimate's intervals. Tables of an older make hold none over trainings. */
type Ends = Pick<Uncertain, "low" | "high"> & Partial<Pick<Uncertain, "low_trainings" | "high_trainings">>;

/** The 95 % interval of the kind asked for; nulls where the estimate has none of that kind. */
export function intervalOf(row: Ends, kind: IntervalKind): Interval {
  return kind === "dialogues"
    ? {low: row.low, high: row.high}
    : {low: row.low_trainings ?? null, high: row.high_trainings ?? null};
}

/** The kind that can be shown: one training alone says nothing of other trainings, whatever kind was asked for. */
export function shownKind({interval, seed}: Pick<Selection, "interval" | "seed">): IntervalKind {
  return seed === "all" ? interval : "dialogues";
}

/** The interval that a selection shows of an estimate; nulls where the tables hold none of that kind. */
export function shownInterval(row: Uncertain, selection: Pick<Selection, "interval" | "seed">): Interval {
  const {low, high} = intervalOf(row, shownKind(selection));
  return {low: low ?? null, high: high ?? null};
}

/**
 * The kind that rows show of which some may have none over trainings, as entropies that fewer than two trainings recorded.
 * Where no row has one, the other kind is shown, and named.
 *
 * @param ends - Lower ends of the rows' intervals over trainings.
 */
export function kindAmong(
  ends: readonly (number | null | undefined)[],
  selection: Pick<Selection, "interval" | "seed">
): IntervalKind {
  const known = shownKind(selection) === "trainings" && ends.some((end) => typeof end === "number");
  return known ? "trainings" : "dialogues";
}

/** A layer's row whose ends are those of a kind. */
export function layerOfKind(row: LayerRow, kind: IntervalKind): LayerRow {
  if (kind === "dialogues") return row;
  return {
    ...row,
    low: row.low_trainings ?? null,
    high: row.high_trainings ?? null,
    effect_low: row.effect_low_trainings ?? null,
    effect_high: row.effect_high_trainings ?? null
  };
}

/** A relation whose ends are those of a kind. */
export function relationOfKind(row: RelationRow, kind: IntervalKind): RelationRow {
  if (kind === "dialogues") return row;
  return {
    ...row,
    within_low: row.within_low_trainings ?? null,
    within_high: row.within_high_trainings ?? null,
    auroc_low: row.auroc_low_trainings ?? null,
    auroc_high: row.auroc_high_trainings ?? null
  };
}

/** The shown interval of the difference to the explanation arm, of the kind that an effect's own interval has. */
export function versusInterval(row: EffectRow, kind: IntervalKind): Interval {
  return kind === "dialogues"
    ? {low: row.versus_explanation_low ?? null, high: row.versus_explanation_high ?? null}
    : {
        low: row.versus_explanation_low_trainings ?? null,
        high: row.versus_explanation_high_trainings ?? null
      };
}
