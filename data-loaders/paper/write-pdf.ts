/** A figure as a PDF of one page: vector, live text, fonts embedded as subsets, and the same bytes for the same figure. */
import PDFDocument from "pdfkit";
import {FAMILY, WEIGHTS, fontBytes, openFont} from "./fonts.js";
import type {Weight} from "./fonts.js";
import type {Shape, TextShape} from "./shapes.js";

export interface PdfOptions {
  /** Of the page, in points. */
  width: number;
  height: number;
  /** Points for each pixel of the drawing. */
  scale: number;
  title: string;
  /** What the figure shows, for those who do not see it. */
  alt: string;
}

/** Said instead of when the file was made, which would make every file another. */
const NO_DATE = new Date(0);

export async function writePdf(shapes: readonly Shape[], options: PdfOptions): Promise<Buffer> {
  const {width, height, scale, title, alt} = options;
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    pdfVersion: "1.4",
    tagged: true,
    lang: "en",
    displayTitle: true,
    font: null as unknown as string,
    info: {Title: title, Subject: alt, Creator: "Because", Producer: "PDFKit", CreationDate: NO_DATE}
  });
  delete document.info.CreationDate;
  Object.assign(document, {endMetadata: () => undefined}); // says the same again, with a date, and without escaping
  for (const weight of WEIGHTS) document.registerFont(fontName(weight), fontBytes(weight));
  const drawing = document.struct("Figure", {alt, bbox: [0, 0, width, height]} as object, () => {
    document.save().scale(scale);
    for (const shape of shapes) draw(document, shape);
    document.restore();
  });
  document.addStructure(drawing);
  drawing.end();
  return finished(document);
}

const fontName = (weight: Weight) => `${FAMILY}-${weight}`;

type Document = InstanceType<typeof PDFDocument>;

function draw(document: Document, shape: Shape): void {
  document.save().transform(...shape.matrix);
  if (shape.kind === "path") drawPath(document, shape.d, shape);
  else drawText(document, shape);
  document.restore();
}

type Paint = Omit<Shape, "kind" | "matrix" | "classes">;

/** Fills and strokes a path; what is painted twice is drawn twice, so that each has its own opacity. */
function drawPath(document: Document, d: string, paint: Paint): void {
  if (d === "") return;
  if (paint.fill !== null)
    document
      .path(d)
      .fillOpacity(paint.fillOpacity)
      .fill(paint.fill, paint.evenOdd ? "even-odd" : "non-zero");
  if (paint.stroke !== null && paint.strokeWidth > 0) {
    document.path(d).lineWidth(paint.strokeWidth).lineCap(paint.cap).lineJoin(paint.join);
    if (paint.dash.length > 0) document.dash(paint.dash as never, {});
    document.strokeOpacity(paint.strokeOpacity).stroke(paint.stroke);
  }
}

/** Letters stay letters; a halo is their outline below them, so that no word is in the file twice. */
function drawText(document: Document, shape: TextShape): void {
  if (shape.stroke !== null && shape.halo)
    drawPath(document, outlinesOf(shape), {...shape, fill: null, join: "round"});
  document
    .font(fontName(shape.weight))
    .fontSize(shape.size)
    .fillOpacity(shape.fillOpacity)
    .fillColor(shape.fill ?? "#000000")
    .text(shape.text, shape.x, shape.y, {lineBreak: false, baseline: "alphabetic"});
}

/** The letters' outlines as one path, in the coordinates of the text. */
export function outlinesOf({text, x, y, size, weight}: TextShape): string {
  const font = openFont(weight);
  const scale = size / font.unitsPerEm;
  const {glyphs, positions} = font.layout(text);
  let at = x;
  return glyphs
    .map((glyph, i) => {
      const {xAdvance, xOffset, yOffset} = positions[i]!;
      const path = glyph.path.scale(scale, -scale).translate(at + xOffset * scale, y - yOffset * scale);
      at += xAdvance * scale;
      return path.toSVG();
    })
    .join("");
}

function finished(document: Document): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on("data", (chunk: Buffer) => chunks.push(chunk));
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
    document.end();
  });
}
