/** What is wrong with a figure on paper, and how to mend it. */
import {MODES} from "../../src/core/arms.js";
import type {Mode} from "../../src/core/arms.js";
import {MODE_LOOKS, modeColor} from "../../src/core/palette.js";
import {POINTS_PER_MM} from "../../src/core/paper/paper-size.js";
import {PRINT_COLOURS} from "../../src/core/paper/print-colours.js";
import type {Variant} from "../../src/core/paper/print-colours.js";
import {SIGHTS, SMALLEST_DISTANCE, distance, lightnessApart} from "../../src/core/paper/sight.js";
import {withColours} from "../../src/figures/standalone.js";
import type {PaperFigure} from "./draw-figure.js";
import {FAMILY, lackingGlyphs} from "./fonts.js";
import {apply, stretchOf} from "./shapes.js";
import type {Shape, TextShape} from "./shapes.js";

/** What only files of other programs can have wrong. */
type FileRule =
  | "unembedded-font"
  | "type-3-font"
  | "outlined-text"
  | "raster-only"
  | "low-resolution"
  | "several-pages"
  | "elsewhere";

export interface Finding {
  rule:
    | "small-text"
    | "missing-glyph"
    | "clipped-text"
    | "unnamed-mode"
    | "colours-collapse"
    | "too-high"
    | FileRule;
  found: string;
  mend: string;
  /** Whether it is worth saying and fails nothing. */
  note?: boolean;
}

/** What the lint reads of a figure. */
export type Linted = Pick<PaperFigure, "shapes" | "scale" | "points">;

export function lintFigure(figure: Linted, {variant}: {variant: Variant}): Finding[] {
  return [
    ...smallText(figure),
    ...missingGlyphs(figure),
    ...clippedText(figure),
    ...unnamedModes(figure, variant),
    ...collapsing(figure, variant),
    ...tooHigh(figure)
  ];
}

const textsOf = ({shapes}: Linted) => shapes.filter((shape): shape is TextShape => shape.kind === "text");

/** The least that journals print, in points. */
export const LEAST_POINTS = 5;

function smallText(figure: Linted): Finding[] {
  const sizes = textsOf(figure).map((shape) => ({
    text: shape.text,
    points: shape.size * stretchOf(shape.matrix) * figure.scale
  }));
  const least = sizes.sort((a, b) => a.points - b.points)[0];
  if (!least || least.points >= LEAST_POINTS) return [];
  return [
    {
      rule: "small-text",
      found: `“${least.text}” is ${least.points.toFixed(1)} pt`,
      mend: `No text may be below ${LEAST_POINTS} pt: give the words of this drawing a larger font-size.`
    }
  ];
}

function missingGlyphs(figure: Linted): Finding[] {
  const lacking = textsOf(figure).flatMap(({text, weight}) =>
    lackingGlyphs(text, weight).map((character) => ({character, text}))
  );
  const first = lacking[0];
  if (!first) return [];
  const characters = [...new Set(lacking.map(({character}) => character))];
  const codes = characters.map(
    (character) => `${character} (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`
  );
  return [
    {
      rule: "missing-glyph",
      found: `${FAMILY} has no ${codes.join(", ")}, as in “${first.text}”`,
      mend: "Use other signs in the titles of the study file: what a font lacks is a box, or nothing, on paper."
    }
  ];
}

/** Above and below the baseline, in ems: letters, not the room between lines. */
export const [ASCENT, DESCENT] = [0.73, 0.21];
/** Pixels by which letters may stand out: rounding, and the side bearing of a letter. */
const SLACK = 1;

/** The corners of a text, in pixels of the figure. */
export function cornersOf({x, y, width, size, matrix}: TextShape): [number, number][] {
  const [top, bottom] = [y - ASCENT * size, y + DESCENT * size];
  return [
    apply(matrix, x, top),
    apply(matrix, x + width, top),
    apply(matrix, x, bottom),
    apply(matrix, x + width, bottom)
  ];
}

function clippedText(figure: Linted): Finding[] {
  const [width, height] = [figure.points.width / figure.scale, figure.points.height / figure.scale];
  const outside = textsOf(figure).filter((text) =>
    cornersOf(text).some(([x, y]) => x < -SLACK || y < -SLACK || x > width + SLACK || y > height + SLACK)
  );
  if (outside.length === 0) return [];
  return [
    {
      rule: "clipped-text",
      found: `${outside
        .slice(0, 3)
        .map(({text}) => `“${text}”`)
        .join(", ")}${outside.length > 3 ? ` and ${outside.length - 3} more` : ""} cut off at the edge`,
      mend: "Give the figure more room with --width, or shorten the titles in the study file."
    }
  ];
}

/** Modes whose colour a figure uses for something else than words. */
function modesDrawn({shapes}: Linted, variant: Variant): Mode[] {
  const colours = PRINT_COLOURS[variant];
  const painted = new Set(
    shapes.flatMap((shape) => (shape.kind === "path" ? [shape.fill, shape.stroke] : []))
  );
  return MODES.filter((mode) => painted.has(withColours(modeColor(mode), colours)));
}

function unnamedModes(figure: Linted, variant: Variant): Finding[] {
  const modes = modesDrawn(figure, variant);
  if (modes.length < 2) return [];
  const letters = (text: string) => text.replace(/\s/g, ""); // a name may be broken into lines
  const said = letters(
    textsOf(figure)
      .map(({text}) => text)
      .join("")
  );
  const unnamed = modes.filter((mode) => !said.includes(letters(MODE_LOOKS[mode].title)));
  if (unnamed.length === 0) return [];
  return [
    {
      rule: "unnamed-mode",
      found: `${unnamed.map((mode) => MODE_LOOKS[mode].title).join(", ")} is drawn and nowhere named`,
      mend: "Give frame() the modes as `legend`, or write their names beside their marks."
    }
  ];
}

/** What two greys of lines must differ by, in units of Lab, where nothing else tells them apart. */
export const LEAST_LIGHTNESS = 10;

function collapsing(figure: Linted, variant: Variant): Finding[] {
  const colours = PRINT_COLOURS[variant];
  const modes = modesDrawn(figure, variant);
  const pairs = modes.flatMap((a, i) => modes.slice(i + 1).map((b): [Mode, Mode] => [a, b]));
  const alike = pairs.filter(([a, b]) => {
    const [x, y] = [a, b].map((mode) => withColours(modeColor(mode), colours)) as [string, string];
    return variant === "grey"
      ? lightnessApart(x, y) < LEAST_LIGHTNESS && linesAlike(figure.shapes, x, y)
      : SIGHTS.some((sight) => distance(x, y, sight) < SMALLEST_DISTANCE);
  });
  return alike.map(([a, b]) => ({
    rule: "colours-collapse",
    found: `${MODE_LOOKS[a].title} and ${MODE_LOOKS[b].title} look alike ${variant === "grey" ? "in grey, and their lines have the same dash" : "to some readers"}`,
    mend: "Choose other colours in src/core/palette.ts, or other greys and dashes in src/core/paper/print-colours.ts."
  }));
}

/** How many times as thick a line is that is told apart from another by that. */
const THICKER = 2;

/** Whether two colours have lines in one panel with the same dash, and about as thick. */
function linesAlike(shapes: readonly Shape[], a: string, b: string): boolean {
  const [x, y] = [a, b].map((colour) =>
    shapes.filter((shape) => shape.kind === "path" && shape.stroke === colour && isLine(shape))
  );
  return x!.some((one) =>
    y!.some((other) => {
      const [thin, thick] = [one.strokeWidth, other.strokeWidth].sort((m, n) => m - n) as [number, number];
      return one.panel === other.panel && one.dash.join() === other.dash.join() && thick < thin * THICKER;
    })
  );
}

const isLine = ({classes}: Shape) => ["line", "profile", "curve"].some((name) => classes.includes(name));

/** What a page holds beside a caption, in points: US letter with an inch of margins. */
const HIGHEST_POINTS = 648;

function tooHigh({points}: Linted): Finding[] {
  if (points.height <= HIGHEST_POINTS) return [];
  return [
    {
      rule: "too-high",
      note: true,
      found: `${Math.round(points.height / POINTS_PER_MM)} mm high, more than a page holds`,
      mend: "Draw it wider with --width, or leave it out with --only."
    }
  ];
}
