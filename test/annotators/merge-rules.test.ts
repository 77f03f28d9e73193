/** Merge rules on votes whose answer is known, and what holds for any votes. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import fc from "fast-check";
import {labelOfMean} from "../../src/core/labels.js";
import {placeOfPosition, positionOfScore} from "../../src/core/judging/label-positions.js";
import {judgedCells} from "../../src/core/judging/cells.js";
import {mergeRuleRows} from "../../src/core/judging/merge-rule-rows.js";
import {mergeScores} from "../../src/core/judging/merge-rules.js";
import {nearestVotes} from "../../src/core/judging/merge-explanations.js";
import {chooseRule, mergeByAllRules, mergeByRule} from "../../src/core/judging/rated-set.js";
import {matrixOf} from "../../src/core/judging/rating-matrix.js";
import {MERGE_RULES} from "../../src/core/study/judging.js";
import type {RatedItem} from "../../src/core/judging/votes.js";
import {simulate} from "./simulated-judges.js";

function items(...scores: (number | null)[][]): RatedItem[] {
  return scores.map((own, i) => ({corpus: "c", example_id: String(i), axis: "a", scores: own}));
}

const merged = (rule: (typeof MERGE_RULES)[number], ...scores: (number | null)[][]) =>
  mergeScores(items(...scores), rule, {labels: 5});

describe("positions", () => {
  test("a 1–4 scale is stretched over five labels, a map is taken as it stands", () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((score) => positionOfScore(score, {scale: [1, 4]}, 5).toFixed(3)),
      ["1.000", "2.333", "3.667", "5.000"]
    );
    const map = [1, 2, 4, 5];
    assert.deepEqual(
      [1, 2, 3, 4].map((score) => positionOfScore(score, {scale: [1, 4], map}, 5)),
      map
    );
    assert.equal(positionOfScore(2.5, {scale: [1, 4], map}, 5), 3);
    assert.equal(positionOfScore(0, {scale: [0, 10]}, 3), 1);
    assert.throws(() => positionOfScore(5, {scale: [1, 4]}, 5), RangeError);
  });

  test("a position's label is the one that people's mean score would get", () => {
    fc.assert(
      fc.property(fc.double({min: 1, max: 5, noNaN: true}), (position) => {
        const label = labelOfMean(position, {scale: [1, 5]}, ["0", "1", "2", "3", "4"]);
        assert.equal(String(placeOfPosition(position, 5)), label);
      })
    );
    assert.equal(placeOfPosition(2.5, 5), 2, "of two as near, the higher");
    assert.deepEqual(
      [1, 1.99, 2, 3.4, 5].map((position) => placeOfPosition(position, 3, [2, 3.5])),
      [0, 0, 1, 1, 2]
    );
  });
});

describe("rules", () => {
  test("mean, median and trimmed mean of the votes there are", () => {
    assert.deepEqual(merged("mean", [1, 2, null, 6 - 1]), [8 / 3]);
    assert.deepEqual(merged("median", [5, 1, 2, null], [4, 1, 2, 3]), [2, 2.5]);
    assert.deepEqual(merged("trimmed-mean", [1, 3, 3, 5], [1, 2, 5, null]), [3, 8 / 3]);
    assert.deepEqual(merged("trimmed-mean", [1, 1, 2, 2, 3, 4, 5, 5]), [(2 + 2 + 3 + 4) / 4]);
    assert.throws(() => merged("mean", [1, 2], [1]), RangeError);
  });

  test("majority: the label of most votes; of several the one nearest the mean, then the lower", () => {
    assert.deepEqual(merged("majority", [1, 4, 4, 5]), [4]);
    assert.deepEqual(merged("majority", [1, 1, 5, 5, 4]), [5], "the mean is 3.2, nearer to 5 than to 1");
    assert.deepEqual(merged("majority", [2, 2, 4, 4]), [2], "the mean lies between them");
    assert.deepEqual(merged("majority", [2 + 1 / 3, 2, 5]), [2], "a vote counts as its nearest label");
  });

  test("an item without a vote has no score by any rule; one vote is its own merger", () => {
    for (const rule of MERGE_RULES) {
      assert.deepEqual(merged(rule, [null, null]), [null], rule);
      const [alone] = merged(rule, [4, null]);
      assert.ok(Math.abs(alone! - 4) < 0.5, `${rule}: ${alone}`);
    }
  });

  test("severity takes off what a rater adds, also where its fellows are silent", () => {
    // The second rater scores one label higher throughout.
    const votes = [...[1, 2, 3, 4, 2, 3, 1, 4].map((score) => [score, score + 1]), [null, 3], [2, null]];
    const scores = merged("severity", ...votes);
    assert.ok(Math.abs(scores[8]! - 2.5) < 0.02, String(scores[8]));
    assert.ok(Math.abs(scores[9]! - 2.5) < 0.02, String(scores[9]));
    assert.deepEqual(merged("mean", ...votes).slice(8), [3, 2]);
  });

  test("with every vote there, severity is the mean", () => {
    const {set} = simulate({missing: 0});
    const [mean, severity] = (["mean", "severity"] as const).map(
      (rule) => mergeByRule(set, rule, {}, 1).positions
    );
    const clipped = mean!.filter((score) => score > 1.3 && score < 4.7);
    assert.ok(clipped.length > 50);
    mean!.forEach((score, item) => assert.ok(Math.abs(score - severity![item]!) < 1e-9));
  });

  test("Dawid–Skene believes those who are mostly right", () => {
    // Two raters say the same everywhere; the third says anything. Where the pair is split by a gap, it wins alone.
    const random = [3, 5, 1, 2, 4, 5, 1, 3, 2, 4, 1, 5, 3, 4, 2, 5, 1, 2, 3, 4];
    const pair = random.map((_, i) => 1 + ((i * 7) % 5));
    const votes = pair.map((score, i) => [score, score, random[i]!]);
    const [last] = merged("dawid-skene", [2, null, 5], ...votes);
    assert.ok(last! < 2.5, String(last));
    assert.equal(merged("mean", [2, null, 5])[0], 3.5);
  });

  test("votes beyond an axis' labels, which a map made for a longer axis gives, merge to one of its labels", () => {
    for (const rule of MERGE_RULES) {
      const found = mergeScores(items([5, 4, 5], [1, 1, 2], [5, 5, 5]), rule, {labels: 3});
      assert.ok(
        found.every((score) => score! >= 1 && score! <= 3),
        `${rule}: ${found.join()}`
      );
    }
  });

  test("any votes: scores lie within the votes' range, whatever the raters' order, and twice the same", () => {
    const vote = fc.option(fc.integer({min: 1, max: 5}), {nil: null, freq: 5});
    fc.assert(
      fc.property(
        fc.array(fc.array(vote, {minLength: 4, maxLength: 4}), {minLength: 1, maxLength: 12}),
        (votes) => {
          for (const rule of MERGE_RULES) {
            const found = merged(rule, ...votes);
            assert.deepEqual(merged(rule, ...votes), found);
            const turned = merged(rule, ...votes.map((own) => own.toReversed()));
            found.forEach((score, item) => {
              const given = votes[item]!.filter((one) => one !== null);
              assert.equal(score === null, given.length === 0);
              if (score === null) return;
              assert.ok(Math.abs(score - turned[item]!) < 1e-6, rule);
              const [low, high] =
                rule === "severity" || rule === "dawid-skene"
                  ? [1, 5]
                  : [Math.min(...given), Math.max(...given)];
              assert.ok(score >= low - 1e-9 && score <= high + 1e-9, `${rule}: ${score} of ${given.join()}`);
            });
          }
        }
      ),
      {numRuns: 60}
    );
  });
});

describe("choosing", () => {
  test("the best rule has the lowest mean absolute error on the golden set, then the lowest squared one", () => {
    const {set} = simulate();
    const rules = mergeByAllRules(set, {}, 1);
    const best = chooseRule(set, "best", rules)!;
    const errors = rules.map(({rule, places}) => {
      const distances = Array.from(places.entries()).flatMap(([item, place]) =>
        set.golden[item]! >= 0 && place >= 0 ? [Math.abs(place - set.golden[item]!)] : []
      );
      return {rule, mae: distances.reduce((sum, one) => sum + one, 0) / distances.length};
    });
    const least = Math.min(...errors.map(({mae}) => mae));
    assert.equal(errors.find(({rule}) => rule === best.rule)!.mae, least);
    assert.equal(chooseRule(set, "median", rules)!.rule, "median");
  });

  test("rules that give the same labels are tied with the chosen one, one that is off everywhere is not", () => {
    const {set} = simulate({});
    const chosen = mergeByRule(set, "mean", {}, 1);
    const same = {...chosen, rule: "median" as const};
    const off = {
      ...chosen,
      rule: "majority" as const,
      places: chosen.places.map((place) => (place < 0 ? -1 : 4 - place))
    };
    const rows = mergeRuleRows(set, [chosen, same, off], {rule: "mean", by_golden: true}, judgedCells(set));
    const pooled = rows.filter(({corpus, axis}) => corpus === "all" && axis === "all");
    for (const {rule, tied, chosen: own, by_golden} of pooled) {
      assert.equal(tied, rule !== "majority");
      assert.deepEqual([own, by_golden], [rule === "mean", rule === "mean"]);
    }
  });

  test("without a golden item there is no best rule", () => {
    const {set} = simulate({golden: 0});
    assert.equal(chooseRule(set, "best", mergeByAllRules(set, {}, 1)), undefined);
  });

  test("items with fewer usable votes than asked for stay without a label", () => {
    const {set} = simulate({missing: 0.6});
    const {places} = mergeByRule(set, "mean", {}, 3);
    places.forEach((place, item) => {
      const votes = set.matrix.positions
        .subarray(item * 6, (item + 1) * 6)
        .filter((one) => !Number.isNaN(one));
      assert.equal(place < 0, votes.length < 3);
    });
  });
});

test("the nearest explanation: of those that are there, the first of the closest", () => {
  const matrix = matrixOf(items([2, 4, 3, 4], [1, null, null, 5], [3, 3, 3, 3], [2, 2, 2, 2]));
  const merged = Float64Array.of(3.6, 4.9, 3, NaN);
  const explained = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1);
  assert.deepEqual([...nearestVotes({matrix}, merged, explained)], [1, 0, 2, -1]);
});
