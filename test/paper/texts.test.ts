import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {parse} from "csv-parse/sync";
import {copyFiles} from "../../data-loaders/paper/copy-files.js";
import {exportFigures} from "../../data-loaders/paper/export-figures.js";
import {csvText, flatRow} from "../../src/core/paper/csv.js";
import {figureSnippet, latexText} from "../../src/core/paper/latex.js";
import {FIGURES} from "../../src/figures/registry.js";
import {cubes} from "../figures/drawn-figure.js";
import {has, said} from "./tools.js";

/** Titles that LaTeX, spreadsheets or XML would obey. */
const HOSTILE = [
  '=HYPERLINK("x")',
  "+1\t@SUM(A1)",
  "\\input{/etc/passwd} \\end{figure} 100 % of $x_1^2$ & #2 ~ {}",
  '<script>alert(1)</script> ]]> &amp; "quoted"',
  "−α Δ ≤ ≥ → χ² “é” ‘n’ – — … | × ± ≈"
];

describe("CSV", () => {
  it("keeps numbers as numbers and makes text inert", () => {
    const text = csvText([
      {a: -0.5, b: "=1+1", c: null},
      {a: 57.6 + 1e-14, b: 'say "hi", now', d: true}
    ]);
    assert.equal(text, 'a,b,c,d\n-0.5,\'=1+1,,\n57.6,"say ""hi"", now",,true\n');
    for (const title of HOSTILE.slice(0, 2)) {
      const [, row]: string[][] = parse(csvText([{title}]));
      assert.match(row![0]!, /^'/);
    }
  });

  it("has a column for each entry of a list, and of objects within a row only what is asked for", () => {
    const row = {mode: "filler", seeds: [1, 2], effect: {n: 9, se: 1, mode: "x"}, title: "words"};
    const columns = {left: new Set(["title"]), within: new Set(["n", "mode"])};
    assert.deepEqual(flatRow(row, columns), {mode: "filler", seeds_1: 1, seeds_2: 2, n: 9});
  });
});

describe("LaTeX", () => {
  it("obeys nothing in a title", () => {
    assert.equal(
      latexText("50 % of $x_1$ & \\end{figure}"),
      "50 \\% of \\$x\\_1\\$ \\& \\textbackslash{}end\\{figure\\}"
    );
    assert.equal(
      latexText("−0.5 ≤ α\nχ²"),
      "\\ensuremath{-}0.5 \\ensuremath{\\le} \\ensuremath{\\alpha} \\ensuremath{\\chi}\\textsuperscript{2}"
    );
  });

  it("goes over both columns where it is asked to", () => {
    const snippet = figureSnippet({name: "effects", mm: 183, caption: "Effects.", wide: true});
    assert.match(snippet, /\\begin\{figure\*\}[^]*width=183mm[^]*\{fig:effects\}[^]*\\end\{figure\*\}/);
  });

  it("compiles with every figure, and with hostile captions", async (t) => {
    if (!(await has(t, "pdflatex", "texlive-latex-base"))) return;
    const folder = await mkdtemp(join(tmpdir(), "because-latex-"));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const options = {formats: ["pdf"] as const, mm: 82.55, dpi: 300, variant: "colour" as const, wide: false};
    const {figures} = await exportFigures(cubes, {...options, names: Object.keys(FIGURES)}, folder);
    const hostile = HOSTILE.map((caption) =>
      figureSnippet({name: "effects", mm: 82.55, caption, wide: false})
    );
    const inputs = figures.map(({name}) => `\\input{${name}.tex}\\clearpage`);
    const source = [
      "\\documentclass{article}\\usepackage{graphicx}\\begin{document}",
      ...inputs,
      ...hostile.map((snippet) => `${snippet}\\clearpage`),
      "\\end{document}"
    ];
    await writeFile(join(folder, "paper.tex"), source.join("\n"));
    const log = await said(
      "pdflatex",
      ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
      folder
    ).catch((error: {stdout?: string}) => assert.fail(error.stdout?.slice(-2000)));
    assert.doesNotMatch(log, /Unicode character|Missing character|PDF inclusion: found PDF version/);
    assert.match(log, new RegExp(`\\(${figures.length + HOSTILE.length} pages`));
  });
});

describe("a folder of an author's", () => {
  it("keeps other files, and figures that were changed by hand", async (t) => {
    const [from, to] = await Promise.all(
      ["from", "to"].map((name) => mkdtemp(join(tmpdir(), `because-${name}-`)))
    );
    t.after(() => Promise.all([from!, to!].map((folder) => rm(folder, {recursive: true, force: true}))));
    await Promise.all([writeFile(join(from!, "a.svg"), "one"), writeFile(join(to!, "mine.txt"), "mine")]);
    assert.deepEqual(await copyFiles(from!, ["a.svg"], to!, "figures"), ["a.svg"]);
    assert.deepEqual(await copyFiles(from!, ["a.svg"], to!, "figures"), [], "the same is left alone");
    await writeFile(join(from!, "a.svg"), "two");
    assert.deepEqual(await copyFiles(from!, ["a.svg"], to!, "figures"), ["a.svg"]);
    await writeFile(join(to!, "a.svg"), "by hand");
    await assert.rejects(copyFiles(from!, ["a.svg"], to!, "figures"), /a\.svg/);
    assert.equal(await readFile(join(to!, "a.svg"), "utf8"), "by hand");
    await assert.rejects(
      copyFiles(from!, ["a.svg", "mine.txt"].slice(0, 1), to!, "figures"),
      /changed since/
    );
    assert.equal(await readFile(join(to!, "mine.txt"), "utf8"), "mine");
  });
});

describe("figures of a study with hostile titles", () => {
  it("are drawn, with titles as text", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "because-hostile-"));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const study = {
      ...cubes.study,
      corpora: cubes.study.corpora.map((corpus, i) => ({...corpus, title: HOSTILE[i % HOSTILE.length]!}))
    };
    const options = {formats: ["svg", "pdf", "png"] as const, mm: 139.7, dpi: 72, variant: "colour" as const};
    const names = ["effects", "run-scatter", "matrix"];
    const {figures} = await exportFigures({...cubes, study}, {...options, names, wide: false}, folder);
    assert.equal(figures.length, names.length);
    assert.doesNotMatch(await readFile(join(folder, "effects.svg"), "utf8"), /<script/);
    const rows: string[][] = parse(await readFile(join(folder, "run-scatter.csv"), "utf8"));
    const cells = rows.flat();
    assert.ok(cells.some((cell) => cell.startsWith("'=HYPERLINK")));
    assert.ok(
      cells.every(
        (cell) => !/^[=+@\t]/.test(cell) && (!cell.startsWith("-") || Number.isFinite(Number(cell)))
      )
    );
  });
});
