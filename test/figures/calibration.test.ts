import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {LevelRow} from "../../src/core/cubes.js";
import {formatNumber, formatSigned} from "../../src/core/format.js";
import {selectedArms} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {readingsOf} from "../../src/figures/readings.js";
import {altOf, count, cubes, draw, selection} from "./drawn-figure.js";

const {study} = cubes;
const arms = selectedArms(selection, study);

const textOf = (svg: SVGSVGElement) =>
  [...svg.querySelectorAll("text")].map((text) => text.textContent).join("\n");

function level(measure: LevelRow["measure"], system: string, seed = "all"): LevelRow {
  return cubes.levels.find(
    (row) =>
      row.measure === measure &&
      row.system === system &&
      row.corpus === "all" &&
      row.axis === "all" &&
      row.seed === seed
  )!;
}

/** Where a straight line begins and ends, along. */
function endsOf(line: Element): [number, number] {
  const [first, last] = [...line.getAttribute("d")!.matchAll(/[ML]([\d.]+)[, ]/g)].map(([, x]) => Number(x));
  return [first!, last!];
}

describe("differences in calibration errors", () => {
  it("are a panel an error, a marker an arm, hollow where the interval holds zero", () => {
    const svg = draw("calibration-effects");
    const shown = cubes.effects.filter(
      ({arm, measure, corpus, axis, seed, effect}) =>
        ["smooth_ece", "ece", "ece_mass"].includes(measure) &&
        [corpus, axis, seed].every((place) => place === "all") &&
        arms.some(({id, mode}) => id === arm && mode !== "label-only") &&
        effect !== null
    );
    assert.ok(shown.length > 0);
    const columns = new Set(shown.map(({measure}) => measure)).size;
    assert.equal(count(svg, "path.zero"), columns);
    const markers = [...svg.querySelectorAll(".value path")];
    assert.equal(markers.length, shown.length);
    const hollow = markers.filter((marker) => marker.getAttribute("fill")!.includes("--paper")).length;
    const undecided = shown.filter(({low_trainings: low, high_trainings: high}) => low! <= 0 && high! >= 0);
    assert.equal(hollow, undecided.length);
    assert.match(altOf(svg), /Below zero an arm is better calibrated/);
  });

  it("say so where all modes are hidden", () => {
    assert.equal(draw("calibration-effects", {modes: []}).hasAttribute("data-empty"), true);
  });
});

describe("reliability diagrams", () => {
  it("are one plane an arm: diagonal, line, markers, intervals and shares, a path each", () => {
    for (const name of ["reliability", "reliability-by-mass"]) {
      const svg = draw(name);
      for (const mark of ["reference", "line", "value", "interval", "shares"])
        assert.equal(count(svg, `path.${mark}`), arms.length, `${name} ${mark}`);
    }
  });

  it("have the bar of each bin of equal width below the bin's mean confidence", () => {
    const svg = draw("reliability");
    const bars = [...svg.querySelectorAll("path.shares")].flatMap((path) =>
      [...path.getAttribute("d")!.matchAll(/M([\d.]+),[\d.]+v[-\d.]+h([\d.]+)/g)].map(([, x, wide]) => ({
        from: Number(x),
        to: Number(x) + Number(wide)
      }))
    );
    const means = [...svg.querySelectorAll("path.shares")].flatMap((path, i) => {
      const rows = cubes.reliability.filter(
        ({system, corpus, axis, seed, bins}) =>
          system === arms[i]!.id && corpus === "all" && axis === "all" && seed === "all" && bins === "width"
      );
      const [first, last] = endsOf(path.parentElement!.querySelector("path.reference")!);
      return rows.map(({confidence}) => first + confidence * (last - first));
    });
    assert.equal(bars.length, means.length);
    bars.forEach(({from, to}, i) => {
      assert.ok(from - 2 <= means[i]! && means[i]! <= to + 2, `${means[i]} is not in ${from} to ${to}`);
    });
  });

  it("say what each bin holds, with its interval", () => {
    const row = cubes.reliability.find(
      ({system, corpus, axis, seed, bins}) =>
        system === "label-only" && corpus === "all" && axis === "all" && seed === "all" && bins === "mass"
    )!;
    const ends = {
      dialogues: [row.low, row.high],
      trainings: [row.low_trainings, row.high_trainings]
    };
    for (const interval of ["dialogues", "trainings"] as const) {
      const [low, high] = ends[interval].map((end) => formatNumber(end! * 100, 1));
      const said = `accuracy ${formatNumber(row.accuracy * 100, 1)} % [${low}, ${high}]`;
      const readings = readingsOf(draw("reliability-by-mass", {interval}));
      assert.ok(
        readings.some(({title}) => title.includes(said)),
        said
      );
    }
  });

  it("say which intervals they draw, and how many leave the diagonal", () => {
    const both = draw("reliability", {interval: "trainings"});
    assert.match(textOf(both), /intervals of the accuracy over other dialogues and other trainings/);
    assert.match(altOf(both), /\d+ of \d+ bins with their interval below the diagonal, \d+ above/);
    const one = draw("reliability", {interval: "dialogues"});
    assert.match(textOf(one), /intervals of the accuracy over other dialogues, for these trained models/);
    const older = cubes.reliability.map((row) => ({...row, low_trainings: null, high_trainings: null}));
    const without = draw("reliability", {interval: "trainings"}, {...cubes, reliability: older});
    assert.match(textOf(without), /for these trained models/);
  });

  it("name an arm over- or underconfident where the shown interval excludes zero", () => {
    const words = {over: "overconfident", under: "underconfident"};
    const shown = textOf(draw("reliability", {interval: "dialogues"})).replaceAll(/\s/g, " ");
    const found = {over: 0, under: 0, undecided: 0};
    for (const {id} of arms) {
      const {value, low, high} = level("overconfidence", id);
      const said = `${formatSigned(value! * 100, 1)} [${formatSigned(low! * 100, 1)}, ${formatSigned(high! * 100, 1)}]`;
      const leaning = low! > 0 ? "over" : high! < 0 ? "under" : "undecided";
      found[leaning]++;
      assert.ok(shown.includes(`${leaning === "undecided" ? leaning : words[leaning]} ${said}`), said);
    }
    assert.ok(
      Object.values(found).every((number) => number > 0),
      JSON.stringify(found)
    );
  });

  it("tell the gap from the bins where the tables hold no overconfidence, and name it neither way", () => {
    const levels = cubes.levels.filter(({measure}) => measure !== "overconfidence");
    const svg = draw("reliability", {}, {...cubes, levels});
    assert.match(altOf(svg), /Label only: confidence less accuracy \+\d+\.\d points/);
    assert.doesNotMatch(textOf(svg), /overconfident|underconfident/);
  });

  it("of one seed have no intervals, and say so", () => {
    const svg = draw("reliability", {seed: "1"});
    assert.ok([...svg.querySelectorAll("path.interval")].every((path) => path.getAttribute("d") === ""));
    assert.match(textOf(svg), /intervals for all seeds together only/);
  });
});

describe("risk and coverage", () => {
  it("are one line an arm, with AURC, its interval and its seeds below", () => {
    const svg = draw("risk-coverage");
    assert.equal(count(svg, "path.line"), arms.length);
    assert.equal(count(svg, "path.interval"), arms.length);
    const seeds = [...svg.querySelectorAll("path.seed")].map((path) => path.getAttribute("d")!);
    assert.deepEqual(
      seeds.map((d) => d.split("M").length - 1),
      arms.map(() => study.seeds.length)
    );
    for (const {id} of arms)
      assert.ok(altOf(svg).includes(`AURC ${formatNumber(level("aurc", id).value, 3)}`), id);
  });

  it("end at the error rate of all rows", () => {
    const last = cubes.riskCoverage.find(
      ({system, corpus, axis, coverage}) =>
        system === "label-only" && corpus === "all" && axis === "all" && coverage === 1
    )!;
    assert.ok(altOf(draw("risk-coverage")).includes(`${formatNumber(last.risk * 100, 1)} % in all`));
  });

  it("are drawn without AURC where the tables hold none", () => {
    const levels = cubes.levels.filter(({measure}) => measure !== "aurc");
    const svg = draw("risk-coverage", {}, {...cubes, levels});
    assert.equal(count(svg, "path.interval"), 0);
    assert.match(textOf(svg), /These tables hold no AURC/);
  });
});

describe("confidence against accuracy", () => {
  it("is a point an arm, a smaller one a seed, and the difference beside", () => {
    const svg = draw("confidence-accuracy");
    assert.equal(readingsOf(svg).length, arms.length * (1 + study.seeds.length) + arms.length);
    assert.equal(count(svg, "path.reference"), 1);
    assert.equal(count(svg, "path.zero"), 1);
  });

  it("has one scale for both axes, which modes and seeds leave as it is", () => {
    const reference = (svg: SVGSVGElement) => svg.querySelector("path.reference")!.getAttribute("d")!;
    const [from, to] = reference(draw("confidence-accuracy")).slice(1).split("L");
    const [x0, y0] = from!.split(",").map(Number);
    const [x1, y1] = to!.split(",").map(Number);
    assert.ok(Math.abs(x1! - x0! - (y0! - y1!)) < 0.2, "the diagonal is at 45 degrees");
    const ticks = (svg: SVGSVGElement) => svg.querySelector(".ticks")!.textContent;
    assert.equal(ticks(draw("confidence-accuracy", {modes: ["filler"]})), ticks(draw("confidence-accuracy")));
  });

  it("shows the interval that was asked for", () => {
    const d = (change: Partial<Selection>) =>
      draw("confidence-accuracy", change).querySelector("path.interval")!.getAttribute("d");
    assert.notEqual(d({interval: "dialogues"}), d({interval: "trainings"}));
  });
});

describe("the Brier score in parts", () => {
  it("is four columns, each on its own scale, whose parts add up in each row's words", () => {
    const svg = draw("brier-parts");
    assert.equal(count(svg, "text.column"), 4);
    assert.equal(count(svg, "path.value"), 4 * arms.length);
    const [reading] = readingsOf(svg);
    const [score, ...parts] = [...reading!.title.split("\n")[1]!.matchAll(/−?\d\.\d+/g)].map(([text]) =>
      Number(text.replace("−", "-"))
    );
    const [miscalibration, resolution, uncertainty, within] = parts;
    assert.ok(
      Math.abs(score! - (miscalibration! - resolution! + uncertainty! + within!)) < 3e-4,
      reading!.title
    );
  });
});

describe("distributions at the output", () => {
  it("are a solid and a dashed outline an arm, with label only behind the others", () => {
    for (const name of ["label-entropy-distributions", "margin-distributions"]) {
      const svg = draw(name);
      assert.equal(count(svg, "path.line.correct"), arms.length, name);
      assert.equal(count(svg, "path.line.wrong[stroke-dasharray]"), arms.length, name);
      assert.equal(count(svg, "path.baseline"), 2 * (arms.length - 1), name);
    }
  });

  it("count every row of an arm once", () => {
    const counted = readingsOf(draw("margin-distributions"))
      .filter(({title}) => title.startsWith("Label only"))
      .flatMap(({title}) => [...title.matchAll(/(?:right|wrong) ([\d,]+) \(/g)])
      .reduce((sum, [, number]) => sum + Number(number!.replaceAll(",", "")), 0);
    const rows = cubes.distributions.filter(
      ({system, corpus, axis, quantity}) =>
        system === "label-only" && corpus === "all" && axis === "all" && quantity === "margin"
    );
    assert.equal(counted, rows.reduce((sum, {correct, wrong}) => sum + correct + wrong, 0)); // prettier-ignore
  });
});
