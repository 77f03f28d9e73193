import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {parse} from "csv-parse/sync";
import {drawForPaper} from "../../data-loaders/paper/draw-figure.js";
import {exportFigures} from "../../data-loaders/paper/export-figures.js";
import type {ExportedFigure} from "../../data-loaders/paper/export-figures.js";
import {FORMATS} from "../../data-loaders/paper/formats.js";
import type {PaperOptions} from "../../data-loaders/paper/formats.js";
import {writePdf} from "../../data-loaders/paper/write-pdf.js";
import {FIGURES} from "../../src/figures/registry.js";
import {cubes} from "../figures/drawn-figure.js";
import {has, said} from "./tools.js";

const NAMES = Object.keys(FIGURES);
const OPTIONS: PaperOptions = {
  ...{names: NAMES, formats: FORMATS, mm: 139.7, dpi: 150, variant: "colour", wide: false}
};
/** Millimetres by which a page may miss its size. */
const NEAR = 0.1;

const folder = mkdtempSync(join(tmpdir(), "because-figures-"));
let figures: ExportedFigure[] = [];
let milliseconds = 0;

const bytes = (name: string) => readFileSync(join(folder, name));
const text = (name: string) => readFileSync(join(folder, name), "utf8");
const rowsOf = (name: string) => parse<Record<string, string>>(text(`${name}.csv`), {columns: true});

/** Characters but white space, in order of code: what is left when words are read in another order. */
const letters = (of: string) => [...of.replace(/\s/g, "")].sort().join("");

before(async () => {
  const start = performance.now();
  const list = await exportFigures(cubes, OPTIONS, folder);
  milliseconds = (performance.now() - start) / list.figures.length;
  figures = list.figures;
  assert.deepEqual(list.empty, [], "the sample study has something to draw in every figure");
});
after(() => rmSync(folder, {recursive: true, force: true}));

describe("figures for a paper", () => {
  it("are all written, in every format, with data, LaTeX and alternative text", (t) => {
    t.diagnostic(`${milliseconds.toFixed(0)} ms a figure in ${FORMATS.join(", ")}`);
    const endings = [...FORMATS, "csv", "tex", "txt"];
    assert.deepEqual(
      readdirSync(folder).sort(),
      NAMES.flatMap((name) => endings.map((ending) => `${name}.${ending}`)).sort()
    );
  });

  it("have no faults", () => {
    for (const {name, findings} of figures)
      assert.deepEqual(
        findings.filter(({note}) => !note),
        [],
        name
      );
  });

  it("have as PDF one page of their size, and embedded fonts that know their letters", async (t) => {
    if (!(await has(t, "pdfinfo", "poppler-utils"))) return;
    for (const {name, mm} of figures) {
      const info = await said("pdfinfo", [join(folder, `${name}.pdf`)]);
      const [, width, height] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(info)!;
      assert.ok(Math.abs((Number(width) / 72) * 25.4 - OPTIONS.mm) < NEAR, `${name}: ${width} pt`);
      assert.ok(Math.abs((Number(height) / 72) * 25.4 - mm.height) < NEAR, `${name}: ${height} pt`);
      assert.match(info, /Pages:\s+1\n/, name);
      assert.doesNotMatch(info, /Date/, name);
      const fonts = (await said("pdffonts", [join(folder, `${name}.pdf`)])).trim().split("\n").slice(2);
      assert.ok(fonts.length > 0, name);
      for (const font of fonts) assert.match(font, /Arimo.* yes yes yes /, `${name}: ${font}`);
    }
  });

  it("lose no letter on the way into a PDF", async (t) => {
    if (!(await has(t, "pdftotext", "poppler-utils"))) return;
    for (const name of NAMES) {
      const {shapes} = drawForPaper(name, cubes, OPTIONS)!;
      const drawn = shapes.map((shape) => (shape.kind === "text" ? shape.text : "")).join("");
      assert.equal(
        letters(await said("pdftotext", [join(folder, `${name}.pdf`), "-"])),
        letters(drawn),
        name
      );
    }
    assert.match(await said("pdftotext", [join(folder, "effects.pdf"), "-"]), /−\d+[^]*← worse[^]*better →/);
    assert.match(await said("pdftotext", [join(folder, "ranks.pdf"), "-"]), /χ² = /);
  });

  it("keep every sign of the field in a PDF", async (t) => {
    if (!(await has(t, "pdftotext", "poppler-utils"))) return;
    const signs = "−0.5 α Δ ≤ ≥ → ← χ² κ ± × “a” é";
    const [shape] = drawForPaper("effects", cubes, OPTIONS)!.shapes.filter(({kind}) => kind === "text");
    const file = join(folder, "signs.pdf");
    const page = {width: 400, height: 50, scale: 1, title: "Signs < & >", alt: "“α” (\\)"};
    writeFileSync(file, await writePdf([{...shape!, text: signs} as typeof shape & object], page));
    assert.equal((await said("pdftotext", [file, "-"])).trim(), signs);
    assert.match(await said("pdfinfo", [file]), /Title:\s+Signs < & >\nSubject:\s+“α” \(\\\)\n/);
    rmSync(file);
  });

  it("have as SVG their size in millimetres, their letters inside, and nothing of the page", () => {
    for (const {name, mm} of figures) {
      const svg = text(`${name}.svg`);
      const root = /^<svg[^>]*>/.exec(svg)![0];
      for (const side of ["width", "height"] as const)
        assert.ok(root.includes(` ${side}="${mm[side]}mm"`), `${name}: ${root}`);
      assert.match(
        svg,
        /@font-face\{font-family:Arimo;font-weight:400;src:url\(data:font\/ttf;base64,/,
        name
      );
      assert.match(svg, /<text/, name);
      assert.doesNotMatch(svg, /var\(|&nbsp;|<title|https?:(?!\/\/www\.w3\.org\/2000\/svg")/, name);
    }
  });

  it("have as PNG the dots of their width, and say how many an inch", () => {
    for (const {name} of figures) {
      const png = bytes(`${name}.png`);
      assert.equal(png.readUInt32BE(16), Math.round((OPTIONS.mm / 25.4) * OPTIONS.dpi), name);
      assert.equal(png.toString("latin1", 37, 41), "pHYs", name);
      assert.equal(png.readUInt32BE(41), Math.round((OPTIONS.dpi / 25.4) * 1000), name);
    }
  });

  it("are the same bytes when they are drawn again", async () => {
    const again = mkdtempSync(join(tmpdir(), "because-figures-"));
    const names = ["effects", "layer-heat-map", "ranks", "joint"];
    const list = await exportFigures(cubes, {...OPTIONS, names}, again);
    for (const file of list.figures.flatMap(({files}) => files))
      assert.ok(readFileSync(join(again, file)).equals(bytes(file)), file);
    rmSync(again, {recursive: true});
  });

  it("have no colour in grey", () => {
    for (const name of NAMES) {
      const {svg, shapes} = drawForPaper(name, cubes, {...OPTIONS, variant: "grey"})!;
      const colours = shapes.flatMap(({fill, stroke}) => [fill, stroke].filter((each) => each !== null));
      for (const colour of [...colours, ...(svg.match(/#[0-9a-f]{6}/g) ?? [])])
        assert.match(colour, /^#([0-9a-f]{2})\1\1$/, `${name}: ${colour}`);
    }
  });
});

describe("data beside a figure", () => {
  it("have a row and a number at least in every figure", () => {
    for (const name of NAMES) {
      const rows = rowsOf(name);
      assert.ok(rows.length > 0, name);
      assert.ok(
        Object.values(rows[0]!).some((cell) => cell !== "" && Number.isFinite(Number(cell))),
        name
      );
    }
  });

  it("are what the tables hold, in the units drawn", () => {
    const arm = "explanation.label-first.token-mean";
    const drawn = rowsOf("effects").find(
      (row) => row.arm === arm && row.corpus === "film" && row.axis === "all"
    )!;
    const held = cubes.effects.find(
      (row) =>
        row.arm === arm &&
        row.corpus === "film" &&
        row.axis === "all" &&
        row.seed === "all" &&
        row.measure === "accuracy"
    )!;
    assert.equal(Number(drawn.value), Number((held.effect! * 100).toPrecision(12)));
    assert.equal(Number(drawn.low), Number((held.low_trainings! * 100).toPrecision(12)));
    assert.equal(Number(drawn.n), held.n);
  });

  it("are as many as the marks: one a mode, layer and setting in the heat map", () => {
    const {study} = cubes;
    const modes = new Set(rowsOf("layer-heat-map").map(({mode}) => mode)).size;
    assert.equal(rowsOf("layer-heat-map").length, modes * study.layers * study.settings.length);
  });
});
