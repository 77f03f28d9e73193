import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {drawForPaper} from "../../data-loaders/paper/draw-figure.js";
import {lintFigure} from "../../data-loaders/paper/lint.js";
import type {Finding, Linted} from "../../data-loaders/paper/lint.js";
import type {Matrix, PathShape, Shape, TextShape} from "../../data-loaders/paper/shapes.js";
import {MODE_LOOKS} from "../../src/core/palette.js";
import {BODY_POINTS, VENUES, paperSize} from "../../src/core/paper/paper-size.js";
import {MODE_GREYS, VARIANTS} from "../../src/core/paper/print-colours.js";
import {FIGURES} from "../../src/figures/registry.js";
import {cubes} from "../figures/drawn-figure.js";

const PAINT = {
  ...{fill: null, stroke: null, fillOpacity: 1, strokeOpacity: 1, strokeWidth: 2, dash: []},
  ...{
    cap: "butt",
    join: "miter",
    evenOdd: false,
    matrix: [1, 0, 0, 1, 0, 0] as Matrix,
    classes: [] as string[],
    panel: 0
  }
} satisfies Omit<PathShape, "kind" | "d">;

const words = (text: string, change: Partial<TextShape> = {}): Shape => ({
  ...{
    ...PAINT,
    dash: [],
    kind: "text",
    fill: "#111111",
    text,
    x: 10,
    y: 20,
    size: 12,
    weight: 400,
    width: 50
  },
  ...{halo: false, ...change}
});

const line = (stroke: string, change: Partial<Shape> = {}): Shape =>
  ({...PAINT, dash: [], kind: "path", d: "M0,0H9", stroke, classes: ["line"], ...change}) as Shape;

/** What is found in shapes on a page of 200 × 100 pixels, drawn 0.56 pt a pixel. */
function found(shapes: Shape[], variant: "colour" | "grey" = "colour"): Finding["rule"][] {
  const figure: Linted = {shapes, scale: 0.56, points: {width: 112, height: 56}};
  return lintFigure(figure, {variant}).map(({rule}) => rule);
}

describe("the lint of figures", () => {
  it("finds nothing in any figure, at any venue's width, in any variant", () => {
    for (const mm of new Set(Object.values(VENUES)))
      for (const variant of VARIANTS)
        for (const name of Object.keys(FIGURES)) {
          const faults = lintFigure(drawForPaper(name, cubes, {mm, variant})!, {variant});
          assert.deepEqual(
            faults.filter(({note}) => !note),
            [],
            `${name}, ${mm} mm, ${variant}`
          );
        }
  });

  it("finds text below 5 pt, also where it is drawn smaller than it says", () => {
    assert.deepEqual(found([words("5.04 pt", {size: 9})]), []);
    assert.deepEqual(found([words("4.9 pt", {size: 8.8})]), ["small-text"]);
    assert.deepEqual(found([words("half", {matrix: [0.5, 0, 0, 0.5, 0, 0]})]), ["small-text"]);
  });

  it("finds signs that the font lacks, and names them", () => {
    assert.deepEqual(found([words("−αΔ≤→χ²")]), []);
    assert.deepEqual(found([words("done ✓")]), ["missing-glyph"]);
    const [finding] = lintFigure(
      {shapes: [words("報告")], scale: 1, points: {width: 99, height: 99}},
      {variant: "grey"}
    );
    assert.match(finding!.found, /報 \(U\+5831\), 告 \(U\+544A\)/);
  });

  it("finds text that the edge cuts off, turned or not", () => {
    assert.deepEqual(found([words("right", {x: 160})]), ["clipped-text"]);
    assert.deepEqual(found([words("above", {y: 4})]), ["clipped-text"]);
    assert.deepEqual(found([words("turned", {matrix: [0, -1, 1, 0, 0, 40], x: 0})]), ["clipped-text"]);
    assert.deepEqual(found([words("turned", {matrix: [0, -1, 1, 0, 0, 90], x: 0})]), []);
  });

  it("finds modes that are drawn and not named, where there are several", () => {
    const [a, b] = [MODE_LOOKS.explanation, MODE_LOOKS.filler];
    assert.deepEqual(found([line(a.light)]), []);
    assert.deepEqual(found([line(a.light), line(b.light), words("Explanation")]), ["unnamed-mode"]);
    assert.deepEqual(found([line(a.light), line(b.light), words("Explanation"), words("Filler")]), []);
  });

  it("finds lines that grey makes one, unless dash, width or panel tell them apart", () => {
    const names = [words("Shuffled"), words("Bag of words")];
    const [a, b] = [MODE_GREYS.shuffled, MODE_GREYS["bag-of-words"]];
    assert.deepEqual(found([line(a), line(b), ...names], "grey"), ["colours-collapse"]);
    assert.deepEqual(found([line(a), line(b, {dash: [3, 1]}), ...names], "grey"), []);
    assert.deepEqual(found([line(a), line(b, {strokeWidth: 1}), ...names], "grey"), []);
    assert.deepEqual(found([line(a), line(b, {panel: 1}), ...names], "grey"), []);
  });

  it("notes what is higher than a page, and fails nothing for it", () => {
    const [finding] = lintFigure(
      {shapes: [], scale: 1, points: {width: 400, height: 700}},
      {variant: "colour"}
    );
    assert.equal(finding!.rule, "too-high");
    assert.equal(finding!.note, true);
  });
});

describe("the size of a figure on paper", () => {
  it("holds more where it is wider, with words of the same size", () => {
    for (const mm of [60, 84, 174, 400]) {
      const {px, scale} = paperSize(mm);
      assert.ok(Math.abs(12.5 * scale - BODY_POINTS) < 0.02, `${mm} mm: ${12.5 * scale} pt`);
      assert.ok(Math.abs((px * scale * 25.4) / 72 - mm) < 1e-9);
    }
  });
});
