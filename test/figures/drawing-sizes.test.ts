import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {armTitle} from "../../src/core/palette.js";
import {defaultSelection} from "../../src/core/selection.js";
import {ESTIMATOR_TITLES, SHORT_ESTIMATOR_TITLES} from "../../src/figures/entropy-source.js";
import {SCREENS, WIDTHS, drawingSize} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const cubes = sampleCubes();
const {study} = cubes;

function textsOf(name: string, width: number, of = cubes): string[] {
  const svg = FIGURES[name]!(of, {selection: defaultSelection(of.study), width, document});
  return [...svg.querySelectorAll("text")].map((text) => text.textContent ?? "");
}

/** Whether a query of least and greatest widths holds on a screen. */
function holds(query: string, screen: number): boolean {
  const bound = (name: string) => query.match(new RegExp(`${name}-width: ([\\d.]+)px`))?.[1];
  return screen >= Number(bound("min") ?? 0) && screen <= Number(bound("max") ?? Infinity);
}

describe("the drawing for a screen", () => {
  it("is one of three, by its width", () => {
    const at = (screen: number) => drawingSize((query) => ({matches: holds(query, screen)}));
    assert.deepEqual([360, 559].map(at), ["narrow", "narrow"]);
    assert.deepEqual([560, 768, 859].map(at), ["middle", "middle", "middle"]);
    assert.deepEqual([860, 1280].map(at), ["wide", "wide"]);
  });

  it("is the one that the style sheet shows", () => {
    const sheet = readFileSync(new URL("../../src/style/figures.css", import.meta.url), "utf8");
    const rules = [...sheet.matchAll(/@media ([^{]+) \{\s*\.drawing:is\(([^)]+)\) \{\s*display: none/g)];
    for (const screen of [320, 559, 560, 768, 859, 860, 1440]) {
      const hidden = rules.filter(([, query]) => holds(query!, screen)).map(([, , sizes]) => sizes!);
      const shown = Object.keys(WIDTHS).filter((size) => !hidden.join(" ").includes(`.${size}`));
      const drawn = drawingSize((query) => ({matches: holds(query, screen)}));
      assert.deepEqual(shown, [drawn], `${screen} px, ${Object.values(SCREENS).join("; ")}`);
    }
  });
});

describe("names in a narrow drawing", () => {
  it("of entropies are whole, short and no two alike", () => {
    const names = Object.values(SHORT_ESTIMATOR_TITLES);
    assert.equal(new Set(names).size, Object.keys(ESTIMATOR_TITLES).length);
    for (const name of names) assert.ok(name.length <= 15 && !/\([^)]*$/.test(name), name);
    const shown = textsOf("detectors", WIDTHS.narrow);
    for (const {estimator} of cubes.relations) assert.ok(shown.includes(SHORT_ESTIMATOR_TITLES[estimator]));
  });

  it("of the shortcut that counts words fit its column", () => {
    assert.ok(textsOf("matrix", WIDTHS.narrow).includes("Word counts"));
    assert.ok(!textsOf("matrix", WIDTHS.wide).includes("Word counts"));
  });
});

describe("names of arms", () => {
  const oneOrder = study.arms.filter(({order}) => order === "label-first");

  it("tell the order where a study has both", () => {
    assert.equal(
      armTitle("shuffled.label-first.token-mean", study.arms),
      "Shuffled, label first, token mean"
    );
  });

  it("leave out an order that all arms share", () => {
    assert.equal(armTitle("shuffled.label-first.token-mean", oneOrder), "Shuffled, token mean");
    assert.equal(armTitle("shuffled.label-first.token-mean"), "Shuffled, label first, token mean");
    const of = {...cubes, study: {...study, arms: oneOrder}};
    for (const name of ["systems", "ladder", "matrix", "label-loss", "versus-explanation"])
      assert.doesNotMatch(textsOf(name, WIDTHS.wide, of).join("\n"), /label first/i, name);
  });
});
