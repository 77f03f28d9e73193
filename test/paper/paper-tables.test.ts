import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {parse} from "csv-parse/sync";
import {exportFigures} from "../../data-loaders/paper/export-figures.js";
import {writeTables, type WrittenTable} from "../../data-loaders/paper/make-paper-tables.js";
import {TABLE_FORMATS} from "../../data-loaders/paper/table-formats.js";
import type {EffectRow} from "../../src/core/cubes.js";
import {bestByTest} from "../../src/core/paper/tables/best-by-test.js";
import {fitColumns} from "../../src/core/paper/tables/fit-columns.js";
import {digitsFor, type PaperTable} from "../../src/core/paper/tables/paper-table.js";
import {TABLES} from "../../src/core/paper/tables/registry.js";
import {resultsTable} from "../../src/core/paper/tables/results-table.js";
import {htmlTable} from "../../src/core/paper/tables/write-html.js";
import {latexTable} from "../../src/core/paper/tables/write-latex.js";
import {markdownTable} from "../../src/core/paper/tables/write-markdown.js";
import {defaultSelection} from "../../src/core/selection.js";
import {cubes} from "../figures/drawn-figure.js";
import {has, said} from "./tools.js";

const MM = 139.7;
const OPTIONS = {names: Object.keys(TABLES), formats: TABLE_FORMATS, mm: MM, wide: false, measure: null};
const folder = mkdtempSync(join(tmpdir(), "because-tables-"));
const text = (name: string): string => readFileSync(join(folder, name), "utf8");
const selection = defaultSelection(cubes.study);
let written: WrittenTable[] = [];

before(async () => {
  const {tables, empty} = await writeTables(cubes, OPTIONS, folder);
  written = tables;
  assert.deepEqual(empty, [], "the sample study has something for every table");
});
after(() => rmSync(folder, {recursive: true, force: true}));

/** A row of effects by hand: label-only is 0. */
const effect = (arm: string, value: number, se: number, more: Partial<EffectRow> = {}): EffectRow => ({
  ...{
    arm,
    seed: "all",
    corpus: "a",
    axis: "x",
    measure: "accuracy",
    effect: value,
    gained: 0,
    lost: 0,
    n: 100
  },
  ...{dialogues: 50, low: value - 2 * se, high: value + 2 * se, se, df: 49},
  ...{low_trainings: null, high_trainings: null, se_trainings: null, df_trainings: null},
  ...more
});
const [EXPLANATION, SHUFFLED, FILLER] = ["explanation", "shuffled", "filler"].map(
  (mode) => `${mode}.label-first.token-mean`
) as [string, string, string];
const best = (rows: EffectRow[], measure: EffectRow["measure"] = "accuracy"): string[] =>
  [...bestByTest(rows, {measure, kind: "dialogues"})].map((id) => id.split(".")[0]!).sort();

describe("the best of a row", () => {
  it("is bold with all that cannot be told from it, and only where something can", () => {
    assert.deepEqual(best([effect(EXPLANATION, 0.2, 0.02), effect(SHUFFLED, 0.19, 0.02)]), [
      "explanation",
      "shuffled"
    ]);
    assert.deepEqual(best([effect(EXPLANATION, 0.2, 0.02), effect(FILLER, 0.05, 0.02)]), ["explanation"]);
    assert.deepEqual(
      best([effect(EXPLANATION, 0.01, 0.02), effect(SHUFFLED, 0.02, 0.02)]),
      [],
      "nothing is told apart"
    );
    assert.deepEqual(best([effect(EXPLANATION, -0.2, 0.02)]), ["label-only"]);
  });

  it("by paired differences to the explanation where there are any", () => {
    const loose = effect(SHUFFLED, 0.1, 0.05);
    assert.deepEqual(best([effect(EXPLANATION, 0.2, 0.05), loose]), ["explanation", "shuffled"]);
    const paired = {versus_explanation: -0.1, versus_explanation_low: -0.12, versus_explanation_high: -0.08};
    assert.deepEqual(best([effect(EXPLANATION, 0.2, 0.05), {...loose, ...paired}]), ["explanation"]);
  });

  it("is the lowest where less is better, and none where neither is", () => {
    assert.deepEqual(best([effect(EXPLANATION, -0.2, 0.02, {measure: "nll"})], "nll"), ["explanation"]);
    assert.deepEqual(best([effect(EXPLANATION, 0.2, 0.02, {measure: "sharpness"})], "sharpness"), []);
  });

  it("is corrected for how many are compared", () => {
    const near = effect(SHUFFLED, 0.095, 0.02); // p of .03 against .16, above .05 / 2 with another
    const top = effect(EXPLANATION, 0.157, 0.02);
    assert.deepEqual(best([top, near]), ["explanation"]);
    assert.deepEqual(best([top, near, effect(FILLER, 0.096, 0.02)]), ["explanation", "filler", "shuffled"]);
  });
});

describe("paper tables", () => {
  it("hold the numbers of the cubes, at the digits that their intervals bear", () => {
    const table = resultsTable(cubes, selection)!;
    const rows = parse<Record<string, string>>(text("table-results.csv"), {columns: true});
    const effects = cubes.effects.filter(
      ({seed, measure, arm}) =>
        seed === "all" && measure === "accuracy" && rows.some((row) => row.arm === arm)
    );
    let compared = 0;
    for (const row of rows.filter(({quantity}) => quantity === "difference")) {
      const [known] = effects.filter(
        ({arm, corpus, axis}) => arm === row.arm && corpus === row.corpus && axis === row.axis
      );
      assert.ok(Math.abs(Number(row.value) - known!.effect!) < 1e-9);
      assert.ok(
        row.low === ""
          ? known!.low_trainings === null
          : Math.abs(Number(row.low) - known!.low_trainings!) < 1e-9
      );
      compared++;
    }
    assert.ok(compared >= cubes.study.settings.length, `${compared} differences`);
    const settings = table.rows.filter(({heading, summary}) => !heading && !summary);
    assert.equal(settings.length, cubes.study.settings.length);
    const [first] = settings;
    const {corpus, axis} = cubes.study.settings[0]!;
    const [of] = effects.filter(
      (row) => row.corpus === corpus && row.axis === axis && row.arm === EXPLANATION
    );
    assert.match(first!.cells[2]!.text, new RegExp(`^[+−]?${Math.abs(of!.effect! * 100).toFixed(0)}`));
    assert.deepEqual(
      [0.3, 3.2, 12, 47, 0.004, 1e-9].map((half) => digitsFor([half])),
      [2, 1, 0, 0, 3, 3]
    );
    assert.equal(digitsFor([], 2), 2);
  });

  it("say n, seeds, intervals, and what bold and marks mean", () => {
    const {caption} = resultsTable(cubes, selection)!;
    for (const part of [
      /test rows in .* dialogues/,
      /seeds/,
      /95 % intervals/,
      /Holm over all settings/,
      /Bold: not surely worse/
    ])
      assert.match(caption, part);
    const sharp = resultsTable(cubes, {...selection, measure: "sharpness"})!;
    assert.doesNotMatch(sharp.caption, /Bold|is better/);
    assert.ok(sharp.rows.every(({cells}) => cells.every(({bold}) => !bold)));
  });

  it("are split where the paper is narrow, each panel with its rows' names, and nothing is lost", () => {
    for (const {name} of written) {
      const table = TABLES[name]!(cubes, selection)!;
      for (const points of [200, 260, 400, 800]) {
        const {panels} = fitColumns(table, points);
        assert.ok(panels.every(([head]) => head === 0));
        assert.deepEqual(
          panels.flatMap((panel) => panel.slice(1)),
          table.columns.map((_, i) => i).slice(1)
        );
      }
      assert.equal(fitColumns(table, 2000).panels.length, 1);
    }
    assert.ok(!fitColumns(TABLES.results!(cubes, selection)!, 60).fits);
  });
});

const HOSTILE = [
  "<script>alert(1)</script>",
  "a | b",
  "100 % & _x_ #1 ~ ^ \\input{x}",
  "=cmd|'/c calc'!A0",
  "*bold* [x](y)",
  "two\nlines",
  "${x} {}"
];

describe("hostile names", () => {
  const table: PaperTable = {
    name: "results",
    caption: HOSTILE.join(" "),
    columns: [
      {title: HOSTILE[0]!, numeric: false},
      {title: HOSTILE[1]!, numeric: true}
    ],
    rows: HOSTILE.map((name, i) => ({cells: [{text: name}, {text: String(i), bold: true, mark: "*"}]})),
    data: HOSTILE.map((name) => ({name}))
  };

  it("are words in HTML and Markdown, and never end a row", () => {
    const html = htmlTable(table);
    assert.doesNotMatch(html, /<script/i);
    assert.equal(html.match(/<tr>/g)!.length, HOSTILE.length + 1);
    const markdown = markdownTable(table).split("\n");
    assert.equal(markdown.length, HOSTILE.length + 5, "a header, a rule, rows, a caption");
    for (const line of markdown.slice(0, HOSTILE.length + 2))
      assert.equal(line.match(/(?<!\\)\|/g)!.length, 3, line);
    assert.doesNotMatch(markdown.join("\n"), /<script|(?<!\\)\[x\]/);
  });

  it("are words in LaTeX, which compiles", async (t) => {
    if (!(await has(t, "pdflatex", "texlive-latex-base texlive-latex-recommended"))) return;
    const {text: latex} = latexTable(table, {points: 400, wide: false});
    writeFileSync(join(folder, "hostile.tex"), document([latex]));
    await said("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "hostile.tex"], folder);
    const words = await said("pdftotext", ["-layout", "hostile.pdf", "-"], folder);
    for (const part of ["<script>", "\\input{x}", "100 % &", "*bold* [x](y)", "${x} {}"])
      assert.ok(words.includes(part), `${part} in ${words}`);
  });
});

const document = (parts: string[]): string =>
  [
    "\\documentclass{article}",
    `\\usepackage{booktabs,graphicx}\\usepackage[textwidth=${MM}mm,textheight=240mm]{geometry}`,
    "\\begin{document}",
    ...parts.map((part) => `${part}\\clearpage`),
    "\\end{document}"
  ].join("\n");

describe("tables and figures in one paper", () => {
  it("are continued on another page where a column is too narrow for one", async (t) => {
    const narrow = 77;
    const table = resultsTable(cubes, selection)!;
    const {text: latex} = latexTable(table, {points: (narrow / 25.4) * 72, wide: false});
    assert.ok(latex.match(/\\begin\{table\}/g)!.length > 1);
    assert.equal(latex.match(/\\label/g)!.length, 1);
    if (!(await has(t, "pdflatex", "texlive-latex-base texlive-latex-recommended"))) return;
    const page = document([latex]).replace(
      `textwidth=${MM}mm,textheight=240mm`,
      "textwidth=77mm,textheight=9in"
    );
    writeFileSync(join(folder, "narrow.tex"), page);
    const log = await said("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "narrow.tex"], folder);
    assert.doesNotMatch(log, /Float too large|Overfull \\hbox \((?:[2-9]|\d\d)/);
    const words = await said("pdftotext", ["-layout", "narrow.pdf", "-"], folder);
    assert.match(words, /Table 1: [^]*Table 1: \(continued\)/);
    assert.doesNotMatch(words, /Table 2/);
    for (const {text: cell} of table.rows.flatMap(({cells}) => cells))
      assert.ok(words.includes(cell.replace(/ .*/, "")), `${cell} is not in the PDF`);
  });

  it("compile without a line that runs over, with every sign intact", async (t) => {
    if (!(await has(t, "pdflatex", "texlive-latex-base texlive-latex-recommended"))) return;
    const names = ["effects", "matrix"];
    await exportFigures(
      cubes,
      {names, formats: ["pdf"], mm: MM, dpi: 300, variant: "colour", wide: false},
      folder
    );
    const parts = [
      ...written.map(({name}) => `\\input{table-${name}}`),
      ...names.map((name) => `\\input{${name}}`)
    ];
    writeFileSync(join(folder, "paper.tex"), document(parts));
    const log = await said("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"], folder);
    assert.doesNotMatch(log, /Overfull \\hbox \((?:[2-9]|\d\d)/, "two points at most");
    const words = await said("pdftotext", ["-layout", "paper.pdf", "-"], folder);
    const {rows} = resultsTable(cubes, selection)!;
    const signed = rows
      .flatMap(({cells}) => cells.slice(2).map(({text}) => text))
      .filter((cell) => /^[−+]\d/.test(cell));
    assert.ok(signed.length > 5);
    for (const cell of signed) assert.ok(words.includes(cell), `${cell} is not in the PDF`);
    assert.match(words, /Fieller’s|Fieller's/);
  });
});
