/** The lint on a figure that another program drew: what can be seen in its file. */
import {readFile} from "node:fs/promises";
import {extname} from "node:path";
import {BadInput} from "../../../src/core/bad-input.js";
import type {Variant} from "../../../src/core/paper/print-colours.js";
import {SIGHTS, SMALLEST_DISTANCE, distance, lightnessApart} from "../../../src/core/paper/sight.js";
import {LEAST_LIGHTNESS, LEAST_POINTS, type Finding} from "../lint.js";
import type {FileFacts} from "./file-facts.js";
import {readPdf} from "./read-pdf.js";
import {dotsPerInch, readPng} from "./read-png.js";
import {readSvg} from "./read-svg.js";

export interface FileCheck {
  file: string;
  /** As it will stand on paper; null where neither the file nor the user says. */
  mm: {width: number; height: number | null} | null;
  findings: Finding[];
}

export interface CheckOptions {
  /** Width on paper in millimetres; default: the file's own. */
  mm?: number;
  variant: Variant;
}

/**
 * Reads and lints an SVG, a PDF or a PNG.
 *
 * @throws BadInput where the file is not there, or is none of these
 */
export async function checkFile(file: string, options: CheckOptions): Promise<FileCheck> {
  const facts = await readFigure(file);
  const own = facts.mm;
  const mm = options.mm
    ? {width: options.mm, height: own && (own.height * options.mm) / own.width}
    : own && {width: own.width, height: own.height};
  return {file, mm, findings: lintFile(facts, options)};
}

const READERS: Record<string, (bytes: Buffer) => FileFacts | Promise<FileFacts>> = {
  ".svg": (bytes) => readSvg(bytes.toString("utf8")),
  ".pdf": readPdf,
  ".png": readPng
};

async function readFigure(file: string): Promise<FileFacts> {
  const problem = (expected: string, found: string, mend: string): BadInput =>
    new BadInput({where: file, expected, found, mend});
  const read = READERS[extname(file).toLowerCase()];
  if (!read)
    throw problem(
      "a figure that ends in .svg, .pdf or .png",
      `“${extname(file)}”`,
      "Save it as one of these."
    );
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw problem("a file", error.code === "ENOENT" ? "none" : error.message, "Check its path.");
  });
  try {
    return await read(bytes);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw problem(`a ${extname(file).slice(1).toUpperCase()} that can be read`, found, "Save it again.");
  }
}

/** Everything that is wrong with a figure, for paper `mm` wide. */
export function lintFile(facts: FileFacts, {mm, variant}: CheckOptions): Finding[] {
  const width = mm ?? facts.mm?.width ?? null;
  const scale = mm && facts.mm ? mm / facts.mm.width : 1;
  return [
    ...severalPages(facts),
    ...smallWords(facts, scale),
    ...lackingGlyphs(facts),
    ...looseFonts(facts),
    ...drawnFonts(facts),
    ...outlinedWords(facts),
    ...onlyDots(facts, width),
    ...clippedWords(facts),
    ...noLegend(facts),
    ...alike(facts, variant),
    ...takenFromElsewhere(facts)
  ];
}

const some = (texts: readonly string[], most = 3): string =>
  `${texts
    .slice(0, most)
    .map((text) => `“${text}”`)
    .join(", ")}${texts.length > most ? ` and ${texts.length - most} more` : ""}`;

function severalPages({pages}: FileFacts): Finding[] {
  if (pages === 1) return [];
  return [
    {
      rule: "several-pages",
      found: `${pages} pages, of which LaTeX takes the first`,
      mend: "Save each figure as a file of its own."
    }
  ];
}

function smallWords({words}: FileFacts, scale: number): Finding[] {
  const [least] = [...words].sort((a, b) => a.points - b.points);
  const points = least && least.points * scale;
  // a rounding error of the program that wrote it makes nothing too small
  if (points === undefined || points >= LEAST_POINTS - 0.01) return [];
  return [
    {
      rule: "small-text",
      found: `“${least!.text}” is ${points.toFixed(1)} pt`,
      mend: `No text may be below ${LEAST_POINTS} pt: draw it at the width it is printed at, with words of 6 pt or more.`
    }
  ];
}

function lackingGlyphs({lacking, words}: FileFacts): Finding[] {
  const replaced = words.filter(({text}) => text.includes("\ufffd")).map(({text}) => text);
  if (lacking.length + replaced.length === 0) return [];
  return [
    {
      rule: "missing-glyph",
      found:
        lacking.length > 0
          ? `its font has no ${lacking.join(" ")}`
          : `${some(replaced)} has a character that stands for a lost one`,
      mend: "Embed a whole font: subsets for the web lack −, α, Δ and arrows."
    }
  ];
}

function looseFonts({fonts}: FileFacts): Finding[] {
  const loose = [...new Set(fonts.filter(({embedded}) => !embedded).map(({name}) => name))];
  if (loose.length === 0) return [];
  return [
    {
      rule: "unembedded-font",
      found: `${loose.join(", ")} is not in the file`,
      mend: "Embed fonts when saving (matplotlib: `pdf.use14corefonts` off; R: `cairo_pdf`): elsewhere other letters stand there, or none."
    }
  ];
}

function drawnFonts({fonts}: FileFacts): Finding[] {
  const drawn = [...new Set(fonts.filter((font) => font.drawn).map(({name}) => name))];
  if (drawn.length === 0) return [];
  return [
    {
      rule: "type-3-font",
      found: `${drawn.join(", ")} is a Type 3 font, which many venues refuse`,
      mend: "Save with TrueType fonts (matplotlib: `pdf.fonttype` 42)."
    }
  ];
}

function outlinedWords({words, shapes, outlines}: FileFacts): Finding[] {
  if (words.length > 0 || shapes + outlines === 0) return [];
  return [
    {
      rule: "outlined-text",
      found:
        outlines > 0
          ? `its letters are ${outlines} shapes, and no text`
          : "shapes, and no text: it has no words, or they are shapes",
      mend: "Keep words as text (matplotlib: `svg.fonttype` none; Inkscape: don't convert text to paths)."
    }
  ];
}

/** Dots an inch that venues ask for. */
const LEAST_DOTS = 300;

function onlyDots({format, dots, pictures, shapes, words}: FileFacts, mm: number | null): Finding[] {
  if (dots !== null && mm !== null && dotsPerInch(dots, mm) < LEAST_DOTS - 1)
    return [
      {
        rule: "low-resolution",
        found: `${Math.round(dotsPerInch(dots, mm))} dots an inch at ${Math.round(mm * 10) / 10} mm`,
        mend: `Save it with ${LEAST_DOTS} or more, or as a PDF.`
      }
    ];
  if (format === "png" || pictures === 0 || words.length > 0 || shapes > MOST_FRAMES) return [];
  return [
    {
      rule: "raster-only",
      found: `a picture made of dots in a ${format.toUpperCase()}, and nothing else`,
      mend: "Save the drawing itself: a picture gets no sharper by a vector file around it."
    }
  ];
}

/** A white page and a frame around a picture make no drawing. */
const MOST_FRAMES = 2;

function clippedWords({words}: FileFacts): Finding[] {
  const clipped = words.filter((text) => text.clipped).map(({text}) => text);
  if (clipped.length === 0) return [];
  return [
    {
      rule: "clipped-text",
      found: `${some(clipped)} cut off at the edge`,
      mend: 'Give the drawing more room (matplotlib: `bbox_inches="tight"` or a constrained layout).'
    }
  ];
}

function noLegend({colours, words}: FileFacts): Finding[] {
  const named = words.some(({text}) => /\p{L}{2}/u.test(text));
  if (colours.length < 2 || colours.length > MOST_COLOURS || named || words.length === 0) return [];
  return [
    {
      rule: "unnamed-mode",
      found: `${colours.length} colours (${colours.join(", ")}), and no word that could name them`,
      mend: "Put the legend into the figure, or names beside the marks."
    }
  ];
}

/** With more colours than that, colour is a scale, and its steps may be near to each other. */
const MOST_COLOURS = 10;

function alike({colours}: FileFacts, variant: Variant): Finding[] {
  if (colours.length > MOST_COLOURS) return [];
  const pairs = colours.flatMap((a, i) => colours.slice(i + 1).map((b) => [a, b] as const));
  const apart = pairs.filter(([a, b]) => distance(a, b, "usual") >= SMALLEST_DISTANCE);
  const collapsing = apart.filter(([a, b]) =>
    variant === "grey"
      ? lightnessApart(a, b) < LEAST_LIGHTNESS
      : SIGHTS.some((sight) => distance(a, b, sight) < SMALLEST_DISTANCE)
  );
  const [first] = collapsing;
  if (!first) return [];
  const more = collapsing.length > 1 ? `, and ${collapsing.length - 1} more pairs of colours do` : "";
  const whom = variant === "grey" ? "in grey" : "to readers without red or green cones";
  return [
    {
      rule: "colours-collapse",
      found: `${first[0]} and ${first[1]} look alike ${whom}${more}`,
      mend: "Choose colours that differ in lightness, or tell them apart by shape and dash as well."
    }
  ];
}

function takenFromElsewhere({elsewhere}: FileFacts): Finding[] {
  if (elsewhere.length === 0) return [];
  return [
    {
      rule: "elsewhere",
      found: `it takes ${some(elsewhere)} from elsewhere`,
      mend: "Put it into the file: it is gone where the file is alone."
    }
  ];
}
