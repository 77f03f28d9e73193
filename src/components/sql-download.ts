/** A query's result as a file: CSV, or Arrow with its types. */
import {csvFormatRows} from "d3";
import {inertText} from "../core/paper/csv.js";
import {cellText} from "./sql-values.js";
import type {QueryResult} from "./sql-values.js";

/** All rows held, in the query's order, as RFC 4180 asks; nulls are empty, and text is no formula to a spreadsheet. */
export function csvOf({columns, rows}: QueryResult): string {
  const lines = Array.from({length: rows}, (_, i) =>
    columns.map(({values, kind}) => {
      const text = cellText(values[i], kind) ?? "";
      return kind === "number" ? text : inertText(text);
    })
  );
  return `${csvFormatRows([columns.map(({name}) => inertText(name)), ...lines])}\n`;
}

/** Two buttons; why there is no third is said beside them. */
export function downloadButtons(result: QueryResult): HTMLElement {
  const place = document.createElement("p");
  place.className = "sql-downloads";
  const button = (name: string, file: string, type: string, make: () => Promise<BlobPart>) => {
    const made = document.createElement("button");
    Object.assign(made, {type: "button", textContent: name});
    made.addEventListener("click", async () => save(new Blob([await make()], {type}), file));
    return made;
  };
  const why = document.createElement("small");
  why.textContent =
    "Arrow keeps types; DuckDB, pandas, polars and R read it. Parquet would need an extension that DuckDB fetches from its own server, and this notebook fetches nothing.";
  place.append(
    button("Save CSV", "because-query.csv", "text/csv", async () => csvOf(result)),
    button("Save Arrow", "because-query.arrow", "application/vnd.apache.arrow.file", async () => {
      const bytes = await result.arrow();
      return new Uint8Array(bytes);
    }),
    why
  );
  return place;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
