import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {defaultSelection, selectedArms} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {lossTicks} from "../../src/figures/learning-curves.js";
import {readingsOf} from "../../src/figures/readings.js";
import {FIGURES} from "../../src/figures/registry.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const cubes = sampleCubes();
const selection = defaultSelection(cubes.study);
const arms = selectedArms(selection, cubes.study);

function draw(name: string, change: Partial<Selection> = {}, of: AllCubes = cubes): SVGSVGElement {
  return FIGURES[name]!(of, {selection: {...selection, ...change}, width: WIDTHS.wide, document});
}

const count = (svg: SVGSVGElement, selector: string) => svg.querySelectorAll(selector).length;
const altOf = (svg: SVGSVGElement) => svg.querySelector("desc")?.textContent ?? "";

describe("learning curves", () => {
  it("of the label part are one line and one band an arm; of the explanation part without label only", () => {
    const [label, explanation] = [draw("label-loss"), draw("explanation-loss")];
    for (const mark of ["path.line", "path.band"]) {
      assert.equal(count(label, mark), arms.length);
      assert.equal(count(explanation, mark), arms.length - 1);
    }
    assert.doesNotMatch(altOf(explanation), /Label only/);
  });

  it("say mean and range at every step", () => {
    const steps = new Set(cubes.curves.map(({step}) => step)).size;
    const readings = readingsOf(draw("label-loss"));
    assert.equal(readings.length, arms.length * steps);
    assert.match(readings[0]!.title, /step 20\n\d\.\d{3} nats a token\n3 trainings: \d\.\d{3} to \d\.\d{3}/);
  });

  it("of one seed have no range to tell", () => {
    const readings = readingsOf(draw("label-loss", {seed: "2"}));
    assert.ok(readings.every(({title}) => !title.includes("trainings")));
  });

  it("keep their scale when modes are toggled", () => {
    const ticks = (svg: SVGSVGElement) => svg.querySelector(".ticks")!.textContent;
    assert.equal(ticks(draw("label-loss", {modes: ["filler"]})), ticks(draw("label-loss")));
  });

  it("leave out runs that failed", () => {
    const runs = cubes.runs.map((run) =>
      run.system === "label-only" ? {...run, status: "failed" as const} : run
    );
    assert.doesNotMatch(altOf(draw("label-loss", {}, {...cubes, runs})), /Label only/);
  });
});

describe("accuracy along training", () => {
  it("is one line, one band and a marker a step for each arm, with mean and range at every point", () => {
    const svg = draw("along-training");
    for (const mark of ["path.line", "path.band"]) assert.equal(count(svg, mark), arms.length);
    assert.equal(count(svg, ".line-label"), arms.length);
    const readings = readingsOf(svg);
    assert.equal(readings.length, arms.length * 3);
    assert.match(readings[0]!.title, /step 200\n\d+\.\d % right\n3 trainings: \d+\.\d % to \d+\.\d %/);
    assert.match(altOf(svg), /Label only \d+\.\d % at step 200 to \d+\.\d % at step 800/);
  });

  it("of one setting a run, weighs its runs by their rows", () => {
    const [run] = cubes.runs.filter(({system, seed}) => system === "label-only" && seed === "1");
    const other = {...run!, run: "other"};
    const along = [
      {run: run!.run, step: 1, measure: "accuracy" as const, layer: null, value: 0.2, rows: 30},
      {run: "other", step: 1, measure: "accuracy" as const, layer: null, value: 0.6, rows: 10}
    ];
    const svg = draw("along-training", {seed: "1"}, {...cubes, runs: [run!, other], along});
    assert.match(altOf(svg), /^Label only 30\.0 % at step 1\. Best shortcut/);
  });

  it("has the best shortcut as its floor, on the scale, and says how many trainings a line is of", () => {
    const svg = draw("along-training");
    const level = svg
      .querySelector("path.reference")!
      .getAttribute("d")!
      .match(/,([\d.]+)L/)![1];
    const [, top, height] = /M[\d.]+,([\d.]+)/.exec(svg.querySelector("path.grid")!.getAttribute("d")!)!;
    assert.ok(level && Number(level) > 0 && top && height === undefined);
    assert.match(svg.textContent ?? "", /best shortcut: .*%/);
    assert.match((svg.textContent ?? "").replace(/\s+/g, " "), /each line the mean of 3 ?trainings/);
    assert.equal(draw("along-training", {}, {...cubes, levels: []}).querySelector("path.reference"), null);
  });

  it("says that nothing was scored on the way", () => {
    const text = draw("along-training", {}, {...cubes, along: []}).textContent ?? "";
    assert.match(text, /scored its models only at the end of training\./);
  });
});

describe("what a training takes", () => {
  it("is three columns with a mean an arm and a tick a training", () => {
    const svg = draw("throughput");
    assert.equal(count(svg, "text.column"), 3);
    assert.equal(count(svg, "path.value"), 3 * arms.length);
    const ticks = [...svg.querySelectorAll("path.seed")].map(
      (path) => path.getAttribute("d")!.split("M").length - 1
    );
    assert.deepEqual(new Set(ticks), new Set([cubes.study.seeds.length]));
  });

  it("has one unit of memory for axis and numbers, whose ticks are told apart", () => {
    for (const [bytes, unit] of [
      [1, "B"],
      [7e8, "MB"],
      [2.5e9, "MB"],
      [4e10, "GB"]
    ] as const) {
      // prettier-ignore
      const runs = cubes.runs.map((run) => ({...run, peak_memory_bytes: bytes, peak_device_memory_bytes: null}));
      const svg = draw("throughput", {}, {...cubes, runs});
      const texts = [...svg.querySelectorAll("text")].map(({textContent}) => textContent ?? "");
      assert.ok(texts.includes(`Peak memory, ${unit}`), texts.join());
      assert.equal(texts.filter((text) => new RegExp(`^[\\d.,]+ ${unit}$`).test(text)).length, arms.length);
      assert.match(altOf(svg), new RegExp(` ${unit} of memory at its peak`));
      const ticks = [...svg.querySelectorAll(".ticks")[1]!.children].map(({textContent}) => textContent);
      assert.ok(ticks.length > 1 && new Set(ticks).size === ticks.length, ticks.join());
    }
  });

  it("leaves out a quantity that nobody measured", () => {
    const runs = cubes.runs.map((run) => ({...run, tokens_per_second: null}));
    const svg = draw("throughput", {}, {...cubes, runs});
    assert.equal(count(svg, "text.column"), 2);
    assert.match(altOf(svg), /unknown tokens a second/);
  });
});

describe("ticks of a logarithmic scale of losses", () => {
  const names = (least: number, most: number) => lossTicks(least, most).map(({name}) => name);

  it("are round where there is room, and never called the same", () => {
    assert.deepEqual(names(0.4, 6), ["0.5", "1", "2", "5"]);
    assert.deepEqual(names(1.2, 11), ["1.25", "1.5", "2", "5", "10"]);
    assert.deepEqual(names(0.12, 1100), ["0.2", "0.5", "1", "2", "5", "10", "20", "50"]);
    assert.deepEqual(names(6.27, 6.31), ["6.27", "6.31"]);
    assert.deepEqual(names(6.3, 6.3), ["6.3"]);
  });
});
