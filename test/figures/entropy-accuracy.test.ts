import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {countsIn, jointSums, wholeRegion} from "../../src/core/joint-counts.js";
import {formatNumber} from "../../src/core/format.js";
import {defaultSelection, selectedArms} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {exampleLayers} from "../../src/figures/example-layers.js";
import {signWarning} from "../../src/core/sentences/pooling.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {regionText, shareRight, showRegion} from "../../src/figures/joint-region.js";
import {jointModelOf, jointView} from "../../src/figures/joint-view.js";
import {readingsOf} from "../../src/figures/readings.js";
import {FIGURES} from "../../src/figures/registry.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const cubes = sampleCubes();
const selection = defaultSelection(cubes.study);
const arms = selectedArms(selection, cubes.study);

function draw(name: string, change: Partial<Selection> = {}): SVGSVGElement {
  return FIGURES[name]!(cubes, {selection: {...selection, ...change}, width: WIDTHS.wide, document});
}

const altOf = (svg: SVGSVGElement) => svg.querySelector("desc")?.textContent ?? "";

describe("figures of entropy and accuracy", () => {
  it("read out five fifths a mode, with their intervals", () => {
    const readings = readingsOf(draw("fifths"));
    assert.equal(readings.length, 5 * arms.length);
    for (const {title} of readings) assert.match(title, /fifth [1-5], .*\naccuracy .* % \[/);
  });

  it("set the correlation within settings beside the pooled one, one row a mode", () => {
    const svg = draw("correlations");
    assert.equal(svg.querySelectorAll(".value title").length, 2 * arms.length);
    assert.equal(svg.querySelectorAll(".rows text").length, arms.length);
  });

  it("warn where pooled and within settings disagree in sign, and only there", () => {
    const row = (pooled: number | null, within: number | null, reach: number | null = null) => ({
      mode: "shuffled" as const,
      pooled,
      within,
      within_low: reach === null || within === null ? null : within - reach,
      within_high: reach === null || within === null ? null : within + reach
    });
    assert.match(
      signWarning([row(0.2, -0.1)]),
      /disagree in sign for shuffled \(\+0\.20 pooled, −0\.10 within\)/
    );
    assert.equal(signWarning([row(0.2, 0.1), row(null, 0.1), row(0, -0.1)]), "");
    // Within noise no sign is known.
    assert.equal(signWarning([row(0.01, -0.04, 0.06)]), "");
    assert.match(signWarning([row(0.2, -0.04, 0.06)]), /disagree in sign/);
  });

  it("say which way a detector points", () => {
    assert.match(altOf(draw("detectors")), /Above \.5 errors have the higher entropy/);
  });

  it("give AUROC the interval that was chosen, or the other where there is none", () => {
    const {id} = arms[0]!;
    const row = cubes.relations.find(
      (one) => one.arm === id && one.corpus === "all" && one.axis === "all" && one.layer === -1
    )!;
    const said = (...numbers: (number | null | undefined)[]) => {
      const [value, low, high] = numbers.map((one) => formatNumber(one ?? null, 3));
      return `${value} [${low}, ${high}]`;
    };
    const dialogues = altOf(draw("detectors", {interval: "dialogues"}));
    assert.ok(dialogues.includes(said(row.auroc, row.auroc_low, row.auroc_high)), dialogues);
    assert.match(dialogues, /for these trained models\.$/);
    const trainings = altOf(draw("detectors", {interval: "trainings"}));
    assert.ok(
      trainings.includes(said(row.auroc, row.auroc_low_trainings, row.auroc_high_trainings)),
      trainings
    );
    assert.match(trainings, /other dialogues and other trainings\.$/);
    assert.equal(draw("detectors").querySelectorAll("path.interval").length > 0, true);
  });

  it("read out every run in every setting twice: raw, and less the means", () => {
    const points = 2 * arms.length * cubes.study.seeds.length * cubes.study.settings.length;
    assert.equal(readingsOf(draw("run-scatter")).length, points);
  });

  it("draw the errors of low entropy, one line a mode, and say why where nothing is counted", () => {
    assert.equal(draw("entropy-risk").querySelectorAll("path.line").length, arms.length);
    assert.match(altOf(draw("entropy-risk", {estimator: "matrix"})), /not/);
  });
});

describe("the view of entropy and confidence", () => {
  const view = (change: Partial<Selection> = {}, mapped?: string) =>
    jointView(cubes, {
      selection: {...selection, ...change},
      width: WIDTHS.wide,
      document,
      ...(mapped === undefined ? {} : {mapped})
    });

  it("maps the explanation arm unless another is named, and counts all its answers", () => {
    assert.equal(jointModelOf(view())!.mapped.mode, "explanation");
    const svg = view({}, "label-only");
    assert.equal(jointModelOf(svg)!.mapped.id, "label-only");
    assert.match(svg.textContent ?? "", /n\s=\s6,480 answers: test rows × 3 seeds/);
  });

  it("shows for a region the share right that single answers give, inside and outside", () => {
    const svg = view({estimator: "label_entropy"});
    const model = jointModelOf(svg)!;
    const region = {entropy: [16, 24] as [number, number], confidence: [0, 24] as [number, number]};
    showRegion(svg, model, region);
    const rows = [...svg.querySelectorAll(".arm-row")];
    assert.equal(rows.length, arms.length);
    arms.forEach(({id}, i) => {
      const sums = jointSums(cubes.joint, {
        arm: id,
        corpus: "all",
        axis: "all",
        layer: -1,
        estimator: "label_entropy"
      })!;
      const share = shareRight(countsIn(sums, region), 3)!;
      assert.equal(rows[i]!.querySelector(".number")!.textContent, `${formatNumber(share.value, 1)} %`);
      assert.equal(rows[i]!.querySelector(".outside")!.getAttribute("visibility"), "visible");
      assert.ok(share.low < share.value && share.value < share.high);
    });
    assert.match(
      regionText(model, region),
      /^Entropy 1\.20 to 1\.70 nats, confidence 0 to 100 %: Label only/
    );

    showRegion(svg, model, null);
    assert.equal(rows[0]!.querySelector(".outside")!.getAttribute("visibility"), "hidden");
    assert.equal(svg.querySelector(".brush-frame")!.getAttribute("d"), "");
  });

  it("changes attributes only: a brush leaves every element in its place", () => {
    const svg = view();
    const before = [...svg.querySelectorAll("*")];
    showRegion(svg, jointModelOf(svg)!, {entropy: [2, 9], confidence: [3, 20]});
    assert.deepEqual([...svg.querySelectorAll("*")], before);
  });

  it("says that a region without answers has none", () => {
    const svg = view();
    const model = jointModelOf(svg)!;
    const corner = {entropy: [23, 24] as [number, number], confidence: [23, 24] as [number, number]};
    assert.equal(countsIn(model.mapped.sums, corner).right + countsIn(model.mapped.sums, corner).wrong, 0);
    assert.match(regionText(model, corner), /no rows/);
    assert.equal(countsIn(model.mapped.sums, wholeRegion(model.mapped.sums)).right > 0, true);
  });

  it("names the layers that are counted where the one chosen is not", () => {
    assert.match(altOf(view({layer: 2})), /choose layer 1, layer 3/);
    assert.match(altOf(view({estimator: "attention"})), /not recorded/);
  });
});

describe("the layer profile of one example", () => {
  const rows = arms.flatMap(({id}, i) =>
    [0, 1, 2].map((layer) => ({arm: id, layer, entropy: layer === 0 ? null : 3 + i / 10 + layer}))
  );
  const profile = (given: typeof rows) =>
    exampleLayers(cubes, given, "energy", {selection, width: WIDTHS.middle, document});

  it("has one line an arm of the selection, without layers that hold nothing", () => {
    const svg = profile([...rows, {arm: "of another study", layer: 1, entropy: 1}]);
    assert.equal(svg.querySelectorAll("path.line").length, arms.length);
    assert.equal(readingsOf(svg).length, 2 * arms.length);
    assert.match(altOf(svg), /Label only: 4\.000 nats at layer 1, 5\.000 at layer 2/);
  });

  it("says where the database holds none", () => {
    assert.match(altOf(profile([])), /holds no/);
  });
});
