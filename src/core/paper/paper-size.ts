/** How wide a figure stands on paper, and how large its words become there. */

/** Text and column widths of venues, in millimetres, as their style files and guides for authors give them. */
export const VENUES = {
  /** `\textwidth` of 5.5 in; one column. */
  neurips: 139.7,
  /** `\columnwidth` of 3.25 in. */
  icml: 82.55,
  /** `\columnwidth` of 7.7 cm. */
  acl: 77,
  "nature-single": 89,
  "nature-double": 183
} as const;

export type Venue = keyof typeof VENUES;

export const MM_PER_INCH = 25.4;
export const POINTS_PER_MM = 72 / MM_PER_INCH;

/** Of most of a figure's words, in the pixels that it is drawn in. */
const BODY_PX = 12.5;

/** What most words of a figure become on paper, in points: what journals ask for is 5 to 8. */
export const BODY_POINTS = 7;

export interface PaperSize {
  /** Width of the drawing, in pixels. */
  px: number;
  /** Width on paper. */
  mm: number;
  /** Points on paper for each pixel of the drawing. */
  scale: number;
}

/** The drawing that fills a width on paper with words of {@link BODY_POINTS}: wider paper holds more, not larger words. */
export function paperSize(mm: number): PaperSize {
  const points = mm * POINTS_PER_MM;
  const px = Math.round((points * BODY_PX) / BODY_POINTS);
  return {px, mm, scale: points / px};
}
