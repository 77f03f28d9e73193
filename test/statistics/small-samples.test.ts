/** Tiny, empty, tied and constant inputs: every function answers, or says why it can't. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import fc from "fast-check";
import {chiSquaredSurvival} from "../../src/core/statistics/chi-squared.js";
import {cholesky} from "../../src/core/statistics/cholesky.js";
import {studentTCdf, studentTQuantile, studentTTwoSided} from "../../src/core/statistics/distributions.js";
import {twoOneSidedTests} from "../../src/core/statistics/equivalence.js";
import {friedman} from "../../src/core/statistics/friedman.js";
import {krippendorffAlpha} from "../../src/core/statistics/krippendorff.js";
import {mcnemar} from "../../src/core/statistics/mcnemar.js";
import {benjaminiHochberg, holm} from "../../src/core/statistics/multiple-comparisons.js";
import {cliques} from "../../src/core/statistics/nemenyi.js";
import {signFlipTest} from "../../src/core/statistics/permutation.js";
import {randomEffects} from "../../src/core/statistics/random-effects.js";
import {interquartileMean, performanceProfile} from "../../src/core/statistics/robust-aggregates.js";
import {seedBootstrap} from "../../src/core/statistics/seed-bootstrap.js";
import {signTestOf} from "../../src/core/statistics/sign.js";
import {studentizedRangeCdf, studentizedRangeQuantile} from "../../src/core/statistics/studentized-range.js";
import {wilcoxon} from "../../src/core/statistics/wilcoxon.js";

const whole = fc.array(fc.integer({min: -4, max: 4}), {maxLength: 14});

describe("tests on paired differences", () => {
  test("nothing, or nothing but zeros: p = 1, and no smaller one is possible", () => {
    for (const differences of [[], [0], [0, 0, 0]]) {
      for (const {p, smallestP} of [
        signTestOf(differences),
        wilcoxon(differences),
        signFlipTest(differences)
      ])
        assert.deepEqual([p, smallestP], [1, 1]);
    }
    assert.deepEqual(mcnemar(0, 0), {discordant: 0, p: 1, midP: 1, smallestP: 1});
  });

  test("one difference can't tell anything", () => {
    for (const {p} of [signTestOf([3]), wilcoxon([3]), signFlipTest([3]), mcnemar(1, 0)]) assert.equal(p, 1);
  });

  test("p lies between the smallest possible and 1, and doesn't change with the sign", () => {
    fc.assert(
      fc.property(whole, (differences) => {
        const turned = differences.map((difference) => -difference);
        for (const run of [signTestOf, wilcoxon, signFlipTest] as const) {
          const {p, smallestP} = run(differences);
          assert.ok(p >= smallestP - 1e-12 && p <= 1);
          assert.ok(Math.abs(p - run(turned).p) < 1e-12);
        }
      })
    );
  });

  test("mid-p is never larger than the exact p", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (gained, lost) => {
        const {p, midP} = mcnemar(gained, lost);
        assert.ok(midP <= p && midP >= 0);
      })
    );
  });

  test("the same random sign patterns every time", () => {
    const differences = Array.from({length: 100}, (_, i) => Math.sin(i));
    assert.equal(signFlipTest(differences).p, signFlipTest(differences).p);
  });
});

describe("Friedman's test", () => {
  test("says why it can't be made", () => {
    assert.match(friedman([], "higher").reason!, /three arms/);
    assert.match(friedman([[1, 2, 3]], "higher").reason!, /two settings/);
    assert.match(
      friedman(
        [
          [1, 1, 1],
          [2, 2, 2]
        ],
        "higher"
      ).reason!,
      /equal in every setting/
    );
    assert.match(
      friedman(
        [
          [1, null, 3],
          [1, 2, 3]
        ],
        "higher"
      ).reason!,
      /two settings/
    );
  });

  test("counts settings that lack an arm, and ranks by what is better", () => {
    const values = [
      [3, 2, 1],
      [6, 5, 4],
      [9, null, 7]
    ];
    const higher = friedman(values, "higher");
    assert.deepEqual([higher.settings, higher.incomplete], [2, 1]);
    assert.deepEqual(higher.averageRanks, [1, 2, 3]);
    assert.deepEqual(friedman(values, "lower").averageRanks, [3, 2, 1]);
    assert.equal(higher.p, higher.smallestP);
  });

  test("groups of arms that are not told apart: the longest runs, none within another", () => {
    assert.deepEqual(cliques([1, 3.5, 1.8, 3.2], 1), [
      [0, 2],
      [3, 1]
    ]);
    assert.deepEqual(cliques([1, 1.5, 2, 2.5], 1), [
      [0, 1, 2],
      [1, 2, 3]
    ]);
    assert.deepEqual(cliques([1, 2, 3], 0.5), []);
    assert.deepEqual(cliques([2, 2, 2], 0.5), [[0, 1, 2]]);
  });
});

describe("corrections", () => {
  test("keep the order of p, and Holm's are the larger", () => {
    fc.assert(
      fc.property(fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 12}), (ps) => {
        const [strict, mild] = [holm(ps), benjaminiHochberg(ps)];
        ps.forEach((p, i) => {
          assert.ok(strict[i]! >= mild[i]! - 1e-15 && mild[i]! >= p - 1e-15 && strict[i]! <= 1);
          ps.forEach((q, j) => assert.ok(p > q || (strict[i]! <= strict[j]! && mild[i]! <= mild[j]!)));
        });
      })
    );
  });

  test("one hypothesis needs none", () => {
    assert.deepEqual([holm([0.03]), benjaminiHochberg([0.03]), holm([])], [[0.03], [0.03], []]);
  });
});

describe("the mean over settings", () => {
  test("says why there is none", () => {
    assert.match(randomEffects([0.1], [[1]]).reason!, /two settings/);
    assert.match(
      randomEffects(
        [0.1, NaN],
        [
          [1, 0],
          [0, 1]
        ]
      ).reason!,
      /unknown/
    );
    assert.match(
      randomEffects(
        [0.1, 0.1],
        [
          [1, 0],
          [0, 0]
        ]
      ).reason!,
      /can't be weighed/
    );
  });

  test("two settings: a mean, no prediction", () => {
    const {mean, between, predicted_low} = randomEffects(
      [0, 0.2],
      [
        [1e-4, 0],
        [0, 1e-4]
      ]
    );
    assert.ok(Math.abs(mean! - 0.1) < 1e-12 && between! > 0.1);
    assert.equal(predicted_low, null);
  });

  test("settings that agree better than chance: no spread, and the interval is not made narrower for it", () => {
    const {between, factor, se} = randomEffects(
      [0.1, 0.1, 0.1],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1]
      ]
    );
    assert.equal(between, 0);
    assert.ok(factor! < 1e-12);
    assert.ok(Math.abs(se! - 1 / Math.sqrt(3)) < 1e-12);
  });

  test("errors that go together make the mean less sure", () => {
    const effects = [0.1, 0.12, 0.08];
    const covariance = (together: number) =>
      effects.map((_, i) => effects.map((__, j) => (i === j ? 0.01 : together)));
    assert.ok(
      randomEffects(effects, covariance(0.008)).se! > 1.5 * randomEffects(effects, covariance(0)).se!
    );
  });

  test("scales with its input", () => {
    const covariance = [
      [4, 1, 0],
      [1, 3, 0],
      [0, 0, 2]
    ];
    const small = covariance.map((row) => row.map((value) => value * 1e-8));
    const [one, other] = [randomEffects([1, 9, 4], covariance), randomEffects([1e-4, 9e-4, 4e-4], small)];
    for (const key of ["mean", "se", "between", "high", "predicted_low"] as const)
      assert.ok(Math.abs(one[key]! / other[key]! - 1e4) < 1e-6, key);
  });

  test("a matrix that isn't positive definite has no Cholesky factor", () => {
    assert.equal(
      cholesky([
        [1, 1],
        [1, 1]
      ]),
      null
    );
    assert.equal(
      cholesky([
        [1, 2],
        [2, 1]
      ]),
      null
    );
  });
});

describe("equivalence, agreement, aggregates", () => {
  test("without a spread nothing is shown to be equivalent", () => {
    assert.ok(Number.isNaN(twoOneSidedTests(0, 0, 10, 0.1).p));
  });

  test("p is below α exactly where the 1 − 2α interval lies within the margin", () => {
    fc.assert(
      fc.property(fc.double({min: -1, max: 1, noNaN: true}), fc.integer({min: 1, max: 80}), (effect, df) => {
        const [se, margin] = [0.2, 0.6];
        const reach = studentTQuantile(0.95, df) * se;
        const inside = effect - reach > -margin && effect + reach < margin;
        const {p} = twoOneSidedTests(effect, se, df, margin);
        assert.equal(p < 0.05, inside);
      })
    );
  });

  test("agreement says why it is undefined", () => {
    assert.match(krippendorffAlpha([[1, 2, 3]], "ordinal").reason!, /No unit was judged twice/);
    assert.match(krippendorffAlpha([], "nominal").reason!, /No unit was judged twice/);
    assert.match(
      krippendorffAlpha(
        [
          [2, 2],
          [2, 2]
        ],
        "interval"
      ).reason!,
      /All judgements are the same/
    );
  });

  test("no values, no aggregate; one seed, no interval", () => {
    assert.ok(Number.isNaN(interquartileMean([])));
    assert.deepEqual(
      performanceProfile(
        [
          [1, 2],
          [3, 4]
        ],
        [0, 2, 4]
      ),
      [1, 0.5, 0]
    );
    assert.deepEqual(seedBootstrap([[[1], [2]]], interquartileMean, {regime: "one-model"}), {
      low: null,
      high: null
    });
    assert.throws(
      () =>
        seedBootstrap(
          [
            [
              [1, 2],
              [2, 3, 4]
            ]
          ],
          interquartileMean,
          {regime: "one-model"}
        ),
      RangeError
    );
  });
});

describe("distributions", () => {
  test("quantiles undo distribution functions", () => {
    fc.assert(
      fc.property(
        fc.double({min: 1e-6, max: 1 - 1e-6, noNaN: true}),
        fc.double({min: 0.5, max: 1e6, noNaN: true}),
        (p, df) => assert.ok(Math.abs(studentTCdf(studentTQuantile(p, df), df) - p) < 1e-11)
      )
    );
    for (const groups of [2, 3, 10, 40])
      for (const p of [0.01, 0.5, 0.95, 0.999])
        assert.ok(Math.abs(studentizedRangeCdf(studentizedRangeQuantile(p, groups), groups) - p) < 1e-13);
  });

  test("edges and nonsense", () => {
    assert.deepEqual(
      [studentTQuantile(0, 3), studentTQuantile(1, 3), studentTQuantile(0.5, 3)],
      [-Infinity, Infinity, 0]
    );
    assert.deepEqual(
      [studentTCdf(-Infinity, 2), studentTCdf(Infinity, 2), studentTTwoSided(0, 2)],
      [0, 1, 1]
    );
    for (const value of [
      studentTQuantile(2, 3),
      studentTQuantile(0.5, 0),
      studentTCdf(1, -1),
      studentizedRangeQuantile(1, 3)
    ])
      assert.ok(Number.isNaN(value));
    assert.throws(() => chiSquaredSurvival(1, 1.5), RangeError);
    assert.equal(chiSquaredSurvival(-1, 2), 1);
  });
});
