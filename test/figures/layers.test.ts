import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {LayerRow} from "../../src/core/cubes.js";
import {formatNumber, formatSigned} from "../../src/core/format.js";
import {MODE_LOOKS} from "../../src/core/palette.js";
import {selectedArms} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {settingCells} from "../../src/figures/heat-cells.js";
import {layerAxis, markedLayers} from "../../src/figures/layer-rows.js";
import {readingsOf} from "../../src/figures/readings.js";
import {altOf, count, cubes, draw, selection} from "./drawn-figure.js";

const {study} = cubes;
const arms = selectedArms(selection, study);

const ticksOf = (svg: SVGSVGElement) =>
  [...svg.querySelectorAll(".ticks text")].map((text) => text.textContent);

const rowOf = (arm: string, layer: number): LayerRow =>
  cubes.layers.find(
    (row) =>
      row.arm === arm &&
      row.layer === layer &&
      [row.corpus, row.axis, row.seed].every((each) => each === "all") &&
      row.estimator === selection.estimator
  )!;

describe("layer profiles", () => {
  it("are one line, one band and one path of markers a mode, named at its end", () => {
    const svg = draw("layers");
    for (const mark of ["path.line", "path.band", "path.value", "text.line-label"])
      assert.equal(count(svg, mark), arms.length, mark);
    assert.equal(readingsOf(svg).length, arms.length * (study.layers + 1));
  });

  it("say the means at both ends, and exactly at every layer", () => {
    const {id} = arms[1]!;
    const [first, last] = [rowOf(id, 0), rowOf(id, study.layers)];
    const svg = draw("layers");
    assert.ok(
      altOf(svg).includes(
        `${MODE_LOOKS.explanation.title}: ${formatNumber(first.mean, 3)} nats at the embedding, ${formatNumber(last.mean, 3)} nats at layer ${study.layers}`
      )
    );
    const said = ([low, high]: (number | null | undefined)[]) =>
      `${formatNumber(last.mean, 3)} nats [${formatNumber(low, 3)}, ${formatNumber(high, 3)}]`;
    const {low, high, low_trainings, high_trainings} = last;
    assert.ok(readingsOf(svg).some(({title}) => title.includes(said([low_trainings, high_trainings]))));
    const narrower = draw("layers", {interval: "dialogues"});
    assert.ok(readingsOf(narrower).some(({title}) => title.includes(said([low, high]))));
  });

  it("leave out layers that an estimator does not have", () => {
    assert.equal(readingsOf(draw("layers", {estimator: "attention"})).length, arms.length * study.layers);
  });

  it("say that the entropy over labels has no layers", () => {
    for (const name of ["layers", "layer-effects", "layer-correctness", "layer-heat-map"])
      assert.match(altOf(draw(name, {estimator: "label_entropy"})), /no layers/, name);
  });

  it("keep their scale when modes, seed or loss reduction flip", () => {
    for (const name of ["layers", "layer-effects", "layer-correctness"])
      for (const change of [
        {modes: ["shuffled"]},
        {seed: "2"},
        {reduction: "part-mean"},
        {interval: "dialogues"}
      ] as const)
        assert.deepEqual(
          new Set(ticksOf(draw(name, change as Partial<Selection>))),
          new Set(ticksOf(draw(name))),
          `${name} ${JSON.stringify(change)}`
        );
  });

  it("have bands of the kind chosen where there are any, and say over what", () => {
    const texts = (svg: SVGSVGElement) =>
      [...svg.querySelectorAll("text")].map((text) => text.textContent).join(" ");
    assert.match(texts(draw("layers")), /intervals over other dialogues and other trainings/);
    assert.match(texts(draw("layers", {interval: "dialogues"})), /over other dialogues, for these trained/);
    const one = draw("layers", {seed: "1"});
    assert.equal(count(one, "path.band"), 0);
    assert.match(texts(one), /these tables hold no intervals here/);
  });
});

describe("differences by layer", () => {
  it("stand in one plane a mode with its zero line, label only left out", () => {
    const svg = draw("layer-effects");
    for (const mark of ["path.line", "path.band", "path.zero", "text.mode"])
      assert.equal(count(svg, mark), arms.length - 1, mark);
    const {effect, ...ends} = rowOf(arms[1]!.id, study.layers);
    assert.ok(
      altOf(svg).includes(
        `${formatSigned(effect, 3)} nats [${formatSigned(ends.effect_low_trainings, 3)}, ${formatSigned(ends.effect_high_trainings, 3)}] at layer ${study.layers}`
      )
    );
  });

  it("of right and wrong answers are a solid and a dashed line a mode", () => {
    const svg = draw("layer-correctness");
    assert.equal(count(svg, "path.line"), 2 * arms.length);
    assert.equal(count(svg, "path.wrong[stroke-dasharray]"), arms.length);
  });
});

describe("the heat map", () => {
  it("has one cell a mode, setting and layer above the embedding, and a reading of each", () => {
    const svg = draw("layer-heat-map");
    const cells = (arms.length - 1) * study.settings.length * study.layers;
    assert.equal(readingsOf(svg).length, cells);
    const drawn = [...svg.querySelectorAll("path.cells")].map((path) => path.getAttribute("d")!);
    assert.equal(drawn.join("").split("M").length - 1, cells);
    assert.ok(drawn.length <= 12 * (arms.length - 1), "a path a colour, not a cell");
  });

  it("tells a cell decided if and only if its interval excludes zero", () => {
    const {maps, most} = settingCells(cubes, selection);
    const all = maps.flatMap(({cells}) => cells);
    const decided = all.filter((cell) => cell.decided);
    assert.ok(decided.length > 0 && decided.length < all.length);
    for (const {row, decided: is} of all)
      assert.equal(is, row.effect_low! > 0 || row.effect_high! < 0, JSON.stringify(row));
    assert.equal(most, Math.max(...all.map(({row}) => Math.abs(row.effect!))));
  });

  it("is cut to the corpus or axis chosen", () => {
    const {settings} = settingCells(cubes, {...selection, corpus: "film"});
    assert.deepEqual(
      settings.map(({corpus, axis}) => `${corpus} ${axis}`),
      study.axes.map(({id}) => `film ${id}`)
    );
  });

  it("draws cells of single seeds whole, since they have no interval, and says so", () => {
    const {maps} = settingCells(cubes, {...selection, seed: "2"});
    assert.ok(maps.flatMap(({cells}) => cells).every(({decided}) => decided));
    assert.match(draw("layer-heat-map", {seed: "2"}).textContent ?? "", /No intervals here/);
  });

  it("gives stronger differences more opaque cells", () => {
    const svg = draw("layer-heat-map");
    const opacities = [...svg.querySelectorAll(".scale path")].map((path) =>
      Number(path.getAttribute("fill-opacity"))
    );
    assert.deepEqual(
      opacities.slice(6),
      [...opacities.slice(6)].sort((a, b) => a - b)
    );
    assert.deepEqual(opacities.slice(0, 6), opacities.slice(6).reverse());
  });
});

describe("the axis of layers", () => {
  it("names the embedding and the last layer, and no more than there is room for", () => {
    for (const layers of [1, 2, 3, 12, 24, 32, 33, 80])
      for (const room of [90, 200, 720]) {
        const ticks = layerAxis(layers, room).ticks as number[];
        assert.deepEqual([ticks[0], ticks.at(-1)], [0, layers], `${layers} in ${room}`);
        assert.ok(ticks.length <= Math.max(3, room / 34 + 2), `${layers} in ${room}: ${ticks}`);
        assert.equal(new Set(ticks).size, ticks.length);
      }
  });

  it("marks the last layer of a long line, and about eight others", () => {
    const rows = Array.from({length: 33}, (_, layer) => ({layer}));
    const marked = markedLayers(rows, 32).map(({layer}) => layer);
    assert.equal(marked.at(-1), 32);
    assert.ok(marked.length >= 8 && marked.length <= 10, `${marked}`);
    assert.equal(markedLayers(rows.slice(0, 4), 3).length, 4);
  });
});
