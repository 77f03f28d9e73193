import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {parseHTML} from "linkedom";
import {Drawings} from "../../src/components/drawings.js";
import {neighbours} from "../../src/components/foresight.js";
import {linkToExamples} from "../../src/components/page-address.js";
import {choicesOf, defaultSelection} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import type {DrawingSize, Figure} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import {drawing} from "../../src/figures/static.js";
import {anySelectionOf} from "../core/any-selection.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>") as unknown as {document: Document};
const cubes = sampleCubes();
const {study} = cubes;
const choices = choicesOf(study);
const size: DrawingSize = "wide";

const anySelection = anySelectionOf(study, 1);

/** Drawn at once, as the page's HTML is. */
function direct(figure: Figure, selection: Selection): string {
  return drawing(size, figure, cubes, {selection, document, link: linkToExamples(study, selection)})
    .outerHTML;
}

/** Plot numbers its clip paths on through all drawings. */
const withoutCounters = (html: string) => html.replace(/plot-clip-\d+/g, "plot-clip");

describe("kept drawings", () => {
  for (const [name, figure] of Object.entries(FIGURES))
    it(`of ${name} are what drawing anew gives, whatever was drawn before`, () =>
      fc.assert(
        fc.property(fc.array(anySelection, {minLength: 2, maxLength: 5}), (walk) => {
          const drawings = new Drawings((selection) => linkToExamples(study, selection), document);
          const drawn = {name, figure, size};
          for (const selection of [...walk, ...walk]) {
            const shown = drawings.kept(drawn, selection) ?? drawings.draw(drawn, cubes, selection);
            assert.equal(withoutCounters(shown.box.outerHTML), withoutCounters(direct(figure, selection)));
          }
        }),
        {numRuns: 6}
      ));

  it("are found again for a selection that differs in what the figure does not read", () => {
    let draws = 0;
    const figure: Figure = (_, {selection, document}) => {
      draws++;
      const svg = document!.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.textContent = selection.axis === "all" ? "pooled" : selection.seed;
      return svg;
    };
    const drawings = new Drawings(() => () => "", document);
    const drawn = {name: "sample", figure, size};
    const selection = defaultSelection(study);
    drawings.draw(drawn, cubes, selection);
    assert.ok(drawings.has(drawn, {...selection, seed: "2", measure: "brier"}));
    assert.ok(!drawings.has(drawn, {...selection, axis: study.axes[0]!.id}));
    drawings.draw(drawn, cubes, {...selection, axis: study.axes[0]!.id, seed: "2"});
    assert.ok(!drawings.has(drawn, {...selection, axis: study.axes[0]!.id, seed: "1"}));
    assert.equal(
      drawings.kept(drawn, {...selection, axis: study.axes[0]!.id, seed: "2"})!.box.textContent,
      "2"
    );
    assert.equal(draws, 2);
  });
});

describe("what a toggle can lead to", () => {
  const selection = defaultSelection(study);

  it("is every selection that differs in that toggle, the nearest first", () => {
    const next = neighbours(selection, ["axis"], study).map(({axis}) => axis);
    assert.deepEqual(next, choices.axis.slice(1));
    assert.equal(neighbours(selection, ["modes"], study).length, choices.modes.length);
    for (const {modes} of neighbours(selection, ["modes"], study))
      assert.equal(modes.length, choices.modes.length - 1);
  });

  it("begins with what is one step away, whichever toggle it is", () => {
    const next = neighbours(selection, ["axis", "corpus"], study);
    assert.deepEqual(next.slice(0, 2), [
      {...selection, axis: choices.axis[1]},
      {...selection, corpus: choices.corpus[1]}
    ]);
  });

  it("begins with what may have to be loaded", () => {
    const [first] = neighbours(selection, ["axis", "measure"], study);
    assert.deepEqual(first, {...selection, measure: choices.measure[1]});
  });

  it("is only one step away where more would be loaded for it", () => {
    const second = {...selection, seed: choices.seed[1]!};
    const next = neighbours(second, ["seed"], study).map(({seed}) => seed);
    assert.deepEqual(next, [...choices.seed.slice(2, 3), choices.seed[0]]);
  });
});
