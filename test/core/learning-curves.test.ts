/** Curves of several trainings become one mean curve, whatever steps each has logged. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import type {RunRow} from "../../src/core/cubes.js";
import {finalLoss, lossOf, meanCurve, type TrainingCurve} from "../../src/core/learning-curves.js";

const run = {} as RunRow;
const curve = (...points: [step: number, loss: number][]): TrainingCurve => ({
  run,
  points: points.map(([step, loss]) => ({step, loss}))
});

test("trainings that logged the same steps are averaged step by step, with their range", () => {
  assert.deepEqual(meanCurve([curve([10, 2], [20, 1]), curve([10, 4], [20, 2])]), [
    {step: 10, mean: 3, low: 2, high: 4},
    {step: 20, mean: 1.5, low: 1, high: 2}
  ]);
});

test("between its steps a training runs straight; before its first and after its last it is left out", () => {
  const finest = curve([0, 1], [10, 1], [20, 1], [30, 1]);
  const coarse = curve([5, 3], [25, 7]);
  assert.deepEqual(
    meanCurve([coarse, finest]).map(({high}) => high),
    [1, 4, 6, 1]
  );
});

test("the mean lies in the range, and the range in what was logged", () => {
  const losses = fc.array(fc.double({min: 0.01, max: 9, noNaN: true}), {minLength: 1, maxLength: 30});
  fc.assert(
    fc.property(
      fc.array(losses, {minLength: 1, maxLength: 5}),
      fc.integer({min: 1, max: 7}),
      (all, stride) => {
        const curves = all.map((values, i) =>
          curve(...values.map((loss, k): [number, number] => [(k + 1) * (i % 2 === 0 ? stride : 2), loss]))
        );
        const every = all.flat();
        for (const {mean, low, high} of meanCurve(curves)) {
          assert.ok(low - 1e-9 <= mean && mean <= high + 1e-9);
          assert.ok(Math.min(...every) - 1e-9 <= low && high <= Math.max(...every) + 1e-9);
        }
      }
    )
  );
});

test("the final loss is the mean over the last tenth of the steps", () => {
  assert.equal(finalLoss(curve([10, 9], [90, 2], [95, 4], [100, 6])), 4);
  assert.equal(finalLoss(curve([1, 5])), 5);
});

test("where there is no explanation all loss is the label's; where parts were not told apart there is none", () => {
  const row = {run: "a", step: 1, loss: 2};
  assert.equal(lossOf({...row, loss_label: null, loss_explanation: null}, "label"), 2);
  assert.equal(lossOf({...row, loss_label: 1, loss_explanation: 3}, "label"), 1);
  assert.equal(lossOf({...row, loss_label: null, loss_explanation: 3}, "label"), null);
  assert.equal(lossOf({...row, loss_label: 1, loss_explanation: null}, "explanation"), null);
});
