import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {encodeColumns} from "../../src/core/columns.js";
import type {Row} from "../../src/core/columns.js";
import {cutCube, joinParts, partsOf, partsWanted} from "../../src/core/cube-parts.js";
import type {CubeName, JointDocument} from "../../src/core/cubes.js";
import {decodeCube} from "../../src/core/cubes-reader.js";
import {choicesOf, defaultSelection} from "../../src/core/selection.js";
import {STUDY} from "../site/sample-tables.js";

const FACTS = {
  ...STUDY,
  seeds: ["1", "2"],
  measures: ["accuracy", "ece"] as typeof STUDY.measures,
  estimators: ["energy", "softmax"] as typeof STUDY.estimators,
  layers: 3
};
const CHOICES = choicesOf(FACTS);
const SELECTION = defaultSelection(FACTS);

const byMeasure = fc.record({
  system: fc.constantFrom("a", "b"),
  measure: fc.constantFrom(...CHOICES.measure),
  value: fc.option(fc.integer())
});
const bySource = fc.oneof(
  fc.record({
    estimator: fc.constantFrom("energy", "softmax"),
    layer: fc.constantFrom(...CHOICES.layer),
    n: fc.nat()
  }),
  fc.record({estimator: fc.constant("label_entropy"), layer: fc.constant(-1), n: fc.nat()})
);

const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

describe("parts of a cube", () => {
  const cases: [CubeName, fc.Arbitrary<Row>][] = [
    ["levels", byMeasure],
    ["quintiles", bySource],
    ["relations", bySource]
  ];
  for (const [cube, row] of cases)
    it(`hold every row of ${cube} once, and each the rows of its own values`, () =>
      fc.assert(
        fc.property(fc.array(row), (rows) => {
          const parts = cutCube(cube, encodeColumns(rows, 17), FACTS);
          assert.deepEqual([...parts.keys()], partsOf(cube, FACTS));
          const decoded = [...parts.values()].map((part) => decodeCube(cube, part));
          assert.deepEqual(sorted(joinParts(cube, decoded) as unknown[]), sorted(rows));
        })
      ));

  it("are those that the toggles select", () => {
    const wanted = (cube: CubeName, wish: Parameters<typeof partsWanted>[1], over = {}) =>
      partsWanted(cube, wish, {...SELECTION, ...over}, FACTS);
    assert.deepEqual(wanted("levels", "selected"), ["accuracy"]);
    assert.deepEqual(wanted("levels", {measure: ["ece"]}), ["accuracy", "ece"]);
    assert.deepEqual(wanted("levels", "all"), ["accuracy", "ece"]);
    assert.deepEqual(wanted("layers", "selected", {estimator: "softmax", seed: "2"}), ["softmax.2"]);
    assert.deepEqual(wanted("layers", {seed: "all"}), ["energy.all", "energy.1", "energy.2"]);
    assert.deepEqual(wanted("quintiles", "selected", {layer: 2}), ["energy.2"]);
    assert.deepEqual(wanted("quintiles", "selected", {estimator: "label_entropy"}), ["label_entropy.-1"]);
    assert.deepEqual(wanted("relations", "selected", {layer: 0}), ["0", "-1"]);
    assert.deepEqual(wanted("runs", "all"), [], "what stays whole has no parts");
  });

  it("of joint counts keep its bins, and join again", () => {
    const joint: JointDocument = {
      bins: 2,
      ranges: [
        {layer: 3, estimator: "energy", from: 0, to: 1},
        {layer: -1, estimator: "label_entropy", from: 0, to: 2}
      ],
      arms: ["a", "b"],
      settings: [{corpus: "film", axis: "x"}],
      sizes: [2, 0, 4, 2],
      places: "BEAFDGHH"
    };
    const parts = cutCube("joint", joint, FACTS);
    const energy = {ranges: [joint.ranges[0]], sizes: [2, 0], places: "BE"};
    assert.deepEqual(parts.get("energy"), {...joint, ...energy});
    assert.deepEqual(joinParts("joint", [...parts.values()]), joint);
    assert.deepEqual(joinParts("joint", [parts.get("energy")]), parts.get("energy"));
  });

  it("alone is the array itself, so that its index holds", () => {
    const rows = [{measure: "accuracy"}];
    assert.equal(joinParts("levels", [rows]), rows);
  });
});
