/** A query's result as a chart: a picker of mark and columns above the figure. */
import {drawingSize, WIDTHS} from "../figures/figure.js";
import {queryChart} from "../figures/query-chart.js";
import type {ChartMark, ChartSpec} from "../figures/query-chart.js";
import {addReadout} from "./readout.js";
import {addSaveButton} from "./save-figure.js";
import type {QueryResult} from "./sql-values.js";

const MARKS: Record<ChartMark, string> = {bar: "Bars", line: "Line", dot: "Dots"};

/** What suits the columns: the first that isn't a number against the first number; two numbers as dots. */
export function suggestChart({columns}: Pick<QueryResult, "columns">): ChartSpec {
  const numbers = columns.filter(({kind}) => kind === "number");
  const names = columns.filter(
    ({kind, values}) => kind === "text" || (kind === "boolean" && values.length > 0)
  );
  const few = names.filter(({values}) => new Set(values).size <= 12);
  const y =
    numbers.length > 1 && names.length === 0
      ? numbers[1]
      : (numbers.find(({name}) => /accuracy|entropy|energy|loss|share|mean|avg/i.test(name)) ?? numbers[0]);
  const rest = numbers.filter((column) => column !== y && !/^n$|count/.test(column.name));
  const ordered = rest.find(({name}) => /layer|step|characters|entropy|fifth|bin/i.test(name));
  const x = ordered ?? names[0] ?? rest[0] ?? columns[0];
  const color = few.find((column) => column !== x);
  const mark = ordered ? "line" : "dot";
  return {mark, x: x?.name ?? "", y: y?.name ?? "", color: color?.name ?? ""};
}

/** What of `wanted` the columns can do, the rest as suggested. */
export function fitChart(result: Pick<QueryResult, "columns">, wanted: Partial<ChartSpec>): ChartSpec {
  const suggested = suggestChart(result);
  const has = (name: string | undefined) => result.columns.some((column) => column.name === name);
  return {
    mark: wanted.mark && wanted.mark in MARKS ? wanted.mark : suggested.mark,
    x: has(wanted.x) ? wanted.x! : suggested.x,
    y: has(wanted.y) ? wanted.y! : suggested.y,
    color: has(wanted.color) || wanted.color === "-" ? wanted.color! : suggested.color
  };
}

/** The picker and the figure; `changed` hears of every choice. */
export function chartPicker(
  result: QueryResult,
  wanted: Partial<ChartSpec>,
  changed: (spec: ChartSpec) => void
): HTMLElement {
  const place = document.createElement("div");
  const spec = fitChart(result, wanted);
  const form = document.createElement("form");
  form.className = "example-filters";
  form.setAttribute("aria-label", "What the chart shows");
  const figure = document.createElement("div");
  figure.className = "sql-figure";
  const draw = () => {
    const box = document.createElement("div");
    box.className = "drawing";
    const width = WIDTHS[drawingSize((query) => matchMedia(query))];
    box.append(queryChart(result.columns, spec, {width}));
    figure.replaceChildren(box);
    addReadout(figure);
    addSaveButton(figure, "query");
  };
  const pick = (name: string, key: keyof ChartSpec, options: [string, string][]) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    for (const [value, text] of options) select.add(new Option(text, value, false, spec[key] === value));
    select.addEventListener("change", () => {
      Object.assign(spec, {[key]: select.value});
      changed(spec);
      draw();
    });
    label.append(name, select);
    return label;
  };
  const all = result.columns.map(({name}): [string, string] => [name, name]);
  const numbers = result.columns
    .filter(({kind}) => kind === "number")
    .map(({name}): [string, string] => [name, name]);
  form.append(
    pick("As", "mark", Object.entries(MARKS)),
    pick("x", "x", all),
    pick("y", "y", numbers),
    pick("Colour", "color", [["-", "none"], ...all])
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  place.append(form, figure);
  draw();
  return place;
}
