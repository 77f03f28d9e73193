/** What `because paper-tables` can be asked for. */
import type {MeasureId} from "../../src/core/cubes.js";

export const TABLE_FORMATS = ["tex", "md", "html", "csv"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export interface TableOptions {
  /** Names of tables, in the order of the registry. */
  names: readonly string[];
  formats: readonly TableFormat[];
  /** Width on paper, in millimetres. */
  mm: number;
  /** Whether LaTeX is to set the table over both columns. */
  wide: boolean;
  /** Null: the notebook's first, accuracy. */
  measure: MeasureId | null;
}
