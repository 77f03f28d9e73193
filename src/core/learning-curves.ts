/** Loss over the steps of training, averaged over an arm's trainings: what figures and sentences on training share. */
import type {Mode} from "./arms.js";
import {rowsWhere} from "./cube-index.js";
import type {CurveRow, RunRow} from "./cubes.js";
import type {AllCubes} from "./cubes-reader.js";
import {selectedArms, type Selection} from "./selection.js";

/** The part of the completion whose tokens' loss it is. */
export type LossPart = "label" | "explanation";

/** One training's losses, in the order of its steps. */
export interface TrainingCurve {
  run: RunRow;
  points: {step: number; loss: number}[];
}

/** Mean over trainings at one step, with the smallest and the largest. Nats a token. */
export interface CurvePoint {
  step: number;
  mean: number;
  low: number;
  high: number;
}

export interface ArmCurves {
  mode: Mode;
  arm: string;
  curves: TrainingCurve[];
}

type Cubes = Pick<AllCubes, "study" | "runs" | "curves">;

/** Finished trainings of the arms shown that left a loss of this part; label-only first. */
export function armCurves(cubes: Cubes, selection: Selection, part: LossPart): ArmCurves[] {
  return selectedArms(selection, cubes.study).flatMap(({id, mode}) => {
    const runs = trainings(cubes, selection, id).filter(({status}) => status === "done");
    const curves = runs.flatMap((run) => {
      const points = pointsOf(rowsWhere(cubes.curves, {run: run.run}), part);
      return points.length > 0 ? [{run, points}] : [];
    });
    return curves.length > 0 ? [{mode, arm: id, curves}] : [];
  });
}

/** The training runs of an arm, of the selected seed or all. */
export function trainings(
  {runs}: Pick<Cubes, "runs">,
  {seed}: Pick<Selection, "seed">,
  arm: string
): RunRow[] {
  const own = rowsWhere(runs, {kind: "train", system: arm});
  return own.filter((run) => seed === "all" || run.seed === seed);
}

function pointsOf(rows: readonly CurveRow[], part: LossPart): TrainingCurve["points"] {
  return rows
    .flatMap((row) => {
      const loss = lossOf(row, part);
      return loss === null ? [] : [{step: row.step, loss}];
    })
    .sort((a, b) => a.step - b.step);
}

/** The loss of a part at a step, null where there is none. Where there is no explanation, all loss is the label's. */
export function lossOf({loss, loss_label, loss_explanation}: CurveRow, part: LossPart): number | null {
  if (part === "explanation") return loss_explanation;
  return loss_label ?? (loss_explanation === null ? loss : null);
}

/**
 * The mean curve of several trainings, at the steps of the one that logged most often. Between its logged steps a
 * training is taken to run straight; where one has not begun or has ended, it is left out.
 */
export function meanCurve(curves: readonly TrainingCurve[]): CurvePoint[] {
  const finest = curves.reduce((a, b) => (b.points.length > a.points.length ? b : a)).points;
  const cursors = curves.map(() => 0);
  return finest.map(({step}) => {
    const values = curves.flatMap(({points}, i) => {
      while (cursors[i]! < points.length - 1 && points[cursors[i]! + 1]!.step <= step) cursors[i]!++;
      return lossAt(points, cursors[i]!, step) ?? [];
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {step, mean, low: Math.min(...values), high: Math.max(...values)};
  });
}

function lossAt(points: TrainingCurve["points"], at: number, step: number): number | undefined {
  const [here, next] = [points[at]!, points[at + 1]];
  if (here.step === step) return here.loss;
  if (here.step > step || !next) return undefined;
  return here.loss + ((next.loss - here.loss) * (step - here.step)) / (next.step - here.step);
}

/** Mean loss over the last tenth of a training's steps: single steps are noisy. */
export function finalLoss({points}: TrainingCurve): number {
  const end = points.at(-1)!.step;
  const last = points.filter(({step}) => step >= 0.9 * end);
  return last.reduce((sum, {loss}) => sum + loss, 0) / last.length;
}
