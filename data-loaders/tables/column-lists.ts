/**
 * Rows as columns, as they go from thread to thread and into a cube's file. Threads write their columns as JSON themselves, so
 * that nobody has to go through all rows of a study alone.
 */
import type {Cell} from "../../src/core/columns.js";

/** A column: codes into texts; or, where it holds anything else, its cells as JSON, parted by commas. */
type ColumnList = {rows: number} & ({texts: string[]; codes: Uint32Array} | {json: string});

/** Column → its cells, all as many. */
export type ColumnLists = Record<string, ColumnList>;

/** Significant digits of numbers that are only drawn, and of those that others recompute. */
const DRAWN = 5;
const EXACT = 12;

/** Rows to columns. Numbers are rounded: to 12 significant digits in the columns named, else to 5; what isn't finite is null. */
export function toColumns<R extends object>(
  rows: readonly R[],
  exact: readonly (keyof R & string)[] = []
): ColumnLists {
  const builder = new ColumnBuilder<R>(exact);
  for (const row of rows) builder.add(row);
  return builder.lists;
}

/** Columns that grow row by row, so that millions of rows need not exist as objects at the same time. */
export class ColumnBuilder<R extends object> {
  private columns: {name: string; cells: GrowingColumn; digits: number}[] = [];

  constructor(private readonly exact: readonly string[] = []) {}

  /** All rows have the same columns as the first. */
  add(row: R): void {
    if (this.columns.length === 0) this.begin(row);
    for (const {name, cells, digits} of this.columns) {
      const cell = (row as Record<string, Cell | undefined>)[name];
      if (typeof cell === "number") cells.addNumber(roundNumber(cell, digits));
      else cells.add(cell ?? null);
    }
  }

  get lists(): ColumnLists {
    return Object.fromEntries(this.columns.map(({name, cells}) => [name, cells.list()]));
  }

  private begin(row: R): void {
    this.columns = Object.keys(row).map((name) => {
      const digits = this.exact.includes(name) ? EXACT : DRAWN;
      return {name, cells: new GrowingColumn(), digits};
    });
  }
}

/** Holds numbers or codes of texts until a cell comes that is neither. */
class GrowingColumn {
  private length = 0;
  private numbers = new Float64Array(64);
  private readonly codes = new Map<string, number>();
  private cells: Cell[] | null = null;

  /** NaN stands for null. */
  addNumber(value: number): void {
    if (this.cells || this.codes.size > 0) return this.addCell(Number.isNaN(value) ? null : value);
    this.push(value);
  }

  add(cell: Cell): void {
    if (cell === null) return this.addNumber(NaN);
    if (typeof cell !== "string" || this.cells || (this.length > 0 && this.codes.size === 0))
      return this.addCell(cell);
    let code = this.codes.get(cell);
    if (code === undefined) this.codes.set(cell, (code = this.codes.size));
    this.push(code);
  }

  list(): ColumnList {
    const cells = this.cells ?? this.cellsSoFar();
    if (!this.cells && this.codes.size > 0)
      return {
        rows: this.length,
        texts: [...this.codes.keys()],
        codes: Uint32Array.from(this.numbers.subarray(0, this.length))
      };
    return {rows: cells.length, json: JSON.stringify(cells).slice(1, -1)};
  }

  private cellsSoFar(): Cell[] {
    const texts = [...this.codes.keys()];
    return Array.from(this.numbers.subarray(0, this.length), (value) =>
      texts.length > 0 ? texts[value]! : Number.isNaN(value) ? null : value
    );
  }

  private push(value: number): void {
    if (this.length === this.numbers.length) {
      const longer = new Float64Array(2 * this.length);
      longer.set(this.numbers);
      this.numbers = longer;
    }
    this.numbers[this.length++] = value;
  }

  private addCell(cell: Cell): void {
    this.cells ??= this.cellsSoFar();
    this.cells.push(cell);
  }
}

const POWERS = Array.from({length: 23}, (_, k) => 10 ** k);

/**
 * The nearest number with so many significant digits; NaN for what isn't finite. Powers of ten up to 10²² are exact, so
 * that one division gives the double that the shortest text stands for; other magnitudes go through text.
 */
function roundNumber(value: number, digits: number): number {
  if (Number.isInteger(value)) return value;
  if (value - value !== 0) return NaN;
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  if (digits > DRAWN || decimals < 0 || decimals > 22) return Number(value.toPrecision(digits));
  return Math.round(value * POWERS[decimals]!) / POWERS[decimals]!;
}

/** A cube's file, `Columns` as JSON: the rows of several tables, one after the other; text as codes into a dictionary. */
export function encode(...parts: readonly ColumnLists[]): string {
  const filled = parts.filter((part) => Object.keys(part).length > 0);
  const names = Object.keys(filled[0] ?? {});
  const rows = filled.reduce((sum, part) => sum + part[names[0]!]!.rows, 0);
  const columns = names.map(
    (name) => `${JSON.stringify(name)}:${encodeColumn(filled.map((part) => part[name]!))}`
  );
  return `{"rows":${rows},"columns":{${columns.join(",")}}}`;
}

function encodeColumn(parts: ColumnList[]): string {
  if (parts.some((part) => "json" in part)) return `[${parts.map(cellsOf).join(",")}]`;
  const codes = new Map<string, number>();
  const coded = parts.map((part) => {
    const {texts, codes: own} = part as Extract<ColumnList, {codes: Uint32Array}>;
    const codeOf = texts.map((text) => codes.get(text) ?? codes.set(text, codes.size).size - 1);
    return own.map((code) => codeOf[code]!).join(",");
  });
  return `{"values":${JSON.stringify([...codes.keys()])},"codes":[${coded.join(",")}]}`;
}

/** As JSON, parted by commas. */
function cellsOf(list: ColumnList): string {
  if ("json" in list) return list.json;
  const texts = list.texts.map((text) => JSON.stringify(text));
  return Array.from(list.codes, (code) => texts[code]!).join(",");
}
