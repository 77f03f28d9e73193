import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {LONGEST, readState, writeState} from "../../src/components/sql-address.js";
import {fitChart, suggestChart} from "../../src/components/sql-chart.js";
import {csvOf} from "../../src/components/sql-download.js";
import {indentAt} from "../../src/components/sql-editor.js";
import {explainError, placeOf} from "../../src/components/sql-errors.js";
import {cellText, decimalsOf, kindOf, sortedRows} from "../../src/components/sql-values.js";
import type {QueryResult} from "../../src/components/sql-values.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {queryChart} from "../../src/figures/query-chart.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");

function resultOf(columns: Record<string, [type: string, values: unknown[]]>): QueryResult {
  const made = Object.entries(columns).map(([name, [type, values]]) => ({
    name,
    type,
    kind: kindOf(type),
    values
  }));
  const rows = made[0]?.values.length ?? 0;
  return {columns: made, rows, truncated: false, seconds: 0.1, arrow: async () => new Uint8Array()};
}

const RESULT = resultOf({
  system: ["VARCHAR", ["label-only", "filler.label-first.token-mean", "label-only", null]],
  accuracy: ["DOUBLE", [0.5, null, 0.75, 0.25]],
  texts: ["VARCHAR[]", [["a", "b"], [], null, ['say "x", y']]]
});

describe("errors of DuckDB", () => {
  const sql = "SELECT system\nFRM predictions";
  const told = explainError(
    'Parser Error: syntax error at or near "predictions"\n\nLINE 2: FRM predictions\n            ^'
  );

  it("are told in plain words, with the place in the query", () => {
    assert.match(told.plain, /isn’t SQL/);
    assert.deepEqual([told.line, told.column], [2, 5]);
    assert.equal(told.drawing, "FRM predictions\n    ^");
    assert.doesNotMatch(told.detail, /LINE/);
    assert.equal(sql.slice(placeOf(sql, told)!), "predictions");
  });

  it("are told without a place where DuckDB names none, and when they come as JSON", () => {
    const json = explainError(
      '{"exception_type":"Catalog","exception_message":"Table with name x does not exist!"}'
    );
    assert.match(json.plain, /isn’t there/);
    assert.equal(placeOf(sql, json), null);
    assert.match(
      explainError("Invalid Input Error: Cannot execute: database is attached in read-only mode!").detail,
      /read-only/
    );
    assert.equal(explainError("something new").plain, "The query failed.");
  });

  it("point to the line's start where DuckDB cut the line", () => {
    const cut = explainError(
      "Binder Error: no column\n\nLINE 2: ...very long line that is cut\n               ^"
    );
    assert.equal(placeOf(sql, cut), sql.indexOf("FRM"));
  });
});

describe("a result's values", () => {
  it("have kinds by DuckDB's type", () => {
    const kinds = [
      "BIGINT",
      "UTINYINT",
      "DECIMAL(18,3)",
      "VARCHAR",
      "BOOLEAN",
      "TIMESTAMP",
      "DOUBLE[]",
      "STRUCT(a INTEGER)"
    ].map(kindOf);
    assert.deepEqual(kinds, ["number", "number", "number", "text", "boolean", "time", "other", "other"]);
  });

  it("are text in cells, with null apart from empty text", () => {
    assert.equal(cellText(null, "text"), null);
    assert.equal(cellText("", "text"), "");
    assert.equal(cellText(0, "number"), "0");
    assert.equal(cellText(Float64Array.of(1, 2), "other"), "[1,2]");
    assert.equal(cellText({toJSON: () => ({role: "user", n: 2n})}, "other"), '{"role":"user","n":2}');
    assert.equal(cellText(Date.UTC(2024, 0, 2), "time"), "2024-01-02");
  });

  it("are sorted either way with nulls last, and stay as they came where equal", () => {
    assert.deepEqual(sortedRows(RESULT, {column: 1, descending: false}), [3, 0, 2, 1]);
    assert.deepEqual(sortedRows(RESULT, {column: 1, descending: true}), [2, 0, 3, 1]);
    assert.deepEqual(sortedRows(RESULT, {column: 0, descending: false}), [1, 0, 2, 3]);
    assert.deepEqual(sortedRows(RESULT, null), [0, 1, 2, 3]);
  });

  it("have the decimals of their column, by its largest number", () => {
    assert.equal(decimalsOf({values: [0.5123456, null, 0.25]}), 4);
    assert.equal(decimalsOf({values: [-123.456, 1]}), 1);
    assert.equal(decimalsOf({values: [1, null, 2n]}), 0);
    assert.equal(decimalsOf({values: [1e-7, -2e-6]}), null);
  });

  it("become CSV that quotes what must be", () => {
    assert.equal(
      csvOf(RESULT),
      'system,accuracy,texts\nlabel-only,0.5,"[""a"",""b""]"\nfiller.label-first.token-mean,,[]\nlabel-only,0.75,\n,0.25,"[""say \\""x\\"", y""]"\n'
    );
  });
});

it("texts of a result that begin as a formula do are inert in CSV; numbers stay numbers", () => {
  const column = (name: string, kind: "text" | "number", ...values: unknown[]) => ({
    name,
    type: "",
    kind,
    values
  });
  const result = {...RESULT, rows: 1, columns: [column("=a", "text", "=1+1"), column("n", "number", -0.5)]};
  assert.equal(csvOf(result), "'=a,n\n'=1+1,-0.5\n");
});

describe("a result as a chart", () => {
  it("is suggested by its columns, and what the address names is kept where it can be", () => {
    assert.deepEqual(suggestChart(RESULT), {mark: "dot", x: "system", y: "accuracy", color: ""});
    assert.equal(fitChart(RESULT, {mark: "line", x: "nowhere"}).x, "system");
    assert.equal(fitChart(RESULT, {mark: "line"}).mark, "line");
  });

  it("leaves rows without a value out, and says so", () => {
    const svg = queryChart(
      RESULT.columns,
      {mark: "bar", x: "system", y: "accuracy", color: "-"},
      {width: WIDTHS.wide, document}
    );
    assert.match(svg.textContent ?? "", /2 rows without a value are left out/);
    assert.match(
      svg.querySelector("desc")!.textContent ?? "",
      /runs from 0\.500 \(system Label only\) to 0\.750/
    );
    assert.equal(svg.querySelectorAll("g.value rect").length, 2);
  });

  it("gives arms their mode's title, colour and marker, in rows with room for their names", () => {
    const arms = ["label-only", "filler.label-first.token-mean", "shuffled.label-first.token-mean"];
    const columns = resultOf({system: ["VARCHAR", arms], accuracy: ["DOUBLE", [0.5, 0.4, 0.6]]}).columns;
    for (const width of [WIDTHS.wide, WIDTHS.narrow]) {
      const spec = {mark: "dot", x: "system", y: "accuracy", color: "-"} as const;
      const svg = queryChart(columns, spec, {width, document});
      const names = [...svg.querySelectorAll("g.name text")];
      assert.deepEqual(
        names.map(({textContent}) => textContent),
        ["Label only", "Filler", "Shuffled"]
      );
      assert.match(names[2]!.getAttribute("fill")!, /--mode-shuffled-text/);
      const markers = [...svg.querySelectorAll("g.value :is(circle, path)")];
      assert.equal(new Set(markers.map((marker) => marker.getAttribute("d"))).size, 3);
    }
  });

  it("says what to pick where y is no number", () => {
    const svg = queryChart(
      RESULT.columns,
      {mark: "dot", x: "accuracy", y: "system", color: ""},
      {width: WIDTHS.narrow, document}
    );
    assert.match(svg.textContent ?? "", /a column of numbers for y/);
  });
});

describe("the SQL page's address", () => {
  it("brings query and chart back, beside keys of others", () => {
    const state = {
      sql: "SELECT 'a&b' AS \"x\"\nLIMIT 3",
      show: "chart",
      chart: {mark: "dot", x: "a", y: "b", color: "-"}
    } as const;
    const search = writeState(state, "?corpus=film")!;
    assert.deepEqual(readState(search), state);
    assert.equal(new URLSearchParams(search).get("corpus"), "film");
  });

  it("refuses a query that no server would take in an address", () => {
    assert.equal(writeState({sql: "x".repeat(LONGEST), show: "table", chart: {}}, ""), null);
  });
});

describe("the editor", () => {
  it("begins a new line as the one before", () => {
    assert.equal(indentAt("SELECT a,\n  count(*)", 20), "  ");
    assert.equal(indentAt("SELECT a", 8), "");
    assert.equal(indentAt("    x", 2), "  ");
  });
});
