import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {parseHTML} from "linkedom";
import {wrap} from "../../src/figures/frame.js";
import {domainOf, spreadLabels} from "../../src/figures/marks.js";
import {intervalStroke} from "../../src/figures/interval-ends.js";
import {FIGURES} from "../../src/figures/registry.js";
import {STATIC_FIGURES, STATIC_SENTENCES} from "../../src/figures/static.js";
import {boundedDomain} from "../../src/figures/steady-domain.js";
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

  it("hold estimates and intervals over dialogues, and far wider ones over trainings to a bound", () => {
    const row = {value: 3, low: 1, high: 5, low_trainings: -400, high_trainings: 6};
    const [low, high] = boundedDomain([row], ({value}) => value, {scale: 1, through: 0});
    assert.ok(-3 < low && low <= -1.25, `from ${low}`);
    assert.ok(6 <= high && high < 7, `to ${high}`);
  });
});

describe("an interval", () => {
  const numbers = (path: string) => (path.match(/-?[\d.]+/g) ?? []).map(Number);

  it("ends in bars within its panel", () => {
    assert.equal(intervalStroke(10, 30, 5, [0, 40]), "M10.00,5.00H30.00m0,-3v6m-20.00,-6v6");
  });

  it("ends in arrowheads at the edges that it passes, and nowhere beyond them", () => {
    const path = intervalStroke(-70, 90, 5, [0, 40]);
    assert.deepEqual(numbers(path).slice(0, 3), [0, 5, 40]);
    // From the right head's lower end to the left head's upper one, relative to it: 36 pixels back to 4.
    assert.ok(path.endsWith("m-4,-3l4,3l-4,3m-32.00,-6l-4,3l4,3"), path);
  });
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
    const warnings = ["pooling-warning", "unexplained"];
    for (const [name, say] of Object.entries(STATIC_SENTENCES).filter(([name]) => !warnings.includes(name)))
      assert.match(say(measured, document).textContent ?? "", /^\S.{20,}\.$/s, name);
    assert.equal(STATIC_SENTENCES.noise!({...cubes, noise: []}, document).textContent, "");
    for (const name of warnings) assert.equal(STATIC_SENTENCES[name]!(cubes, document).textContent, "", name);
  });
});
