/** The lint on files of any program: ours are sound in it, and each fault is found in a file that has it alone. */
import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import PDFDocument from "pdfkit";
import subsetFont from "subset-font";
import {drawForPaper} from "../../data-loaders/paper/draw-figure.js";
import {exportFigures} from "../../data-loaders/paper/export-figures.js";
import {fontBytes, fontFile} from "../../data-loaders/paper/fonts.js";
import {FORMATS} from "../../data-loaders/paper/formats.js";
import {checkFile, type CheckOptions} from "../../data-loaders/paper/own/check-file.js";
import {readPdf} from "../../data-loaders/paper/own/read-pdf.js";
import {readSvg} from "../../data-loaders/paper/own/read-svg.js";
import {writePng} from "../../data-loaders/paper/write-png.js";
import {BadInput} from "../../src/core/bad-input.js";
import {FIGURES} from "../../src/figures/registry.js";
import {cubes} from "../figures/drawn-figure.js";
import {because} from "../street/street.js";

const MM = 139.7;
const folder = mkdtempSync(join(tmpdir(), "because-lint-"));
after(() => rmSync(folder, {recursive: true, force: true}));

const letters = (texts: readonly string[]): string => [...texts.join("").replace(/\s/g, "")].sort().join("");

describe("figures of our own, read back", () => {
  const NAMES = Object.keys(FIGURES);
  before(() =>
    exportFigures(
      cubes,
      {names: NAMES, formats: FORMATS, mm: MM, dpi: 300, variant: "colour", wide: false},
      folder
    )
  );

  it("are sound in every format, and as wide as was asked for", async () => {
    for (const name of NAMES)
      for (const format of FORMATS) {
        const {findings, mm} = await checkFile(join(folder, `${name}.${format}`), {variant: "colour"});
        // a scale of five colours stands beside those of modes there, which no file says
        const faults = findings.filter(({rule}) => name !== "joint" || rule !== "colours-collapse");
        assert.deepEqual(faults, [], `${name}.${format}`);
        assert.ok(Math.abs(mm!.width - MM) < 0.1, `${name}.${format}: ${mm!.width} mm`);
      }
  });

  it("hold the words that were drawn, as large, in fonts that are in the file", async () => {
    for (const name of NAMES) {
      const {shapes, scale} = drawForPaper(name, cubes, {mm: MM, variant: "colour"})!;
      const drawn = shapes.filter((shape) => shape.kind === "text");
      const least = Math.min(...drawn.map(({size}) => size)) * scale;
      const svg = readSvg(readFileSync(join(folder, `${name}.svg`), "utf8"));
      const pdf = await readPdf(readFileSync(join(folder, `${name}.pdf`)));
      for (const {words, fonts, format} of [svg, pdf]) {
        const of = `${name}.${format}`;
        assert.equal(letters(words.map(({text}) => text)), letters(drawn.map(({text}) => text)), of);
        assert.ok(Math.abs(Math.min(...words.map(({points}) => points)) - least) < 0.02, of);
        assert.ok(fonts.length > 0 && fonts.every(({embedded, drawn: type3}) => embedded && !type3), of);
      }
    }
  });
});

/** Rules that are broken by a file with such content. */
async function faultsOf(name: string, content: string | Buffer, options: Partial<CheckOptions> = {}) {
  const file = join(folder, name);
  writeFileSync(file, content);
  const {findings} = await checkFile(file, {variant: "colour", ...options});
  for (const {found, mend} of findings) assert.ok(found.length > 5 && mend.length > 5, `${found}: ${mend}`);
  return findings.map(({rule, found}) => `${rule}: ${found}`);
}

describe("an SVG of another program", () => {
  let face: string;
  before(async () => {
    const font = await subsetFont(fontBytes(400), "Accuracy 0123456789α", {targetFormat: "woff2"});
    face = `@font-face{font-family:"Ours";src:url(data:font/woff2;base64,${font.toString("base64")})}`;
  });
  const svg = (inside: string, {style = "", attributes = 'width="300pt" height="200pt"'} = {}): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 300 200" ${attributes}>` +
    `<style>${face}${style}</style>${inside}</svg>`;
  const LINE = '<path d="M0,0L9,9" stroke="#0072b2" fill="none"/>';
  const word = (text: string, more = ""): string =>
    `<text x="50" y="50" font-family="Ours" font-size="8" ${more}>${text}</text>`;

  it("that is sound has no faults", async () =>
    assert.deepEqual(await faultsOf("sound.svg", svg(LINE + word("Accuracy"))), []));

  it("small words, by whatever says how small: attribute, rule, style, transform, and the width on paper", async () => {
    const small = [/^small-text: “Accuracy” is 4\.0 pt$/];
    for (const [inside, style] of [
      [word("Accuracy").replace('font-size="8"', 'font-size="4"'), ""],
      [word("Accuracy", 'class="tiny"'), ".tiny{font-size:4px}"],
      [word("Accuracy", 'style="font-size:4px"'), "text{font-size:9px}"],
      [`<g transform="translate(10 10) scale(0.5)">${word("Accuracy")}</g>`, ""],
      [`<g transform="matrix(0 0.5 -0.5 0 60 20)">${word("Accuracy")}</g>`, ""]
    ] as const) {
      const found = await faultsOf("small.svg", svg(LINE + inside, {style}));
      assert.equal(found.length, 1, `${inside}: ${found.join()}`);
      assert.match(found[0]!, small[0]!);
    }
    const half = (300 / 72) * 25.4 * 0.5;
    assert.match((await faultsOf("half.svg", svg(LINE + word("Accuracy")), {mm: half})).join(), small[0]!);
  });

  it("fonts that are not in it, and letters that they lack", async () => {
    const other = await faultsOf(
      "other.svg",
      svg(LINE + word("Accuracy").replace("Ours", "'Deja Vu', sans-serif"))
    );
    assert.deepEqual(other, ["unembedded-font: Deja Vu is not in the file"]);
    assert.deepEqual(await faultsOf("lacks.svg", svg(LINE + word("Accuracy α−Δ"))), [
      "missing-glyph: its font has no − Δ"
    ]);
  });

  it("letters as shapes, and a picture instead of a drawing", async () => {
    const glyphs =
      '<defs><path id="DejaVuSans-41" d="M0,0L1,1"/></defs><g id="text_1"><use xlink:href="#DejaVuSans-41"/><use xlink:href="#DejaVuSans-41" x="9"/></g>';
    assert.deepEqual(await faultsOf("outlined.svg", svg(LINE + glyphs)), [
      "outlined-text: its letters are 2 shapes, and no text"
    ]);
    const dots = '<image width="300" height="200" href="data:image/png;base64,AA=="/>';
    assert.deepEqual(await faultsOf("dots.svg", svg(dots)), [
      "raster-only: a picture made of dots in a SVG, and nothing else"
    ]);
  });

  it("words beyond an edge, also turned ones", async () => {
    for (const inside of [
      word("Accuracy", 'text-anchor="end"').replace('x="50"', 'x="10"'),
      word("Accuracy").replace('y="50"', 'y="250"'),
      `<g transform="rotate(-90)">${word("Accuracy").replace('x="50" y="50"', 'x="-195" y="320"')}</g>`
    ])
      assert.deepEqual(await faultsOf("clipped.svg", svg(LINE + inside)), [
        "clipped-text: “Accuracy” cut off at the edge"
      ]);
    assert.deepEqual(
      await faultsOf(
        "turned.svg",
        svg(
          `${LINE}<g transform="rotate(-90 20 150)">${word("Accuracy").replace('x="50" y="50"', 'x="20" y="150"')}</g>`
        )
      ),
      []
    );
  });

  it("colours that nothing names, and colours that some or all cannot tell apart", async () => {
    const two = (a: string, b: string): string =>
      [a, b].map((colour) => LINE.replace("#0072b2", colour)).join("");
    const [unnamed] = await faultsOf("unnamed.svg", svg(two("#0072b2", "#e69f00") + word("0 1 2")));
    assert.match(unnamed!, /^unnamed-mode: 2 colours \(#0072b2, #e69f00\)/);
    const [alike] = await faultsOf("alike.svg", svg(two("#b34747", "#6e7a2f") + word("Accuracy")));
    assert.match(alike!, /^colours-collapse: #b34747 and #6e7a2f look alike to readers without/);
    const grey = svg(two("#2a6fdb", "#c1403d") + word("Accuracy"));
    assert.deepEqual(await faultsOf("grey.svg", grey), []);
    assert.match((await faultsOf("grey.svg", grey, {variant: "grey"})).join(), /look alike in grey/);
    const scale = Array.from({length: 12}, (_, i) =>
      LINE.replace("#0072b2", `#${(80 + i * 12).toString(16)}2020`)
    ).join("");
    assert.deepEqual(await faultsOf("scale.svg", svg(scale + word("Accuracy"))), []);
  });

  it("what it takes from elsewhere", async () => {
    const far = '<image href="https://example.org/x.png"/>';
    const style = "@import url(https://example.org/a.css);";
    const found = await faultsOf("far.svg", svg(LINE + far + word("Accuracy"), {style}));
    assert.deepEqual(found, [
      "elsewhere: it takes “https://example.org/a.css”, “https://example.org/x.png” from elsewhere"
    ]);
  });
});

describe("a PDF of another program", () => {
  const pdf = async (draw: (page: PDFKit.PDFDocument) => void): Promise<Buffer> => {
    const document = new PDFDocument({size: [300, 200], margin: 0});
    const parts: Buffer[] = [];
    document.on("data", (part: Buffer) => parts.push(part));
    const ended = new Promise((resolve) => document.on("end", resolve));
    document.font(fontFile(400)).fontSize(8);
    draw(document);
    document.end();
    await ended;
    return Buffer.concat(parts);
  };
  const line = (page: PDFKit.PDFDocument, colour: string): void =>
    void page.moveTo(0, 0).lineTo(9, 9).stroke(colour);
  const at = {lineBreak: false};

  it("that is sound has no faults", async () =>
    assert.deepEqual(
      await faultsOf("sound.pdf", await pdf((page) => page.text("Accuracy", 50, 50, at))),
      []
    ));

  it("fonts, sizes, edges, pages, pictures", async () => {
    const cases: [expected: string[], draw: (page: PDFKit.PDFDocument) => void][] = [
      [
        ["unembedded-font: Helvetica is not in the file"],
        (page) => page.font("Helvetica").text("Accuracy", 50, 50, at)
      ],
      [
        ["small-text: “Accuracy” is 3.0 pt"],
        (page) => page.scale(0.5).fontSize(6).text("Accuracy", 50, 50, at)
      ],
      [["clipped-text: “Accuracy” cut off at the edge"], (page) => page.text("Accuracy", 290, 50, at)],
      [["clipped-text: “Accuracy” cut off at the edge"], (page) => page.text("Accuracy", 50, 210, at)],
      [
        ["several-pages: 2 pages, of which LaTeX takes the first"],
        (page) => page.text("Accuracy", 50, 50, at).addPage()
      ],
      [
        ["raster-only: a picture made of dots in a PDF, and nothing else"],
        (page) =>
          page.image(
            writePng('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', {mm: 9, dpi: 72}),
            0,
            0,
            {width: 300}
          )
      ],
      [
        ["outlined-text: shapes, and no text: it has no words, or they are shapes"],
        (page) => line(page, "#0072b2")
      ]
    ];
    for (const [expected, draw] of cases)
      assert.deepEqual(await faultsOf("case.pdf", await pdf(draw)), expected);
  });

  it("colours of shapes, not of words, as they are when something is painted", async () => {
    const found = await pdf((page) => {
      line(page, "#b34747");
      page.save().strokeColor("#00ff00").restore();
      line(page, "#6e7a2f");
      page.fillColor("#123456").text("Accuracy", 50, 50, at);
    });
    assert.deepEqual((await readPdf(found)).colours.sort(), ["#6e7a2f", "#b34747"]);
    assert.match((await faultsOf("alike.pdf", found)).join(), /^colours-collapse: #b34747 and #6e7a2f/);
  });

  it("a font of type 3", async () =>
    assert.deepEqual(await faultsOf("type3.pdf", TYPE_3), [
      "type-3-font: Drawn is a Type 3 font, which many venues refuse"
    ]));
});

/** A page that says “ab” in a font whose letters are squares. */
const TYPE_3 = (() => {
  const stream = (body: string): string => `<</Length ${body.length}>>stream\n${body}\nendstream`;
  const square = stream("1000 0 0 0 750 750 d1 0 0 750 750 re f");
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    stream("BT /F1 8 Tf 50 50 Td (ab) Tj ET"),
    "<</Type/Font/Subtype/Type3/Name/Drawn/FontBBox[0 0 750 750]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 98/Widths[1000 1000]/Encoding<</Type/Encoding/Differences[97/a/b]>>/CharProcs<</a 6 0 R/b 6 0 R>>/Resources<<>>/FontDescriptor<</Type/FontDescriptor/FontName/Drawn/Flags 4/ItalicAngle 0>>>>",
    square
  ];
  let file = "%PDF-1.4\n";
  const places = objects.map((body, i) => {
    const place = file.length;
    file += `${i + 1} 0 obj${body}endobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const start = file.length;
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
})();

describe("because lint", () => {
  it("dots of a PNG are counted at the width it stands on paper; its own, or what is asked for", async () => {
    const png = writePng('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>', {
      mm: 50,
      dpi: 300
    });
    assert.deepEqual(await faultsOf("fine.png", png), []);
    assert.deepEqual(await faultsOf("wide.png", png, {mm: 100}), [
      "low-resolution: 150 dots an inch at 100 mm"
    ]);
  });

  it("ends with 1 where a file has a fault, names it, and says the size of those that have none", async () => {
    const [wide, fine] = [join(folder, "wide.png"), join(folder, "fine.png")];
    const both = await because("lint", fine, wide, "--venue", "icml");
    assert.equal(both.code, 1, both.stderr);
    assert.equal(both.stderr, "");
    assert.match(both.stdout, /^fault \S+wide\.png: 182 dots an inch at 82\.6 mm\n {2}mend Save it/m);
    const sound = await because("lint", fine);
    assert.deepEqual([sound.code, sound.stdout], [0, `sound ${fine}, 50 × 50 mm\n`]);
    const vector = await because("lint", join(folder, "sound.pdf"), "--json");
    assert.equal(vector.stderr, "", "the reader of PDF keeps its remarks to itself");
    assert.equal((JSON.parse(vector.stdout) as unknown[]).length, 1);
  });

  it("files that are none are told with the mend", async () => {
    for (const [name, content, found] of [
      ["no.svg", "<html></html>", /no <svg> element/],
      ["no.pdf", "words", /Invalid PDF/],
      ["no.png", "words", /does not begin as a PNG does/],
      ["no.txt", "words", /“\.txt”/]
    ] as const) {
      writeFileSync(join(folder, name), content);
      await assert.rejects(
        checkFile(join(folder, name), {variant: "colour"}),
        (error: unknown) => error instanceof BadInput && found.test(error.detail.found)
      );
    }
    await assert.rejects(
      checkFile(join(folder, "none.pdf"), {variant: "colour"}),
      /expected a file, found none|a file/
    );
  });
});
