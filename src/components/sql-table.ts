/** A query's result as a table: one page of rows at a time, sorted by any column, types and nulls shown. */
import {formatCount, formatNumber} from "../core/format.js";
import {scrollRegion} from "./scroll-region.js";
import {cellText, decimalsOf, sortedRows} from "./sql-values.js";
import type {QueryResult, SortBy} from "./sql-values.js";

const PAGE = 50;
/** Text of a cell beyond this is cut; its title holds more. */
const LONG = 160;

/** The table and its pager. */
export function resultTable(result: QueryResult): HTMLElement {
  const place = document.createElement("div");
  if (result.columns.length === 0) {
    place.textContent = "The statement ran and gave no rows.";
    return place;
  }
  let by: SortBy | null = null;
  let page = 0;
  let order = sortedRows(result, by);
  const decimals = result.columns.map((column) => (column.kind === "number" ? decimalsOf(column) : 0));
  const table = document.createElement("table");
  table.className = "sql-rows";
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  const pager = document.createElement("p");
  pager.className = "sql-pager";
  const draw = () => {
    body.replaceChildren(
      ...order.slice(page * PAGE, (page + 1) * PAGE).map((i) => rowOf(result, i, decimals))
    );
    drawPager(pager, result.rows, page, (to) => {
      page = to;
      draw();
    });
  };
  result.columns.forEach(({name, type, kind}, column) => {
    const cell = document.createElement("th");
    cell.scope = "col";
    if (kind === "number") cell.className = "number";
    const button = document.createElement("button");
    button.type = "button";
    button.append(name, small(type));
    button.addEventListener("click", () => {
      by = nextSort(by, column);
      order = sortedRows(result, by);
      page = 0;
      [...head.cells].forEach((each, i) => {
        if (by?.column === i) each.setAttribute("aria-sort", by.descending ? "descending" : "ascending");
        else each.removeAttribute("aria-sort");
      });
      draw();
    });
    cell.append(button);
    head.append(cell);
  });
  draw();
  place.append(scrollRegion(table, "Result"), pager);
  return place;
}

/** Upward, downward, as the query gave them. */
function nextSort(by: SortBy | null, column: number): SortBy | null {
  if (by?.column !== column) return {column, descending: false};
  return by.descending ? null : {column, descending: true};
}

function small(text: string): HTMLElement {
  const made = document.createElement("small");
  made.textContent = text.length > 24 ? `${text.slice(0, 23)}…` : text;
  if (text.length > 24) made.title = text;
  return made;
}

function rowOf({columns}: QueryResult, i: number, decimals: (number | null)[]): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const [column, {values, kind}] of columns.entries()) {
    const cell = row.insertCell();
    const text = cellText(values[i], kind);
    if (kind === "number") cell.className = "number";
    if (text === null) {
      cell.classList.add("null");
      cell.textContent = "null";
    } else if (kind === "number") cell.textContent = shortNumber(text, decimals[column]!);
    else cell.textContent = text.length > LONG ? `${text.slice(0, LONG)}…` : text;
    if (text !== null && cell.textContent !== text) cell.title = text.slice(0, 2000);
  }
  return row;
}

/** With its column's decimals, or in powers of ten; the title holds the rest. Whole columns stay as DuckDB has them. */
function shortNumber(text: string, decimals: number | null): string {
  const value = Number(text);
  if (decimals === 0 || !Number.isFinite(value)) return text;
  return decimals === null ? value.toExponential(3) : formatNumber(value, decimals);
}

function drawPager(pager: HTMLElement, rows: number, page: number, go: (page: number) => void): void {
  const pages = Math.max(1, Math.ceil(rows / PAGE));
  const button = (name: string, to: number) => {
    const made = document.createElement("button");
    Object.assign(made, {type: "button", textContent: name, disabled: to < 0 || to >= pages});
    made.addEventListener("click", () => {
      go(to);
      const again = [...pager.querySelectorAll("button")].find(({textContent}) => textContent === name);
      (again?.disabled ? pager.querySelector<HTMLElement>("button:enabled") : again)?.focus();
    });
    return made;
  };
  if (pages === 1) return pager.replaceChildren();
  const said = document.createElement("span");
  said.textContent = `rows ${formatCount(page * PAGE + 1)} to ${formatCount(Math.min(rows, (page + 1) * PAGE))} of ${formatCount(rows)}`;
  pager.replaceChildren(
    button("First", 0 === page ? -1 : 0),
    button("Previous", page - 1),
    said,
    button("Next", page + 1)
  );
}
