import assert from "node:assert/strict";
import {test} from "node:test";
import {shareInterval} from "../../src/core/statistics/share-of-gain.js";
import {createRandom} from "../../src/core/random.js";

const T = 1.959963984540054;

/** Both ends solve (part − r·whole)² = t²·Var(part − r·whole): Fieller's definition. */
function misses(part: {value: number; se: number}, whole: {value: number; se: number}, covariance: number) {
  const differenceError = Math.sqrt(part.se ** 2 + whole.se ** 2 - 2 * covariance);
  const {low, high} = shareInterval(part, whole, {differenceError, quantile: T});
  return [low!, high!].map((r) => {
    const variance = part.se ** 2 - 2 * r * covariance + r ** 2 * whole.se ** 2;
    return (part.value - r * whole.value) ** 2 - T ** 2 * variance;
  });
}

test("the ends of Fieller's interval solve its equation, for gains and for losses", () => {
  for (const part of [0.5, -0.5, 0, 1.2])
    for (const whole of [1, -1])
      for (const covariance of [0, 0.02, -0.02])
        for (const miss of misses({value: part, se: 0.2}, {value: whole, se: 0.25}, covariance))
          assert.ok(Math.abs(miss) < 1e-12, `${part} of ${whole}: ${miss}`);
});

test("a part that is the whole is all of it, without doubt", () => {
  const whole = {value: 0.04, se: 0.01};
  const {low, high} = shareInterval(whole, whole, {differenceError: 0, quantile: T});
  assert.ok(Math.abs(low! - 1) < 1e-9 && Math.abs(high! - 1) < 1e-9);
});

test("a whole that is not told from zero has no interval of shares", () => {
  const part = {value: 0.02, se: 0.01};
  const none = {low: null, high: null};
  assert.deepEqual(shareInterval(part, {value: 0.01, se: 0.01}, {differenceError: 0.01, quantile: T}), none);
  assert.deepEqual(shareInterval(part, {value: 0, se: 0.01}, {differenceError: 0.01, quantile: T}), none);
});

test("the interval covers the true share as often as it says", () => {
  const random = createRandom("share-of-gain");
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  const [part, whole, share] = [0.03, 0.05, 0.6];
  const rounds = 4000;
  let covered = 0;
  for (let i = 0; i < rounds; ++i) {
    const [common, a, b] = [0.008 * normal(), 0.006 * normal(), 0.006 * normal()];
    const {low, high} = shareInterval(
      {value: part + common + a, se: 0.01},
      {value: whole + common + b, se: 0.01},
      {differenceError: 0.006 * Math.SQRT2, quantile: T}
    );
    if (low! <= share && share <= high!) ++covered;
  }
  const rate = covered / rounds;
  assert.ok(rate > 0.935 && rate < 0.965, String(rate));
});
