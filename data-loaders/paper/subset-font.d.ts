/** The package has no types of its own. */
declare module "subset-font" {
  /** A font with the glyphs of `text` alone. */
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: {targetFormat: "truetype" | "woff" | "woff2" | "sfnt"}
  ): Promise<Buffer>;
}
