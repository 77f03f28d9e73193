/** What a PNG says of itself. */
import {MM_PER_INCH} from "../../../src/core/paper/paper-size.js";
import {NOTHING, type FileFacts} from "./file-facts.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Throws Error where the bytes are no PNG. */
export function readPng(bytes: Buffer): FileFacts {
  if (!bytes.subarray(0, 8).equals(SIGNATURE) || bytes.toString("latin1", 12, 16) !== "IHDR")
    throw new Error("it does not begin as a PNG does");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const perMetre = dotsPerMetre(bytes);
  const mm = perMetre ? {width: (width / perMetre) * 1000, height: (height / perMetre) * 1000} : null;
  return {...NOTHING, format: "png", mm, dots: width, pictures: 1};
}

/** From the chunk `pHYs`; null where it is not there. */
function dotsPerMetre(bytes: Buffer): number | null {
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString("latin1", at + 4, at + 8) === "pHYs")
      return bytes.readUInt8(at + 16) === 1 ? bytes.readUInt32BE(at + 8) || null : null;
  return null;
}

/** Dots an inch of a picture that stands `mm` wide. */
export function dotsPerInch(dots: number, mm: number): number {
  return (dots / mm) * MM_PER_INCH;
}
