import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {changedShare, meanDifference, valueDifference} from "../../src/core/statistics/repetition-noise.js";

describe("differences between repetitions", () => {
  it("of means: the largest of all pairs, and √2 times the standard deviation", () => {
    const columns = [
      [1, 0, 1, 1],
      [1, 0, 0, 1],
      [0, 0, 0, 1]
    ];
    const {largest, deviation} = meanDifference(columns, [0, 1, 2, 3]);
    assert.equal(largest, 0.5);
    const means = [0.75, 0.5, 0.25];
    const variance = means.reduce((sum, mean) => sum + (mean - 0.5) ** 2, 0) / 2;
    assert.ok(Math.abs(deviation - Math.SQRT2 * Math.sqrt(variance)) < 1e-12);
  });

  it("of means: only the rows asked for", () =>
    assert.deepEqual(
      meanDifference(
        [
          [1, 5],
          [1, 9]
        ],
        [0]
      ),
      {largest: 0, deviation: 0}
    ));

  it("of single values: what is not finite in either is passed over", () => {
    const {largest, deviation} = valueDifference([Float64Array.of(1, NaN, 3), Float64Array.of(1.5, 2, NaN)]);
    assert.deepEqual([largest, deviation], [0.5, 0.5]);
    assert.deepEqual(valueDifference([Float64Array.of(NaN), Float64Array.of(NaN)]), {
      largest: 0,
      deviation: 0
    });
  });

  it("of labels: shares of rows", () => {
    const {largest, deviation} = changedShare([
      [0, 1, 2, 3],
      [0, 1, 2, 0],
      [1, 1, 2, 0]
    ]);
    assert.deepEqual([largest, deviation], [0.5, (0.25 + 0.5 + 0.25) / 3]);
  });

  it("take two repetitions", () => assert.throws(() => valueDifference([[1]]), RangeError));
});
