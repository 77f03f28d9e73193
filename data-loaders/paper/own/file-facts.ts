/** What the lint knows of a figure that another program drew, whichever format it is in. */

/** Words, as large as they are where the figure has its own size. */
export interface Words {
  text: string;
  points: number;
  /** Whether a part of them lies beyond the edge. */
  clipped: boolean;
}

export interface FontFacts {
  name: string;
  /** Whether its letters are in the file. */
  embedded: boolean;
  /** Whether its letters are drawings that printers and publishers cannot treat as a font (PDF's Type 3). */
  drawn: boolean;
}

export interface FileFacts {
  format: "svg" | "pdf" | "png";
  /** Size on paper in millimetres, as the file says; null where it doesn't. */
  mm: {width: number; height: number} | null;
  /** Of a picture made of dots: how many there are from left to right. */
  dots: number | null;
  pages: number;
  words: Words[];
  fonts: FontFacts[];
  /** Characters that the file's own fonts have no glyph for. */
  lacking: string[];
  /** Colours of shapes, `#rrggbb`, the most used first; no words and no greys. */
  colours: string[];
  /** How many shapes are drawn, words excepted. */
  shapes: number;
  /** How many shapes are letters that are no text any more. */
  outlines: number;
  /** How many pictures made of dots it holds. */
  pictures: number;
  /** Addresses of what the file takes from elsewhere. */
  elsewhere: string[];
}

export const NOTHING: Omit<FileFacts, "format"> = {
  mm: null,
  dots: null,
  pages: 1,
  words: [],
  fonts: [],
  lacking: [],
  colours: [],
  shapes: 0,
  outlines: 0,
  pictures: 0,
  elsewhere: []
};

/** Least difference of channels, of 255, from which a colour is no grey. */
const CHROMATIC = 24;

/** Chromatic colours of a list of `#rrggbb`, each once, the most frequent first. */
export function chromatic(colours: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const colour of colours) {
    const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    if (Math.max(...channels) - Math.min(...channels) >= CHROMATIC)
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
}
