import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {lessMeans} from "../../src/figures/run-scatter.js";
import type {Measured} from "../../src/figures/run-scatter.js";

const MODES = ["label-only", "explanation", "shuffled"] as const;
const SETTINGS = ["film", "support"];
const effect = () => fc.double({min: -5, max: 5, noNaN: true});

/** Every mode in every setting with two seeds; `at` gives both measures. */
function crossed(at: (mode: number, setting: number, seed: number) => number): Measured[] {
  return MODES.flatMap((mode, m) =>
    SETTINGS.flatMap((setting, s) =>
      [0, 1].map((seed) => ({mode, setting, entropy: at(m, s, seed), accuracy: -at(m, s, seed)}))
    )
  );
}

describe("points less the means of setting and mode", () => {
  it("are nothing where runs differ by setting and mode only", () => {
    fc.assert(
      fc.property(
        fc.tuple(effect(), effect(), effect()),
        fc.tuple(effect(), effect()),
        (ofMode, ofSetting) => {
          for (const {entropy, accuracy} of lessMeans(crossed((m, s) => ofMode[m]! + ofSetting[s]!)))
            assert.deepEqual([entropy, accuracy], [0, 0], "rounding that is left has no scale");
        }
      )
    );
  });

  it("keep what seeds add", () => {
    const left = lessMeans(crossed((m, s, seed) => 10 * m + 3 * s + seed));
    assert.deepEqual(
      left.map(({entropy}) => Math.round(entropy * 1e9) / 1e9),
      left.map((_, i) => (i % 2 === 0 ? -0.5 : 0.5))
    );
  });

  it("have no mean left in any setting or mode where a mode lacks a setting", () => {
    const left = lessMeans(crossed((m, s, seed) => m * m + 2 * s * m + seed).slice(2));
    for (const key of ["mode", "setting"] as const)
      for (const group of new Set(left.map((point) => point[key]))) {
        const own = left.filter((point) => point[key] === group);
        const mean = own.reduce((sum, {entropy}) => sum + entropy, 0) / own.length;
        assert.ok(Math.abs(mean) < 1e-6, `${group}: ${mean}`);
      }
  });
});
