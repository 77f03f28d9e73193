import assert from "node:assert/strict";
import {test} from "node:test";
import {strFromU8, unzipSync} from "fflate";
import {foldAdvice} from "../../data-loaders/site/advice-lists.js";
import {escapeHtml, pageFooter, pageHeader} from "../../data-loaders/site/page-frame.js";
import {fillPlaces, type StaticContent} from "../../data-loaders/site/static-content.js";
import {studyArchive} from "../../data-loaders/site/study-archive.js";
import {partFile, partsOf} from "../../src/core/cube-parts.js";
import {CUBES, type StudyFacts} from "../../src/core/cubes.js";
import {decodeCubes} from "../../src/core/cubes-reader.js";
import {STUDY} from "./sample-tables.js";

const PAGES = [
  {name: "Overview", path: "/"},
  {name: "Runs", path: "/runs"}
];
const CUBES_OF_STUDY = decodeCubes({study: STUDY});
const CONTENT: StaticContent = {
  figures: {
    box: ({study}, document) => {
      const element = document.createElement("figure");
      element.textContent = study.title;
      return element;
    }
  },
  sentences: {
    count: ({study}, document) => {
      const element = document.createElement("p");
      element.textContent = `${study.counts.runs} runs & more`;
      return element;
    }
  }
};

test("places are filled, and what stands around them stays", () => {
  const html = `<h2>${"${x}"}</h2><div class="wide" data-figure="box" id="b"></div>\n<p data-sentence="count"> </p>`;
  assert.equal(
    fillPlaces(html, "/index", CONTENT, CUBES_OF_STUDY),
    `<h2>${"${x}"}</h2><div class="wide" data-figure="box" id="b"><figure>A &lt;small&gt; sample</figure></div>\n` +
      `<p data-sentence="count">2 runs &amp; more</p>`
  );
});

test("without tables every place says that there is no study", () => {
  const html = fillPlaces(`<div data-figure="box"></div>`, "/index", CONTENT, undefined);
  assert.match(html, /There is no study yet/);
});

test("names that every object has are no figures", () => {
  assert.throws(
    () => fillPlaces(`<div data-figure="toString"></div>`, "/runs", CONTENT, CUBES_OF_STUDY),
    /src\/runs\.md/
  );
});

test("a list of advice becomes a section that folds, and no other block does", () => {
  const token = (type: string, content = "") => ({type, content});
  const paragraph = (text: string) => [
    token("paragraph_open"),
    token("inline", text),
    token("paragraph_close")
  ];
  const other = [token("html_block", "<div>\n"), ...paragraph("Else"), token("html_block", "</div>\n")];
  const tokens = [
    ...structuredClone(other),
    token("html_block", '<div class="try">\n'),
    ...paragraph("What to try"),
    ...paragraph("This"),
    token("html_block", "</div>\n"),
    ...structuredClone(other)
  ];
  foldAdvice(tokens);
  assert.deepEqual(tokens, [
    ...other,
    token("html_block", '<details class="try" open>\n<summary>What to try</summary>\n'),
    ...paragraph("This"),
    token("html_block", "</details>\n"),
    ...other
  ]);
});

test("the banner stands where a corpus is generated, and says which when only some are", () => {
  assert.match(
    pageHeader(STUDY, PAGES, "/index"),
    /Synthetic study\.<\/strong> All its conversations are generated/
  );
  assert.doesNotMatch(pageHeader({...STUDY, synthetic: false}, PAGES, "/index"), /synthetic-banner/);
  const real = {...STUDY.corpora[0]!, id: "real", title: "Real", synthetic: false};
  assert.match(
    pageHeader({...STUDY, corpora: [...STUDY.corpora, real]}, PAGES, "/index"),
    /1 of its 2 corpora \(Film &#38; television\) are/
  );
});

test("a note that says synthetic, as the banner does, leaves it to the banner", () => {
  const note = "Generated: this study is synthetic.";
  for (const path of ["/index", "/", "/runs"]) {
    assert.doesNotMatch(pageHeader({...STUDY, note}, PAGES, path), /study-note/);
    assert.match(pageHeader({...STUDY, note}, PAGES, path), /Synthetic study\./);
  }
  assert.match(pageHeader({...STUDY, note: "Pilot."}, PAGES, "/runs"), /class="study-note">Pilot\./);
  assert.match(pageHeader({...STUDY, note, synthetic: false}, PAGES, "/runs"), /study-note/);
});

test("the navigation marks the page that one is on", () => {
  assert.match(
    pageHeader(STUDY, PAGES, "/index"),
    /<a href="\/" aria-current="page">Overview<\/a><a href="\/runs">Runs<\/a>/
  );
  assert.match(
    pageHeader(STUDY, PAGES, "/runs"),
    /<a href="\/">Overview<\/a><a href="\/runs" aria-current="page">Runs<\/a>/
  );
  assert.doesNotMatch(pageHeader(STUDY, PAGES, "/404"), /aria-current/);
});

test("before any study the frame says how to get one", () => {
  assert.match(pageHeader(undefined, PAGES, "/index"), /There is no study yet\. <code>npm start<\/code>/);
  assert.match(pageFooter(undefined, "1.2.3"), /Because 1\.2\.3/);
});

test("text of a study is never markup", () => {
  assert.equal(escapeHtml(`<a href="x">'&'</a>`), "&#60;a href=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/a&#62;");
  assert.doesNotMatch(
    pageHeader({...STUDY, title: "<script>", note: "<img>"}, PAGES, "/") +
      pageFooter({...STUDY, title: "<script>"}, "1"),
    /<script>|<img>/
  );
});

test("the archive holds every cube, also before any study, and the same bytes each time", () => {
  const archive = studyArchive(undefined);
  assert.deepEqual(archive, studyArchive(undefined));
  const files = unzipSync(archive);
  const read = (file: string) => JSON.parse(strFromU8(files[file]!)) as unknown;
  const study = read("study.json") as StudyFacts;
  const documents = Object.fromEntries(
    CUBES.map((cube) => [cube, read(partFile(cube, partsOf(cube, study)[0]))])
  );
  const cubes = decodeCubes({...documents, study});
  assert.equal(cubes.study.title, "No study yet");
  assert.deepEqual(cubes.levels, []);
  assert.deepEqual(cubes.examples.items, []);
});
