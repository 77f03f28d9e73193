import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {MODES} from "../../src/core/arms.js";
import {BACKGROUND, BAR_SHADES, MODE_LOOKS, modeTextShade, paletteCss} from "../../src/core/palette.js";
import {SIGHTS, SMALLEST_DISTANCE, contrast, distance} from "../../src/core/paper/sight.js";

for (const scheme of ["light", "dark"] as const) {
  describe(`mode colours, ${scheme}`, () => {
    for (const sight of SIGHTS) {
      it(`are told apart with ${sight} sight`, () => {
        for (const a of MODES)
          for (const b of MODES.slice(MODES.indexOf(a) + 1)) {
            const apart = distance(MODE_LOOKS[a][scheme], MODE_LOOKS[b][scheme], sight);
            assert.ok(apart >= SMALLEST_DISTANCE, `${a} and ${b}: ${apart.toFixed(1)}`);
          }
      });
    }

    it("stand out from the paper by 3 : 1", () => {
      for (const mode of MODES) assert.ok(contrast(MODE_LOOKS[mode][scheme], BACKGROUND[scheme]) >= 3, mode);
      assert.ok(contrast(BAR_SHADES[scheme], BACKGROUND[scheme]) >= 3, "bars");
    });

    it("make words legible on the paper, by 4.5 : 1", () => {
      for (const mode of MODES)
        assert.ok(contrast(modeTextShade(mode, scheme), BACKGROUND[scheme]) >= 4.5, mode);
    });
  });
}

describe("mode identity", () => {
  it("gives every mode its own marker and colour", () => {
    for (const key of ["marker", "light", "dark", "title", "short"] as const)
      assert.equal(new Set(MODES.map((mode) => MODE_LOOKS[mode][key])).size, MODES.length, key);
  });

  it("is the same in the style sheet", () => {
    const sheet = readFileSync(new URL("../../src/style/tokens.css", import.meta.url), "utf8");
    const declared = (css: string) => css.match(/--mode-[\w-]+: #[0-9a-f]{6}/g);
    assert.deepEqual(declared(sheet), declared(paletteCss()));
    assert.match(sheet, new RegExp(`--bar: ${BAR_SHADES.light}[\\s\\S]*--bar: ${BAR_SHADES.dark}`));
    assert.match(sheet, new RegExp(`--paper: ${BACKGROUND.light}[\\s\\S]*--paper: ${BACKGROUND.dark}`));
  });
});
