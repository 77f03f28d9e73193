/** A figure as a PNG that knows its size on paper. */
import {crc32} from "node:zlib";
import {Resvg} from "@resvg/resvg-js";
import {MM_PER_INCH} from "../../src/core/paper/paper-size.js";
import {FAMILY, FONT_FILES} from "./fonts.js";

/** Draws the SVG text, `mm` wide on paper, at `dpi` dots an inch, on white. */
export function writePng(svg: string, {mm, dpi}: {mm: number; dpi: number}): Buffer {
  const resvg = new Resvg(svg, {
    background: "#ffffff",
    fitTo: {mode: "width", value: Math.round((mm / MM_PER_INCH) * dpi)},
    font: {fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY}
  });
  return withResolution(Buffer.from(resvg.render().asPng()), dpi);
}

/** Where a PNG's first chunk, which is its header, ends. */
const AFTER_HEADER = 33;

/** The PNG with a chunk that says how many dots a metre it has: without it LaTeX takes 72 an inch. */
function withResolution(png: Buffer, dpi: number): Buffer {
  const perMetre = Math.round((dpi / MM_PER_INCH) * 1000);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, AFTER_HEADER), chunk, png.subarray(AFTER_HEADER)]);
}
