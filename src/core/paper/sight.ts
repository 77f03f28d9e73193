/** How far apart colours are to the eye, with usual sight, without red or green cones, and in grey. */
import {lab, rgb} from "d3";

/** Severe colour-blindness in linear RGB, row by row; Machado, Oliveira and Fernandes 2009, table 1. */
const MATRICES = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881]
} as const;

export type Sight = keyof typeof MATRICES;
export const SIGHTS = Object.keys(MATRICES) as Sight[];

/** CIE76 distance in Lab below which two marks would be hard to tell apart by colour alone. */
export const SMALLEST_DISTANCE = 20;

const linear = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (c: number) => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

function channels(colour: string): number[] {
  const {r, g, b} = rgb(colour);
  return [r, g, b].map(linear);
}

function seen(colour: string, sight: Sight) {
  const [r, g, b] = channels(colour);
  const matrix = MATRICES[sight];
  const mixed = [0, 3, 6].map((i) => matrix[i]! * r! + matrix[i + 1]! * g! + matrix[i + 2]! * b!);
  const [x, y, z] = mixed.map((c) => encoded(Math.min(1, Math.max(0, c))));
  return lab(rgb(x!, y!, z!));
}

/** CIE76 distance of two colours, as somebody sees them. */
export function distance(a: string, b: string, sight: Sight): number {
  const [x, y] = [seen(a, sight), seen(b, sight)];
  return Math.hypot(x.l - y.l, x.a - y.a, x.b - y.b);
}

/** Relative luminance: all that a print in grey leaves of a colour. */
function luminance(colour: string): number {
  const [r, g, b] = channels(colour);
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** How much lighter one is than the other in a print in grey, in units of Lab. */
export function lightnessApart(a: string, b: string): number {
  const lightness = (colour: string) => {
    const grey = encoded(luminance(colour));
    return lab(rgb(grey, grey, grey)).l;
  };
  return Math.abs(lightness(a) - lightness(b));
}

/** Contrast of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}
