import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {parseHTML} from "linkedom";
import {wrap} from "../../src/figures/frame.js";
import {domainOf, spreadLabels} from "../../src/figures/marks.js";
import {FIGURES} from "../../src/figures/registry.js";
import {STATIC_FIGURES, STATIC_SENTENCES} from "../../src/figures/static.js";
import type {NoiseRow} from "../../src/core/cubes.js";
import {sampleCubes} from "./sample-cubes.js";

describe("labels at line ends", () => {
  it("are moved apart, keep their order and stay around where they were", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: 0, max: 300}), {minLength: 1, maxLength: 9}), (positions) => {
        const placed = spreadLabels(positions, 15);
        const sorted = [...placed].sort((a, b) => a - b);
        for (let i = 1; i < sorted.length; i++) assert.ok(sorted[i]! - sorted[i - 1]! >= 15 - 1e-9);
        positions.forEach((a, i) => positions.forEach((b, j) => a < b && assert.ok(placed[i]! < placed[j]!)));
        const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
        assert.ok(Math.abs(mean(placed) - mean(positions)) < 1e-6);
      })
    );
  });
});

describe("scales", () => {
  it("hold every value and the point they must pass through", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({min: -50, max: 50, noNaN: true}))), (values) => {
        const [low, high] = domainOf(values, {through: 0});
        assert.ok(low <= 0 && high >= 0 && low < high);
        for (const value of values) if (value !== null) assert.ok(low <= value && value <= high);
      })
    );
  });

  it("exist without any value", () => assert.deepEqual(domainOf([null, NaN]), [0, 1]));
});

describe("text in figures", () => {
  it("is broken into lines that lose no word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), {minLength: 1}), (words) => {
        const lines = wrap(words.join(" "), 120, 12);
        assert.equal(lines.join(" "), words.join(" "));
        for (const line of lines) assert.ok(line.length <= 19 || !line.includes(" "));
      })
    );
  });
});

const NOISE: NoiseRow = {
  arm: "label-only",
  seed: "1",
  corpus: "all",
  axis: "all",
  measure: "accuracy",
  estimator: "",
  repetitions: 2,
  n: 100,
  largest: 0.01,
  deviation: 0.01,
  identical: false,
  device: "cuda NVIDIA H200",
  determinism: ""
};

describe("what a page shows before any script", () => {
  const {document} = parseHTML("<!doctype html><html><body></body></html>");
  const cubes = sampleCubes();

  it("is every figure, once for wide, middle and narrow screens each", () => {
    assert.deepEqual(Object.keys(STATIC_FIGURES), Object.keys(FIGURES));
    const element = STATIC_FIGURES.effects!(cubes, document);
    const widths = [...element.querySelectorAll(".drawing > svg")].map((svg) => svg.getAttribute("width"));
    assert.deepEqual(widths, ["920", "600", "360"]);
  });

  it("is every sentence, as text; none on noise that nobody measured, no warning without need", () => {
    const measured = {...cubes, noise: [NOISE]};
    for (const [name, say] of Object.entries(STATIC_SENTENCES).filter(([name]) => name !== "pooling-warning"))
      assert.match(say(measured, document).textContent ?? "", /^\S.{20,}\.$/s, name);
    assert.equal(STATIC_SENTENCES.noise!({...cubes, noise: []}, document).textContent, "");
    assert.equal(STATIC_SENTENCES["pooling-warning"]!(cubes, document).textContent, "");
  });
});
