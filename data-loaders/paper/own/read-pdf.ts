/** What a PDF of one figure holds, by pdf.js. */
import {rgb} from "d3";
import type * as unpdf from "unpdf";
import {POINTS_PER_MM} from "../../../src/core/paper/paper-size.js";
import {NOTHING, chromatic, type FileFacts, type FontFacts} from "./file-facts.js";
import {WordPen} from "./pdf-words.js";

type Pdf = typeof unpdf;
type Document = Awaited<ReturnType<Pdf["getDocumentProxy"]>>;
type Page = Awaited<ReturnType<Document["getPage"]>>;

/** pdf.js, which says on loading that browsers are its home. */
async function loadPdf(): Promise<Pdf> {
  const {log} = console;
  console.log = () => undefined;
  try {
    const pdf = await import("unpdf");
    await pdf.getResolvedPDFJS();
    return pdf;
  } finally {
    console.log = log;
  }
}

/** Throws Error where the bytes are no PDF that can be read. */
export async function readPdf(bytes: Buffer): Promise<FileFacts> {
  const {getDocumentProxy} = await loadPdf();
  const document = await getDocumentProxy(new Uint8Array(bytes), {verbosity: 0, isEvalSupported: false});
  try {
    const page = await document.getPage(1);
    return {
      ...NOTHING,
      format: "pdf",
      pages: document.numPages,
      mm: sizeOf(page),
      ...(await drawnOn(page))
    };
  } finally {
    await document.destroy();
  }
}

function boxOf({view, userUnit}: Page): {left: number; bottom: number; right: number; top: number} {
  const [left = 0, bottom = 0, right = 0, top = 0] = view.map((edge) => edge * userUnit);
  return {left, bottom, right, top};
}

function sizeOf(page: Page): {width: number; height: number} {
  const {left, bottom, right, top} = boxOf(page);
  const [width, height] = [(right - left) / POINTS_PER_MM, (top - bottom) / POINTS_PER_MM];
  return page.rotate % 180 === 0 ? {width, height} : {width: height, height: width};
}

type Drawn = Pick<FileFacts, "words" | "fonts" | "colours" | "shapes" | "pictures">;

/** Operators of pdf.js that paint the path before them, and whether they fill and stroke it. */
const PAINTS: Record<string, {fills: boolean; strokes: boolean}> = {
  fill: {fills: true, strokes: false},
  eoFill: {fills: true, strokes: false},
  stroke: {fills: false, strokes: true},
  closeStroke: {fills: false, strokes: true},
  fillStroke: {fills: true, strokes: true},
  eoFillStroke: {fills: true, strokes: true},
  closeFillStroke: {fills: true, strokes: true},
  closeEOFillStroke: {fills: true, strokes: true}
};

/** Goes through the page's operators once. */
async function drawnOn(page: Page): Promise<Drawn> {
  const {getResolvedPDFJS} = await loadPdf();
  const {OPS} = await getResolvedPDFJS();
  const names = new Map(Object.entries(OPS).map(([name, operator]) => [operator, name]));
  const {fnArray, argsArray} = await page.getOperatorList();
  const pen = new WordPen(boxOf(page), page.userUnit);
  const fonts = new Map<string, FontFacts>();
  const colours: string[] = [];
  const kept: {fill: string; stroke: string}[] = [];
  let now = {fill: "#000000", stroke: "#000000"};
  let [shapes, pictures] = [0, 0];
  const paint = (by: string | undefined): void => {
    const {fills, strokes} = PAINTS[by ?? ""] ?? {};
    if (fills) colours.push(now.fill);
    if (strokes) colours.push(now.stroke);
    if (fills || strokes) shapes++;
  };
  fnArray.forEach((operator, i) => {
    const name = names.get(operator) ?? "";
    const args = (argsArray[i] ?? []) as unknown[];
    pen.follow(name, args);
    if (name === "save" || name === "paintFormXObjectBegin") kept.push({...now});
    else if (name === "restore" || name === "paintFormXObjectEnd") now = kept.pop() ?? now;
    else if (name === "setFillRGBColor") now.fill = hexOf(args);
    else if (name === "setStrokeRGBColor") now.stroke = hexOf(args);
    else if (name === "setFont") noteFont(page, String(args[0]), fonts);
    else if (name.startsWith("paintI")) pictures++;
    else paint(name === "constructPath" ? names.get(Number(args[0])) : name);
  });
  const found = {words: pen.words, fonts: [...fonts.values()], colours: chromatic(colours)};
  return {...found, shapes, pictures};
}

/** A colour as pdf.js gives it: `#rrggbb`, or three channels of 255. */
function hexOf(args: unknown[]): string {
  if (typeof args[0] === "string") return rgb(args[0]).formatHex();
  const [r, g, b] = (args.length === 1 ? (args[0] as number[]) : (args as number[])).slice(0, 3);
  return rgb(r!, g!, b!).formatHex();
}

function noteFont({commonObjs}: Page, id: string, fonts: Map<string, FontFacts>): void {
  if (fonts.has(id) || !commonObjs.has(id)) return;
  const {name, missingFile, isType3Font} = commonObjs.get(id) as {
    name?: string;
    missingFile?: boolean;
    isType3Font?: boolean;
  };
  const whole = (name ?? "a font without a name").replace(/^[A-Z]{6}\+/, "");
  fonts.set(id, {name: whole, embedded: missingFile !== true, drawn: isType3Font === true});
}
