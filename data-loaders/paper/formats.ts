/** What `because figures` can be asked for. */
import type {Variant} from "../../src/core/paper/print-colours.js";

export const FORMATS = ["svg", "pdf", "png"] as const;
export type Format = (typeof FORMATS)[number];

export interface PaperOptions {
  /** Names of figures, in the order of the notebook. */
  names: readonly string[];
  formats: readonly Format[];
  /** Width on paper, in millimetres. */
  mm: number;
  /** Dots an inch, of PNG alone. */
  dpi: number;
  variant: Variant;
  /** Whether LaTeX is to set the figure over both columns. */
  wide: boolean;
}
