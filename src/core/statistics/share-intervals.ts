/** Intervals of a share whose rows depend on each other. */
import type {Uncertain} from "../cubes.js";
import type {Interval} from "./cluster-bootstrap.js";
import {studentTQuantile} from "./distributions.js";
import {wilsonInterval} from "./wilson.js";

/**
 * Both intervals of a share from its standard errors: Wilson's, with as many trials as independent ones would need for this
 * standard error, and Student's t in place of the normal quantile. Near 0 and 1 in few rows estimate ± t standard errors is
 * too short, as the standard error is smallest where the estimate happens to lie too far out. Nulls where there is no
 * standard error, or all rows are alike.
 *
 * P. S. Kott & D. A. Carr (1997), Developing an estimation strategy for a pesticide data program, J. Official Statistics 13.
 */
export function shareIntervals(share: number, known: Uncertain): Uncertain {
  const of = (se: number | null, df: number | null): Interval =>
    se === null || df === null
      ? {low: null, high: null}
      : wilsonInterval(share, (share * (1 - share)) / se ** 2, studentTQuantile(0.975, df));
  const [dialogues, trainings] = [of(known.se, known.df), of(known.se_trainings, known.df_trainings)];
  return {...known, ...dialogues, low_trainings: trainings.low, high_trainings: trainings.high};
}
