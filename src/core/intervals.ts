/** Which of an estimate's two intervals is shown. */
import type {EffectRow, IntervalKind, Uncertain} from "./cubes.js";
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

/** The 95 % interval of the kind asked for; nulls where the estimate has none of that kind. */
export function intervalOf(row: Uncertain, kind: IntervalKind): Interval {
  return kind === "dialogues"
    ? {low: row.low, high: row.high}
    : {low: row.low_trainings, high: row.high_trainings};
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

/** The shown interval of the difference to the explanation arm, of the kind that an effect's own interval has. */
export function versusInterval(row: EffectRow, kind: IntervalKind): Interval {
  return kind === "dialogues"
    ? {low: row.versus_explanation_low ?? null, high: row.versus_explanation_high ?? null}
    : {
        low: row.versus_explanation_low_trainings ?? null,
        high: row.versus_explanation_high_trainings ?? null
      };
}
