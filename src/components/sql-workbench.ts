/** The SQL page: editor, schema and examples of queries, result. DuckDB is loaded when it is first needed. */
import {formatCount, formatDuration} from "../core/format.js";
import {readState, writeState} from "./sql-address.js";
import {chartPicker} from "./sql-chart.js";
import {downloadButtons} from "./sql-download.js";
import {sqlEditor} from "./sql-editor.js";
import {explainError, placeOf} from "./sql-errors.js";
import {schemaView} from "./sql-schema.js";
import {STARTERS} from "./sql-starters.js";
import {resultTable} from "./sql-table.js";
import type {QueryResult} from "./sql-values.js";

/** Builds the page in `place`; `href` is the study's database. */
export function openWorkbench(place: HTMLElement, href: string): void {
  const state = readState(location.search);
  const linked = state.sql !== "";
  const status = made("p", "sql-status");
  status.setAttribute("role", "status");
  const output = made("div", "sql-output");
  const schema = made("div", "sql-side");
  const runButton = button("Run");
  runButton.className = "sql-run";
  const cancelButton = button("Cancel");
  cancelButton.hidden = true;
  let running: AbortController | undefined;
  let another = false;
  let result: QueryResult | undefined;

  const keep = () => {
    const search = writeState(state, location.search);
    if (search !== null) history.replaceState(history.state, "", `${location.pathname}${search}`);
    return search !== null;
  };
  const cancel = () => running?.abort();
  const run = async () => {
    if (running) {
      // The reader went on writing while the last query ran, or while DuckDB was loaded for it.
      another = editor.area.value !== state.sql;
      if (another) running.abort();
      return;
    }
    state.sql = editor.area.value;
    if (state.sql.trim() === "")
      return void (status.textContent = "There is no query yet. Write one, or start from an example.");
    const long = keep() ? "" : " The query is too long for the address, so that a link won’t bring it back.";
    const controller = (running = new AbortController());
    runButton.hidden = true;
    cancelButton.hidden = false;
    status.textContent = "Running …";
    place.setAttribute("aria-busy", "true");
    try {
      const {runQuery} = await import("./sql-query.js");
      void fillSchema();
      result = await runQuery(href, state.sql, controller.signal);
      status.textContent = resultText(result) + long;
      showResult();
    } catch (error) {
      output.replaceChildren();
      if (controller.signal.aborted) status.textContent = "Cancelled.";
      else showError(error);
    } finally {
      running = undefined;
      runButton.hidden = false;
      cancelButton.hidden = true;
      place.removeAttribute("aria-busy");
    }
    if (another) {
      another = false;
      void run();
    }
  };
  const showError = (error: unknown) => {
    const told = explainError(error instanceof Error ? error.message : String(error));
    const where =
      told.line === undefined
        ? ""
        : ` Line ${told.line}${told.drawing?.startsWith("...") ? "" : `, character ${told.column}`}.`;
    status.textContent = `${told.plain}${where}`;
    const detail = made("pre", "sql-error");
    detail.textContent = [told.detail, told.drawing].filter(Boolean).join("\n\n");
    detail.tabIndex = 0; // so that keys can scroll it
    output.replaceChildren(detail);
    const at = placeOf(editor.area.value, told);
    if (at === null) return;
    editor.area.focus();
    editor.area.setSelectionRange(at, at);
  };
  const showResult = () => {
    if (!result) return;
    const views = made("p", "sql-views");
    views.setAttribute("role", "group");
    views.setAttribute("aria-label", "Show the result as");
    for (const show of ["table", "chart"] as const) {
      const choice = button(show === "table" ? "Table" : "Chart");
      choice.setAttribute("aria-pressed", String(state.show === show));
      choice.addEventListener("click", () => {
        state.show = show;
        keep();
        showResult();
        output.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
      });
      views.append(choice);
    }
    const view =
      state.show === "table"
        ? resultTable(result)
        : chartPicker(result, state.chart, (spec) => {
            state.chart = {...spec};
            keep();
          });
    output.replaceChildren(views, view, downloadButtons(result));
  };
  let filled: Promise<void> | undefined;
  const fillSchema = () =>
    (filled ??= import("./sql-query.js")
      .then(({readSchema}) => readSchema(href))
      .then((columns) => {
        schema.lastElementChild?.replaceWith(schemaView(columns, editor.insert));
      })
      .catch((error: unknown) => {
        filled = undefined;
        status.textContent ||= explainError(error instanceof Error ? error.message : String(error)).plain;
      }));
  const editor = sqlEditor(state.sql || STARTERS[0]!.sql, {run: () => void run(), cancel});
  editor.area.addEventListener("focus", () => void fillSchema(), {once: true});
  runButton.addEventListener("click", () => void run());
  cancelButton.addEventListener("click", cancel);
  schema.append(heading("Tables"), schemaView(null, editor.insert));
  const main = made("div", "sql-main");
  const buttons = made("p", "sql-buttons");
  buttons.append(
    starterChoice((sql) => {
      editor.area.value = sql;
      editor.area.dispatchEvent(new Event("input"));
      void run();
    }),
    runButton,
    cancelButton
  );
  main.append(editor.element, buttons, status);
  const bench = made("div", "sql-bench");
  const empty = made("p", "sql-empty");
  empty.textContent = "Run the query to see rows here.";
  output.append(empty);
  bench.append(main, output, schema);
  place.replaceChildren(bench);
  if (linked) void run();
}

function resultText({rows, columns, truncated, seconds}: QueryResult): string {
  const count = truncated
    ? `The first ${formatCount(rows)} rows`
    : `${formatCount(rows)} ${rows === 1 ? "row" : "rows"}`;
  return `${count}, ${formatCount(columns.length)} ${columns.length === 1 ? "column" : "columns"}, ${formatDuration(seconds)}.${truncated ? " There are more: aggregate, or choose rows with WHERE." : ""}`;
}

/** Examples of queries; choosing one writes and runs it. */
function starterChoice(choose: (sql: string) => void): HTMLElement {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.add(new Option("choose …", ""));
  for (const {title} of STARTERS) select.add(new Option(title, title));
  select.addEventListener("change", () => {
    const starter = STARTERS.find(({title}) => title === select.value);
    if (starter) choose(starter.sql);
    select.value = "";
  });
  label.append("Start from ", select);
  return label;
}

function made<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

function button(name: string): HTMLButtonElement {
  const element = document.createElement("button");
  Object.assign(element, {type: "button", textContent: name});
  return element;
}

function heading(text: string): HTMLElement {
  const element = document.createElement("h2");
  element.textContent = text;
  return element;
}
