import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {lab, rgb} from "d3";
import {MODES} from "../../src/core/arms.js";
import {BACKGROUND, BAR_SHADES, MODE_LOOKS, modeTextShade, paletteCss} from "../../src/core/palette.js";

/** Severe colour-blindness in linear RGB, row by row; Machado, Oliveira and Fernandes 2009, table 1. */
const SIGHTS: Record<string, number[]> = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881]
};
/** CIE76 distance in Lab below which two marks would be hard to tell apart by colour alone. */
const SMALLEST_DISTANCE = 20;

const linear = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (c: number) => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

function channels(color: string): number[] {
  const {r, g, b} = rgb(color);
  return [r, g, b].map(linear);
}

function seen(color: string, sight: string) {
  const [r, g, b] = channels(color);
  const matrix = SIGHTS[sight]!;
  const mixed = [0, 3, 6].map((i) => matrix[i]! * r! + matrix[i + 1]! * g! + matrix[i + 2]! * b!);
  const [x, y, z] = mixed.map((c) => encoded(Math.min(1, Math.max(0, c))));
  return lab(rgb(x!, y!, z!));
}

function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [r, g, b] = channels(color);
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! + 0.05;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return high! / low!;
}

for (const scheme of ["light", "dark"] as const) {
  describe(`mode colours, ${scheme}`, () => {
    for (const sight of Object.keys(SIGHTS)) {
      it(`are told apart with ${sight} sight`, () => {
        for (const a of MODES)
          for (const b of MODES.slice(MODES.indexOf(a) + 1)) {
            const [x, y] = [seen(MODE_LOOKS[a][scheme], sight), seen(MODE_LOOKS[b][scheme], sight)];
            const distance = Math.hypot(x.l - y.l, x.a - y.a, x.b - y.b);
            assert.ok(distance >= SMALLEST_DISTANCE, `${a} and ${b}: ${distance.toFixed(1)}`);
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
