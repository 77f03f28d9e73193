/** What `because report` writes: whole, the same every time, and readable by others. */
import assert from "node:assert/strict";
import {cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {remakeClaim} from "../../data-loaders/report/claims-document.js";
import type {ClaimsDocument} from "../../data-loaders/report/claims-document.js";
import {writeReport} from "../../data-loaders/report/make-report.js";
import {readReport, reportFiles} from "../../data-loaders/report/read-report.js";
import {tex} from "../../data-loaders/report/latex-text.js";
import {canonicalJson} from "../../data-loaders/stages/content-hash.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import {cubes} from "../figures/drawn-figure.js";
import {has, said} from "../paper/tools.js";
import {defaultReport, resolved} from "./sample-report.js";

const OWN = `# Of \${claim("study", {of: "title"})}

Shuffled: \${claim("effect", {arm: "shuffled", corpus: "film"})} [see this](https://example.org/a_b?c=d%20e&f#g_h), *and* **so** \`code_{x}\`.
Signs: α κ Δ χ² − × ± ≤ ≥ → “q” é ł ő 中 & % $ # _ { } ~ ^ \\\\ < > | [@smith2024, p. 3].

\${figure("effects", {measure: "nll"})}

\${figure("effects", {caption: "Again: 50 % _x_"})}

- [x] \${claim("count", {of: "parameters"})}
- one

1. a

   > b

| a | [b] |
| --- | ---: |
| \${claim("level", {arm: "explanation"})} | [1] * |
| * x | y |

\`\`\`
\\input{x} % code
\`\`\`

---
`;

const folder = mkdtempSync(join(tmpdir(), "because-report-"));
const [own, other, standard] = ["own", "other", "default"].map((name) => join(folder, name)) as [
  string,
  string,
  string
];
const text = (place: string, file: string) => readFileSync(join(place, file), "utf8");

before(async () => {
  const {mkdirSync} = await import("node:fs");
  for (const place of [own, other, standard]) mkdirSync(place);
  await writeReport(resolved(OWN), own);
  await writeReport(resolved(OWN), other);
  await writeReport(defaultReport(), standard);
});
after(() => rmSync(folder, {recursive: true, force: true}));

describe("the files of a report", () => {
  it("are the same bytes from the same inputs", () => {
    const files = readdirSync(own, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map(({parentPath, name}) => join(parentPath, name).slice(own.length + 1));
    assert.deepEqual(files.sort(), [
      "claims.json",
      ...["effects-2.pdf", "effects-2.svg", "effects.pdf", "effects.svg"].map((name) => `figures/${name}`),
      "references.bib",
      "report.html",
      "report.tex",
      "resolved.md"
    ]);
    for (const file of files)
      assert.ok(readFileSync(join(own, file)).equals(readFileSync(join(other, file))), file);
  });

  it("claims.json is canonical and holds all that makes every claim again", () => {
    const document = JSON.parse(text(standard, "claims.json")) as ClaimsDocument;
    assert.equal(text(standard, "claims.json"), `${canonicalJson(document)}\n`);
    assert.ok(document.claims.length > 80);
    assert.equal(document.tables, cubes.study.version);
    for (const record of document.claims) assert.deepEqual(remakeClaim(record, cubes), record);
    const moved = {...cubes, effects: cubes.effects.map((row) => ({...row, effect: row.effect! + 0.001}))};
    const changed = document.claims.filter((record) => remakeClaim(record, moved).text !== record.text);
    assert.ok(changed.length > 0, "another effect is another claim");
  });

  it("the HTML file loads nothing, runs nothing and names no other origin but in links", () => {
    const html = text(own, "report.html");
    const {document} = parseHTML(html);
    assert.equal(document.querySelector("script, img, iframe, link, object, embed"), null);
    assert.doesNotMatch(html.replace(/<a [^>]*>/g, ""), /(?:src|url\(|@import)\s*[=("']*\s*(?:https?:)?\/\//);
    assert.match(html, /Content-Security-Policy" content="default-src 'none';/);
    assert.equal(document.querySelectorAll("h1").length, 1);
    const ids = [...document.querySelectorAll("article [id]:not(svg *)")].map(({id}) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const link of document.querySelectorAll('a[href^="#"]'))
      assert.ok(document.getElementById(link.getAttribute("href")!.slice(1)), link.outerHTML);
    for (const link of document.querySelectorAll("[aria-describedby]"))
      assert.ok(document.getElementById(link.getAttribute("aria-describedby")!)!.textContent.length > 10);
  });

  it("the resolved Markdown has every claim's text and no directive", () => {
    const markdown = text(standard, "resolved.md");
    assert.doesNotMatch(markdown, /(?<!\\)\$\{/);
    for (const {text: claim} of defaultReport().claims)
      for (const number of claim.match(/[−+]?\d[\d.,]*\d/g) ?? [])
        assert.ok(markdown.includes(number), number);
    assert.match(
      text(own, "resolved.md"),
      /^# Of Sample study\n\nA\. Sample\n\nShuffled[^]*\n!\[.+\]\(figures\/effects-2\.svg\)\n/
    );
    assert.match(text(own, "resolved.md"), /\\\[1, p\. 3\\\][^]*## References\n\n1\. Smith, J\./);
  });
});

describe("LaTeX", () => {
  for (const [name, place] of Object.entries({"of one's own": own, "that comes with Because": standard}))
    it(`of the report ${name} compiles, and its PDF has the text of every claim`, async (t) => {
      if (!(await has(t, "pdflatex", "texlive-latex-base")) || !(await has(t, "pdftotext", "poppler-utils")))
        return;
      const work = mkdtempSync(join(tmpdir(), "because-latex-"));
      t.after(() => rmSync(work, {recursive: true, force: true}));
      cpSync(place, work, {recursive: true});
      for (let i = 0; i < 2; i++)
        await said("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "report.tex"], work);
      assert.doesNotMatch(
        readFileSync(join(work, "report.log"), "utf8"),
        /undefined references|multiply defined|Missing character/i
      );
      const shown = letters(await said("pdftotext", ["-layout", join(work, "report.pdf"), "-"]));
      const {claims} = place === own ? resolved(OWN) : defaultReport();
      for (const claim of claims)
        for (const number of claim.text.match(/[−+]?\d[\d.,]*\d(?:\u00a0(?:points|nats|%))?/g) ?? [])
          assert.ok(shown.includes(letters(number)), `${number} of ${claim.name}`);
      assert.ok(shown.includes(letters("What every number rests on")));
    });

  it("obeys nothing, whatever is in a text", () => {
    assert.equal(tex("\\input{x}"), "\\textbackslash{}input\\{x\\}");
    assert.equal(tex("a[b]*%"), "a{[}b{]}{*}\\%");
    assert.equal(tex("中 \u0007 é"), "[U+4E2D]  é");
  });
});

/** Without white space: lines are broken anywhere. */
const letters = (of: string) => of.replace(/\s/g, "").replaceAll("\u00a0", "");

describe("the study file", () => {
  it("names the report's files beside it, and says where they are missing", async () => {
    const study = readFileSync(new URL("../../studies/demo.yaml", import.meta.url), "utf8");
    const file = join(folder, "mine.yaml");
    writeFileSync(file, `${study}\nreport: {file: mine.md, bibliography: refs.bib}\n`);
    writeFileSync(join(folder, "mine.md"), "Text.");
    const files = reportFiles(await readStudy(file));
    assert.deepEqual(files, {file: join(folder, "mine.md"), bibliography: join(folder, "refs.bib")});
    assert.throws(
      () => readReport(files),
      /refs\.bib \(key report\.bibliography of the study file\): expected a text file in UTF-8/
    );
    writeFileSync(join(folder, "refs.bib"), Buffer.from([0xff, 0xfe, 0x00]));
    assert.throws(() => readReport(files), /bytes that are no UTF-8/);
    writeFileSync(join(folder, "refs.bib"), "@article{a,\n title={b},\n year 2020}");
    const source = readReport(files);
    const {resolveReport} = await import("../../data-loaders/report/resolve-report.js");
    assert.throws(() => resolveReport(source, cubes), /refs\.bib, line 3: expected BibTeX/);
  });
});
