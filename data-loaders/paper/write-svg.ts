/** A figure as an SVG file that stands alone: millimetres, colours written in, and the letters that it uses. */
import subsetFont from "subset-font";
import type {Colours} from "../../src/figures/standalone.js";
import {standalone} from "../../src/figures/standalone.js";
import {FAMILY, FAMILY_LIST, fontBytes} from "./fonts.js";
import type {Weight} from "./fonts.js";
import type {Shape} from "./shapes.js";

export interface SvgOptions {
  /** On paper, in millimetres. */
  width: number;
  height: number;
  colours: Colours;
}

/** The figure as text, with its size on paper and the family of its words by name. */
export function svgText(svg: SVGSVGElement, {width, height, colours}: SvgOptions): string {
  const text = standalone(svg, {...colours, "figure-font": FAMILY_LIST.replaceAll('"', "'")});
  return text
    .replace(/ width="[^"]*"/, ` width="${width}mm"`)
    .replace(/ height="[^"]*"/, ` height="${height}mm"`);
}

/** Adds the letters that the figure uses, as fonts within the file. */
export async function withFonts(text: string, shapes: readonly Shape[]): Promise<string> {
  const rules: string[] = [];
  for (const [weight, letters] of lettersOf(shapes)) {
    const font = await subsetFont(fontBytes(weight), letters, {targetFormat: "truetype"});
    rules.push(
      `@font-face{font-family:${FAMILY};font-weight:${weight};src:url(data:font/ttf;base64,${font.toString("base64")})}`
    );
  }
  return text.replace(/>/, `><style>${rules.join("")}</style>`);
}

/** Letters by weight, in order, so that the same figure is the same file. */
export function lettersOf(shapes: readonly Shape[]): Map<Weight, string> {
  const sets = new Map<Weight, Set<string>>();
  for (const shape of shapes) {
    if (shape.kind !== "text") continue;
    const letters = sets.get(shape.weight) ?? new Set();
    for (const letter of shape.text) letters.add(letter);
    sets.set(shape.weight, letters);
  }
  return new Map(
    [...sets]
      .sort(([a], [b]) => a - b)
      .map(([weight, letters]): [Weight, string] => [weight, [...letters].sort().join("")])
  );
}
