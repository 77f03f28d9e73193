/** What is learned of raters: their severities with intervals that cover, and a fit that only gets better. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import {agreementRows} from "../../src/core/judging/agreement-rows.js";
import {judgedCells} from "../../src/core/judging/cells.js";
import {mergeByRule} from "../../src/core/judging/rated-set.js";
import {severityRows} from "../../src/core/judging/severity-rows.js";
import {matrixOf} from "../../src/core/judging/rating-matrix.js";
import {clusteredRows} from "../../src/core/statistics/clustered.js";
import {pairAgreement} from "../../src/core/statistics/agreement.js";
import {dawidSkene} from "../../src/core/statistics/dawid-skene.js";
import {fitSeverity} from "../../src/core/statistics/severity.js";
import {axisOf, simulate} from "../annotators/simulated-judges.js";

const STUDIES = 60;
/** A scale so long that its ends cut nothing off. */
const LONG = {
  axes: [
    axisOf(
      "long",
      Array.from({length: 40}, (_, i) => String(i + 1))
    )
  ]
};

describe("severity", () => {
  test("intervals over dialogues cover what is true", () => {
    const severities = [0.8, 0.3, 0, 0, -0.4, -0.7];
    let [covered, asked] = [0, 0];
    for (let seed = 0; seed < STUDIES; ++seed) {
      const raters = Array.from({length: 6}, (_, i) => ({judge: `j${i}`, prompt: "scale-5"}));
      const {set} = simulate({...LONG, raters, severities, dialogues: 20, missing: 0.2, seed});
      const rows = severityRows(set, judgedCells(set)).filter(
        ({corpus, axis}) => corpus === "all" && axis === "all"
      );
      severities.forEach((severity, i) => {
        const {low, high} = rows.find(({rater}) => rater === `j${i}/scale-5`)!;
        asked += 1;
        if (low! <= severity && severity <= high!) covered += 1;
      });
    }
    // 360 intervals of 95 %; those of one study depend on each other. Ends of the scale move severities by little.
    assert.ok(covered / asked > 0.88 && covered / asked < 0.99, `${covered} of ${asked}`);
  });

  test("a rater who shares no item has none, and is corrected by nothing", () => {
    const votes = [
      [1, 2, null],
      [3, 4, null],
      [2, 4, null],
      [null, null, 5]
    ];
    const items = votes.map((scores, i) => ({corpus: "c", example_id: String(i), axis: "a", scores}));
    const {severities, shrunk} = fitSeverity(matrixOf(items));
    assert.ok(Number.isNaN(severities[2]!));
    assert.equal(shrunk[2], 0);
    assert.ok(Math.abs(severities[0]! + 2 / 3) < 1e-12 && Math.abs(severities[1]! - 2 / 3) < 1e-12);
    assert.ok(shrunk[1]! > 0 && shrunk[1]! < severities[1]!);
  });

  test("people's severity is theirs among the judges", () => {
    const {set} = simulate({missing: 0, severities: [1, 1, 1, 1, 1, 1], golden: 1, dialogues: 100});
    const people = severityRows(set, judgedCells(set)).find(({rater}) => rater === "people")!;
    assert.ok(people.severity! < -0.3 && people.high! < 0, JSON.stringify(people));
  });
});

describe("Dawid and Skene", () => {
  test("each step climbs, and the end doesn't depend on when it is looked at", () => {
    const {set} = simulate({dialogues: 15});
    const votes = Int8Array.from(set.matrix.positions, (one) =>
      Number.isNaN(one) ? -1 : Math.round(one) - 1
    );
    const data = {items: set.items.length, raters: 6, labels: 5, votes};
    let before = -Infinity;
    for (let most = 1; most <= 20; ++most) {
      const {objective} = dawidSkene(data, {most, tolerance: -Infinity});
      assert.ok(objective >= before - 1e-9, `${before}, then ${objective}`);
      before = objective;
    }
    const {converged, steps} = dawidSkene(data);
    assert.ok(converged && steps < 200, `${steps} steps`);
  });

  test("it is right more often than the mean where one judge guesses", () => {
    const errors = [0.4, 0.4, 0.4, 8, 8, 8];
    const {set, truth} = simulate({errors, severities: [0, 0, 0, 0, 0, 0], missing: 0, dialogues: 150});
    const right = (rule: "mean" | "dawid-skene") =>
      mergeByRule(set, rule, {}, 1).places.filter((place, item) => place === truth[item]).length /
      truth.length;
    assert.ok(right("dawid-skene") > right("mean") + 0.1, `${right("dawid-skene")} against ${right("mean")}`);
  });
});

test("agreement rows: perfect with oneself, lower with a rater of another severity, none where nobody was asked", () => {
  const {set} = simulate({golden: 0});
  const {places} = mergeByRule(set, "mean", {}, 1);
  const cells = judgedCells(set);
  const rows = agreementRows(set, places, cells);
  assert.ok(!rows.some(({b}) => b === "people"), "nobody rated");
  assert.equal(cells.length, 9);
  const all = (a: string, b: string) =>
    rows.find(
      (row) =>
        row.corpus === "all" && row.axis === "all" && row.a === a && row.b === b && row.measure === "mae"
    )!.value!;
  assert.ok(all("mild", "harsh") > all("mild", "fair"));
  const cell = clusteredRows(Int32Array.of(0, 1, 2), [0, 1, 2], [0, 0, 0]);
  const own = pairAgreement([0, 1, 3], [0, 1, 3], cell, 5);
  assert.deepEqual([own.qwk.value, own.exact.value, own.mae.value], [1, 1, 0]);
});
