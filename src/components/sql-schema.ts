/** The tables that queries read, beside the editor; a click writes a name into the query. */
import type {SchemaColumn} from "./sql-query.js";

/** What one row of each table is. Its columns are read from the database when that is opened. */
const TABLES: Record<string, string> = {
  predictions: "run × test row: label, probabilities, confidence, entropy over labels",
  layers: "run × test row × layer: one column an estimator of entropy",
  runs: "run: what was trained, how it went, what it cost",
  test_rows: "test example × axis, with its gold label",
  examples: "example with its dialogue",
  annotations: "example × axis: label and explanation"
};

/** A section a table; `insert` takes the name that was clicked. */
export function schemaView(columns: SchemaColumn[] | null, insert: (name: string) => void): HTMLElement {
  const place = document.createElement("div");
  place.className = "sql-schema";
  const found = columns ? [...new Set(columns.map(({table}) => table))] : Object.keys(TABLES);
  const known = Object.keys(TABLES);
  const tables = [
    ...known.filter((name) => found.includes(name)),
    ...found.filter((name) => !known.includes(name))
  ];
  for (const table of tables) place.append(section(table, columns, insert));
  return place;
}

function section(table: string, columns: SchemaColumn[] | null, insert: (name: string) => void): HTMLElement {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const code = document.createElement("code");
  code.textContent = table;
  const gloss = document.createElement("span");
  gloss.textContent = TABLES[table] ? ` ${TABLES[table]}` : "";
  summary.append(code, gloss);
  const list = document.createElement("ul");
  list.append(entry({table, name: table, type: "the table"}, insert));
  if (columns)
    list.append(...columns.filter((column) => column.table === table).map((column) => entry(column, insert)));
  else {
    const wait = document.createElement("li");
    wait.textContent = "Columns are listed once the database is open: run a query, or step into the editor.";
    list.append(wait);
  }
  details.append(summary, list);
  return details;
}

function entry({name, type}: SchemaColumn, insert: (name: string) => void): HTMLLIElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  Object.assign(button, {type: "button", textContent: name, title: `Write ${name} into the query`});
  button.addEventListener("click", () => insert(quoted(name)));
  const small = document.createElement("small");
  small.textContent = ` ${type.length > 28 ? `${type.slice(0, 27)}…` : type}`;
  item.append(button, small);
  return item;
}

/** In double quotes where the name alone would be read as something else. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Names of our columns that are words of SQL. */
const RESERVED = new Set(["row", "order", "group", "table"]);
