import assert from "node:assert/strict";
import {test} from "node:test";
import {scaleLinear} from "d3";
import fc from "fast-check";
import {tickCount} from "../../src/figures/tick-count.js";

/** Ticks on an axis of a width in pixels, and the widest of their labels. */
function ticksOn(domain: [number, number], width: number): {ticks: number[]; widest: number} {
  const x = scaleLinear(domain, [0, width]);
  const count = tickCount(x, width);
  const format = x.tickFormat(count);
  return {ticks: x.ticks(count), widest: Math.max(...x.ticks(count).map((tick) => format(tick).length))};
}

test("a phone's axis has three ticks at least, where round values once gave two", () => {
  for (const domain of [
    [-0.2, 0.9],
    [-0.04, 0.16],
    [-0.3, 1.6]
  ] as [number, number][])
    assert.ok(ticksOn(domain, 220).ticks.length >= 3, domain.join(" "));
});

test("labels never touch, and two ticks at least stand on any domain", () => {
  fc.assert(
    fc.property(
      fc.integer({min: -4, max: 3}),
      fc.double({min: 0.05, max: 0.95, noNaN: true}),
      (power, share) => {
        const span = 10 ** power;
        const {ticks, widest} = ticksOn([-share * span, (1 - share) * span], 220);
        assert.ok(ticks.length >= 2, ticks.join(" "));
        const between = (220 * (ticks[1]! - ticks[0]!)) / span;
        assert.ok(between >= widest * 6.7, `${ticks.join(" ")} stand ${between} px apart`);
      }
    )
  );
});
