import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {formatNumber} from "../../src/core/format.js";
import {defaultSelection} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {readingsOf} from "../../src/figures/readings.js";
import {FIGURES} from "../../src/figures/registry.js";
import {sampleBudgets} from "./sample-budgets.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const cubes = sampleBudgets();
const selection = defaultSelection(cubes.study);
const NAMES = ["dose-measure", "dose-calibration", "dose-entropy"];

function draw(name: string, change: Partial<Selection> = {}, of = cubes, width: number = WIDTHS.wide) {
  return FIGURES[name]!(of, {selection: {...selection, ...change}, width, document});
}

const count = (svg: SVGSVGElement, selector: string) => svg.querySelectorAll(selector).length;
const textOf = (svg: SVGSVGElement) =>
  [...svg.querySelectorAll("text")].map(({textContent}) => textContent).join(" ");
const altOf = (svg: SVGSVGElement) => svg.querySelector("desc")!.textContent;

describe("dose and response", () => {
  it("one line a mode from label-only on, each named, with every length that was trained", () => {
    for (const name of NAMES) {
      const svg = draw(name);
      assert.equal(count(svg, "path.line"), selection.modes.length, name);
      assert.equal(count(svg, "text.line-label"), selection.modes.length + 1, name);
      const titles = readingsOf(svg).map(({title}) => title);
      assert.equal(titles.length, 1 + selection.modes.length + 2 * 2, name);
      assert.equal(titles.filter((title) => title.startsWith("Explanation · ")).length, 3);
      assert.ok(
        titles.some((title) => title.startsWith("Filler · 4.3 tokens")),
        "realised, not nominal lengths"
      );
    }
  });

  it("whichever budget is selected, all are drawn", () =>
    assert.equal(altOf(draw("dose-measure", {tokens: "4"})), altOf(draw("dose-measure"))));

  it("tells the numbers with their intervals of the kind selected", () => {
    const row = cubes.levels.find(
      ({system, seed, corpus, axis, measure}) =>
        system === "explanation.label-first.token-mean.t4" &&
        [seed, corpus, axis].every((key) => key === "all") &&
        measure === "accuracy"
    )!;
    const said = (low: number | null, high: number | null) =>
      `${formatNumber(row.value! * 100, 1)} % [${formatNumber(low! * 100, 1)}, ${formatNumber(high! * 100, 1)}] at 4.2 tokens`;
    const trainings = altOf(draw("dose-measure", {interval: "trainings"}));
    assert.ok(trainings.includes(said(row.low_trainings, row.high_trainings)), trainings);
    assert.ok(altOf(draw("dose-measure", {interval: "dialogues"})).includes(said(row.low, row.high)));
  });

  it("differences start at zero, without an interval, and are read against it", () => {
    const svg = draw("dose-measure", {view: "effect"});
    assert.equal(count(svg, "path.zero"), 1);
    assert.equal(count(svg, "text.line-label"), selection.modes.length);
    assert.match(textOf(svg), /difference to label only, points/);
    assert.doesNotMatch(altOf(svg), /Label only/);
    assert.equal(count(draw("dose-measure"), "path.zero"), 0);
  });

  it("keeps its scales when modes, seed or length are toggled", () => {
    const ticks = (svg: SVGSVGElement) => svg.querySelector("g.ticks")!.textContent;
    for (const name of NAMES)
      for (const change of [{modes: ["filler" as const]}, {seed: "2"}, {tokens: "8"}])
        assert.equal(ticks(draw(name, change)), ticks(draw(name)), name);
  });

  it("single trainings are faint markers, and absent where one is selected", () => {
    assert.match(textOf(draw("dose-measure")), /Faint markers: single trainings/);
    const one = draw("dose-measure", {seed: "2"});
    assert.doesNotMatch(textOf(one), /Faint markers/);
    assert.ok([...one.querySelectorAll("path.seed")].every((path) => !path.getAttribute("d")));
  });

  it("a study of one length shows 0 and that length, and says so", () => {
    const svg = draw("dose-measure", {}, sampleCubes());
    assert.match(textOf(svg), /This study has one length/);
    assert.equal(readingsOf(svg).length, 1 + selection.modes.length);
    assert.doesNotMatch(textOf(draw("dose-measure")), /one length/);
  });

  it("says why it is empty", () => {
    assert.match(altOf(draw("dose-measure", {modes: []})), /All modes are hidden/);
    const odd = draw("dose-measure", {order: "explanation-first", modes: ["filler"]});
    assert.match(altOf(odd), /No mode shown was trained with explanation first, token mean/);
  });

  it("the length match is that of the budget selected", () => {
    assert.match(textOf(draw("length-match", {tokens: "4"})), /budget: 4 tokens.*Explanation.*Filler/);
    assert.doesNotMatch(textOf(draw("length-match", {tokens: "4"})), /Shuffled/);
    assert.match(textOf(draw("length-match")), /budget: matched length.*Shuffled/);
  });
});
