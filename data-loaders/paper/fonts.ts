/**
 * The font of figures on paper: Arimo, as wide as Helvetica and Arial, so that what fits on the page fits on paper. It
 * is whole: subsets for the web lack −, α, Δ, → and more, and what a font lacks a PDF silently leaves out.
 */
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {create} from "fontkit";
import type {Font} from "fontkit";

export const FAMILY = "Arimo";
/** What stands in a file whose font isn't embedded: the same widths everywhere. */
export const FAMILY_LIST = `${FAMILY}, Helvetica, "Liberation Sans", Arial, sans-serif`;

export const WEIGHTS = [400, 600, 700] as const;
export type Weight = (typeof WEIGHTS)[number];

const FILES: Record<Weight, string> = {
  400: "400Regular/Arimo_400Regular.ttf",
  600: "600SemiBold/Arimo_600SemiBold.ttf",
  700: "700Bold/Arimo_700Bold.ttf"
};

const require = createRequire(import.meta.url);

export function fontFile(weight: Weight): string {
  return require.resolve(`@expo-google-fonts/arimo/${FILES[weight]}`);
}

export const FONT_FILES = WEIGHTS.map(fontFile);

const bytes = new Map<Weight, Buffer>();
const opened = new Map<Weight, Font>();

export function fontBytes(weight: Weight): Buffer {
  const known = bytes.get(weight) ?? readFileSync(fontFile(weight));
  bytes.set(weight, known);
  return known;
}

export function openFont(weight: Weight): Font {
  const known = opened.get(weight) ?? (create(fontBytes(weight)) as Font);
  opened.set(weight, known);
  return known;
}

/** The weight that draws what asks for `weight`. */
export function nearestWeight(weight: number): Weight {
  return weight < 500 ? 400 : weight < 650 ? 600 : 700;
}

/** Width of a text in the units of its size. */
export function textWidth(text: string, size: number, weight: Weight): number {
  const font = openFont(weight);
  return (font.layout(text).advanceWidth / font.unitsPerEm) * size;
}

/** Characters that the font has no glyph for. */
export function lackingGlyphs(text: string, weight: Weight): string[] {
  const font = openFont(weight);
  return [...new Set(text)].filter((character) => !font.hasGlyphForCodePoint(character.codePointAt(0)!));
}
