/** Which of an estimate's two intervals is shown. */
import type {IntervalKind, Uncertain} from "./cubes.js";
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
