import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {decodeCubes} from "../../src/core/cubes-reader.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {formatEffectInterval, formatNumber} from "../../src/core/format.js";
import {NO_UNCERTAINTY, intervalOf} from "../../src/core/intervals.js";
import {formatEffect, formatMeasure} from "../../src/core/measures.js";
import {MODE_LOOKS, armTitle} from "../../src/core/palette.js";
import {defaultSelection, selectedArms} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {probabilityBars} from "../../src/figures/probability-bars.js";
import {FIGURES} from "../../src/figures/registry.js";
import {standalone} from "../../src/figures/standalone.js";
import {sampleCubes, sampleDocuments} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const cubes = sampleCubes();
const selection = defaultSelection(cubes.study);
const settings = cubes.study.settings.length;

function draw(
  name: string,
  change: Partial<Selection> = {},
  width: number = WIDTHS.wide,
  of: AllCubes = cubes
): SVGSVGElement {
  return FIGURES[name]!(of, {
    selection: {...selection, ...change},
    width,
    document: document
  });
}

/** Number of markers of a class of marks: Plot draws circles as such and other symbols as paths. */
function markers(svg: SVGSVGElement, mark = "value"): number {
  return count(svg, mark, "path") + count(svg, mark, "circle");
}

/** Number of shapes of a class of marks, over all facets. */
function count(svg: SVGSVGElement, mark: string, shape: string): number {
  return svg.querySelectorAll(`g.${mark} ${shape}`).length;
}

/** Number of strokes in the paths of a class: one path draws all lines of a kind. */
function strokes(svg: SVGSVGElement, name: string): number {
  return pathsOf(svg, name).reduce((sum, d) => sum + d.split("M").length - 1, 0);
}

/** How far the horizontal strokes of a class reach, added up, in pixels. */
function span(svg: SVGSVGElement, name: string): number {
  return pathsOf(svg, name)
    .flatMap((d) => [...d.matchAll(/M([-\d.]+),[-\d.]+H([-\d.]+)/g)])
    .reduce((sum, [, from, to]) => sum + Number(to) - Number(from), 0);
}

function pathsOf(svg: SVGSVGElement, name: string): string[] {
  return [...svg.querySelectorAll(`path.${name}`)].map((path) => path.getAttribute("d")!);
}

function texts(svg: SVGSVGElement): string[] {
  return [...svg.querySelectorAll("text")].map((text) => text.textContent ?? "");
}

function altOf(svg: SVGSVGElement): string {
  return svg.querySelector("desc")?.textContent ?? "";
}

describe("every figure", () => {
  for (const name of Object.keys(FIGURES))
    for (const [size, width] of Object.entries(WIDTHS)) {
      it(`${name} is one whole SVG with alternative text, ${size}`, () => {
        const svg = draw(name, {}, width);
        assert.equal(svg.localName, "svg");
        assert.equal(svg.getAttribute("role"), "img");
        assert.equal(svg.getAttribute("viewBox"), `0 0 ${width} ${svg.getAttribute("height")}`);
        assert.match(altOf(svg), /\d/, "the alternative text holds numbers");
        assert.ok(svg.getAttribute("aria-label")!.endsWith(altOf(svg)));
        assert.doesNotMatch(svg.outerHTML, /NaN|undefined|Infinity|<style|<figure/);
      });

      it(`${name} says that there is nothing to show, ${size}`, () => {
        const {study} = cubes;
        const empty = decodeCubes({study: {...study, lengths: []}});
        const svg = draw(name, {}, width, empty);
        assert.equal(svg.querySelectorAll("title").length, 0);
        assert.ok(altOf(svg).length > 20);
        assert.ok(texts(svg).join(" ").includes(altOf(svg)), "the reason is in the figure");
      });
    }

  it("stands by itself when saved: no variable of the page is left", () => {
    for (const name of Object.keys(FIGURES)) assert.doesNotMatch(standalone(draw(name)), /var\(--/, name);
  });

  it("is drawn the same from the documents that pages load", () => {
    const loaded = decodeCubes(sampleDocuments());
    assert.equal(altOf(draw("effects", {}, WIDTHS.wide, loaded)), altOf(draw("effects")));
  });
});

describe("the forest of effects", () => {
  const arms = selectedArms(selection, cubes.study).filter(({mode}) => mode !== "label-only");

  /** All corpora and each of them, each with its axes; and the mean of settings. */
  const rows = (cubes.study.corpora.length + 1) * (cubes.study.axes.length + 1) + 1;

  it("has one marker and one interval an arm and row: all settings, corpora pooled, the mean of settings", () => {
    const svg = draw("effects");
    assert.equal(markers(svg), rows * arms.length);
    assert.equal(strokes(svg, "interval"), rows * arms.length);
    assert.equal(strokes(svg, "thin"), arms.length);
  });

  it("shows pooled rows only where the page is narrow", () => {
    assert.equal(markers(draw("effects", {}, WIDTHS.narrow)), (cubes.study.corpora.length + 2) * arms.length);
  });

  it("stands without its pooled row, which a measure may not have", () => {
    const effects = cubes.effects.map((row) =>
      row.corpus === "all" ? {...row, effect: null, ...NO_UNCERTAINTY} : row
    );
    const svg = draw("effects", {}, WIDTHS.wide, {...cubes, effects, across: []});
    assert.equal(markers(svg), cubes.study.corpora.length * (cubes.study.axes.length + 1) * arms.length);
    assert.match(altOf(svg), /All corpora/);
  });

  it("draws the intervals that were chosen, and says which they are", () => {
    const [wide, narrow] = (["trainings", "dialogues"] as const).map((interval) =>
      draw("effects", {interval})
    );
    assert.ok(span(wide!, "interval") > span(narrow!, "interval"));
    assert.match(texts(wide!).join(" "), /over other dialogues and other trainings/);
    assert.match(texts(narrow!).join(" "), /over other dialogues, for these trained models/);
  });

  it("says of one seed that it tells nothing of other trainings, and of missing intervals that they are missing", () => {
    const svg = draw("effects", {seed: "2"});
    assert.equal(strokes(svg, "interval"), 0, "the sample has none for single seeds");
    assert.match(texts(svg).join(" "), /No intervals: these tables hold none/);
    const effects = cubes.effects.map((row) => ({...row, low: row.effect! - 0.1, high: row.effect! + 0.1}));
    const known = draw("effects", {seed: "2"}, WIDTHS.wide, {...cubes, effects});
    assert.match(
      texts(known).join(" "),
      /the training with seed 2 alone; one training says nothing of others/
    );
  });

  it("tells the pooled effect and its interval", () => {
    const pooled = cubes.effects.find(
      (row) =>
        row.arm === arms[0]!.id &&
        row.corpus === "all" &&
        row.axis === "all" &&
        row.seed === "all" &&
        row.measure === "accuracy"
    )!;
    const said = `${MODE_LOOKS.explanation.title}: ${formatEffect("accuracy", pooled.effect)} ${formatEffectInterval(pooled.low_trainings, pooled.high_trainings, "accuracy")}`;
    assert.ok(altOf(draw("effects")).includes(said), said);
  });

  it("counts every setting once as better, undecided or worse, and names no zero", () => {
    const said = texts(draw("effects")).join(" ").replaceAll("\u00a0", " ");
    const counts = [...said.matchAll(/(\d+) (?:better|undecided|worse)\b/g)].map((found) => Number(found[1]));
    assert.ok(counts.length >= arms.length && counts.every((count) => count > 0), counts.join());
    assert.equal(
      counts.reduce((a, b) => a + b, 0),
      settings * arms.length
    );
  });

  it("fills a marker if and only if the chosen interval excludes zero", () => {
    const ofMode = cubes.effects.filter(
      ({arm, seed, measure}) =>
        arm === "shuffled.label-first.token-mean" && seed === "all" && measure === "accuracy"
    );
    for (const interval of ["dialogues", "trainings"] as const) {
      const svg = draw("effects", {modes: ["shuffled"], interval}, WIDTHS.wide, {...cubes, across: []});
      const excluding = ofMode
        .map((row) => intervalOf(row, interval))
        .filter(({low, high}) => low! > 0 || high! < 0).length;
      assert.ok(excluding > 0);
      const open = [...svg.querySelectorAll("g.value path")].filter((path) =>
        path.getAttribute("fill")?.startsWith("var(--paper")
      ).length;
      assert.equal(markers(svg) - open, excluding, interval);
    }
  });

  it("keeps its scale when the loss reduction flips", () => {
    const ticks = (svg: SVGSVGElement) => texts(svg).filter((text) => /^−?\d+$/.test(text));
    assert.deepEqual(ticks(draw("effects", {reduction: "part-mean"})), ticks(draw("effects")));
  });

  it("leads from a marker to its examples", () => {
    const link = ({arm, corpus, axis}: {arm?: string; corpus?: string; axis?: string}) =>
      `./examples?b=${arm}&corpus=${corpus}&axis=${axis}`;
    const svg = FIGURES.effects!(cubes, {
      selection,
      width: WIDTHS.wide,
      document: document,
      link
    });
    const links = [...svg.querySelectorAll("a")].map((a) => a.getAttribute("href"));
    assert.ok(links.includes("./examples?b=explanation.label-first.token-mean&corpus=film&axis=adherence"));
    assert.equal(svg.getAttribute("role"), "group");
    for (const a of svg.querySelectorAll("a"))
      assert.match(a.getAttribute("aria-label") ?? "", /^Examples behind \S/);
  });
});

describe("levels", () => {
  it("of all systems have a marker each, arms then baselines, with seeds as ticks", () => {
    const svg = draw("systems");
    const {arms, baselines, seeds} = cubes.study;
    assert.equal(markers(svg), arms.length + baselines.length);
    assert.equal(strokes(svg, "seed"), arms.length * seeds.length);
    const shown = texts(svg);
    for (const {id} of arms) assert.ok(shown.includes(armTitle(id)), id);
  });

  it("of the matrix are one number a setting and system, and one for all", () => {
    const svg = draw("matrix");
    const systems = cubes.study.baselines.length + selectedArms(selection, cubes.study).length;
    assert.equal(count(svg, "level", "rect"), (settings + 1) * systems);
    assert.equal(count(svg, "number", "text"), (settings + 1) * systems);
  });

  it("of the ladder stand in one panel an order and reduction, label-only in each", () => {
    const svg = draw("ladder");
    assert.equal(svg.querySelectorAll("text.column").length, 3);
    assert.equal(markers(svg), cubes.study.arms.length + 2);
    const level = cubes.levels.find(
      ({system, seed, corpus, axis, measure}) =>
        system === "label-only" &&
        seed === "all" &&
        corpus === "all" &&
        axis === "all" &&
        measure === "accuracy"
    )!;
    assert.ok(altOf(svg).startsWith(`Label only: ${formatMeasure("accuracy", level.value)}`));
  });
});

describe("the bars of one example", () => {
  const item = cubes.examples.items[7]!;

  it("are one a label and arm, with the gold label outlined", () => {
    const svg = probabilityBars(cubes, item, {
      selection,
      width: WIDTHS.wide,
      document: document
    });
    const arms = selectedArms(selection, cubes.study).length;
    assert.equal(count(svg, "bar", "rect"), arms * 5);
    assert.equal(count(svg, "gold", "rect"), arms);
    const gold = item.probabilities[0]![Number(item.gold) - 1]! / 10;
    assert.ok(altOf(svg).includes(`gold ${formatNumber(gold, 0)} %`), altOf(svg));
  });

  it("are absent where no example is chosen", () => {
    const svg = probabilityBars(cubes, null, {
      selection,
      width: WIDTHS.wide,
      document: document
    });
    assert.match(altOf(svg), /No example/);
  });
});
