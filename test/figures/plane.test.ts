import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {parseHTML} from "linkedom";
import {MODES} from "../../src/core/arms.js";
import {sheet} from "../../src/figures/elements.js";
import {frame} from "../../src/figures/frame.js";
import {columnsFor, multiples} from "../../src/figures/multiples.js";
import {
  drawBand,
  drawIntervals,
  drawLine,
  drawMarkers,
  drawZero,
  nameLines,
  plane
} from "../../src/figures/plane.js";
import {hasReadings, readingsOf} from "../../src/figures/readings.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const AREA = {left: 40, top: 10, width: 200, height: 100};
const axes = {x: {domain: [0, 10], ticks: 5}, y: {domain: [-1, 1], ticks: 4, grid: true}} as const;

function drawn() {
  const svg = sheet(300, 150, document);
  return {svg, field: plane(svg, AREA, axes)};
}

const pathOf = (svg: SVGSVGElement, name: string) =>
  svg.querySelector(`path.${name}`)?.getAttribute("d") ?? "";

/** Every x and y of a path of M, L and V commands. */
const numbers = (d: string) => [...d.matchAll(/-?\d+(?:\.\d+)?/g)].map(([text]) => Number(text));

describe("a plane", () => {
  it("puts the ends of its domains at the ends of its area, upwards", () => {
    const {field} = drawn();
    assert.deepEqual([field.x(0), field.x(10)], [40, 240]);
    assert.deepEqual([field.y(-1), field.y(1)], [110, 10]);
  });

  it("draws the whole grid as one path and a name a tick", () => {
    const {svg} = drawn();
    assert.equal(svg.querySelectorAll("path.grid").length, 1);
    const names = [...svg.querySelectorAll(".ticks text")].map((text) => text.textContent);
    assert.deepEqual(names, ["0", "2", "4", "6", "8", "10", "−1.0", "−0.5", "0.0", "0.5", "1.0"]);
  });

  it("draws a line, its markers and its intervals as one path each, however many points", () => {
    const points = Array.from({length: 33}, (_, i) => ({x: (i * 10) / 32, y: Math.sin(i), low: -1, high: 1}));
    const {svg, field} = drawn();
    drawLine(field, points, {stroke: "red"});
    drawMarkers(field, "shuffled", points);
    drawIntervals(field, points, "red");
    for (const name of ["line", "value", "interval"])
      assert.equal(svg.querySelectorAll(`path.${name}`).length, 1, name);
    assert.equal(pathOf(svg, "value").split("M").length - 1, points.length);
    assert.equal(pathOf(svg, "interval").split("M").length - 1, points.length);
  });

  it("interrupts lines and bands where there is no value", () => {
    const {svg, field} = drawn();
    drawLine(field, [{x: 0, y: 0}, {x: 1, y: 0}, {x: 2, y: NaN}, {x: 3, y: 0}, {x: 4, y: 0}], {stroke: "red"}); // prettier-ignore
    drawBand(field, [{x: 0, low: null, high: null}, {x: 1, low: -1, high: 1}, {x: 2, low: -1, high: 1}], "red"); // prettier-ignore
    assert.equal(pathOf(svg, "line").split("M").length - 1, 2);
    assert.ok(!pathOf(svg, "band").includes("40"), "no band where there is no interval");
    const without = drawn();
    drawBand(without.field, [{x: 0, low: null, high: null}], "red");
    assert.equal(without.svg.querySelectorAll("path.band").length, 0);
  });

  it("keeps all that lies within its domains inside its area", () => {
    const inside = fc.record({
      x: fc.double({min: 0, max: 10, noNaN: true}),
      y: fc.double({min: -1, max: 1, noNaN: true})
    });
    fc.assert(
      fc.property(fc.array(inside, {minLength: 2, maxLength: 20}), (points) => {
        const {svg, field} = drawn();
        drawLine(field, points, {stroke: "red"});
        numbers(pathOf(svg, "line")).forEach((value, i) => {
          const [low, high] = i % 2 === 0 ? [40, 240] : [10, 110];
          assert.ok(value >= low - 0.06 && value <= high + 0.06, `${value}`);
        });
      })
    );
  });

  it("draws zero at zero, across or upright", () => {
    const {svg, field} = drawn();
    drawZero(field);
    assert.equal(pathOf(svg, "zero"), "M40,60h200");
    const upright = drawn();
    drawZero(upright.field, {upright: true, value: 5});
    assert.equal(pathOf(upright.svg, "zero"), "M140,10v100");
  });

  it("names lines apart from one another and above its foot", () => {
    const {svg, field} = drawn();
    nameLines(
      field,
      MODES.slice(0, 5).map((mode) => ({mode, value: -1}))
    );
    const ys = [...svg.querySelectorAll(".line-label")].map((text) => Number(text.getAttribute("y")));
    assert.equal(ys.length, 5);
    assert.ok(Math.max(...ys) <= 115);
    for (let i = 1; i < 5; i++) assert.ok(Math.abs(ys[i]! - ys[i - 1]!) >= 15 - 0.2);
  });
});

describe("small multiples", () => {
  it("have one plane a mode, in rows that stay within the drawing", () => {
    for (const width of [920, 600, 360]) {
      const {svg, planes} = multiples({width, document, modes: MODES, ...axes});
      assert.deepEqual(
        planes.map(([mode]) => mode),
        [...MODES]
      );
      for (const [, {left, width: each, top, height}] of planes) {
        assert.ok(left + each <= width);
        assert.ok(top + height <= Number(svg.getAttribute("height")));
      }
      assert.equal(new Set(planes.map(([, {top}]) => top)).size, Math.ceil(8 / columnsFor(width, 8)));
      assert.equal(svg.querySelectorAll(".mode").length, MODES.length);
    }
  });
});

describe("readings", () => {
  const panel = (readings?: () => {x: number; y: number; title: string}[]) => ({
    svg: sheet(100, 50, document),
    ...(readings ? {readings} : {})
  });
  const figure = (...panels: ReturnType<typeof panel>[]) =>
    frame({width: 100, document, title: "t", alt: "1", panels});

  it("are placed in the figure, below the panels above", () => {
    const svg = figure(
      panel(),
      panel(() => [{x: 3, y: 4, title: "a"}])
    );
    const inner = [...svg.querySelectorAll("svg")].at(-1)!;
    const [reading] = readingsOf(svg);
    assert.deepEqual(
      [reading!.x, reading!.y],
      [Number(inner.getAttribute("x")) + 3, Number(inner.getAttribute("y")) + 4]
    );
  });

  it("are listed only when somebody asks", () => {
    let asked = 0;
    const svg = figure(panel(() => (asked++, [])));
    assert.ok(hasReadings(svg));
    assert.equal(asked, 0);
    readingsOf(svg);
    assert.equal(asked, 1);
    assert.ok(!hasReadings(figure(panel())));
    assert.deepEqual(readingsOf(figure(panel())), []);
  });
});
