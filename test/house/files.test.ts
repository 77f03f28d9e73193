import assert from "node:assert/strict";
import {basename, extname} from "node:path";
import {test} from "node:test";
import ts from "typescript";
import {sourceFiles, type SourceFile} from "./source-files.js";

const CODE = [".ts", ".mjs", ".js", ".py", ".css"];
const MOST_LINES = 400;
/** Names that say nothing. */
const VAGUE = /^(?:utils?|helpers?|common|misc|shared|stuff|lib)\b/i;
/** Folders of one machine or one person; Debian's own, such as its programs, are the same everywhere. */
const MACHINE_PATH = /(?<![\w.])(?:\/home\/|\/root\/|\/Users\/|\/work\/|[A-Z]:\\\\)[\w.-]/;
const UNFINISHED = new RegExp(
  ["TO", "DO\\b|FIX", "ME\\b|\\b(?:test|it|describe)\\.(?:skip|only|todo)\\("].join("")
);
/** Names that look like addresses and are never fetched: of XML and of JSON Schema. */
const NAMESPACE = /^http:\/\/www\.w3\.org\/|^https:\/\/json-schema\.org\//;

const code = () =>
  ["src", "data-loaders", "remote-trainer", "test"].flatMap((folder) => sourceFiles(folder, ...CODE));

/** Text of all string and template literals of a module. */
function strings({path, text}: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return found;
}

/** Addresses of other origins that a browser would fetch from a page or a style. A link that is clicked is none. */
function fetched(text: string): string[] {
  const loads =
    /(?:\bsrc\s*=\s*["']?|<link[^>]*href\s*=\s*["']?|url\(\s*["']?|@import\s+["']|!\[[^\]]*\]\()(https?:)?\/\/[^\s"')]+/g;
  return [...text.matchAll(loads)].map(([match]) => match);
}

test("no file is too long", () => {
  const long = code()
    .map(({path, text}) => ({path, lines: text.split("\n").length}))
    .filter(({lines}) => lines > MOST_LINES);
  assert.deepEqual(long, []);
});

test("every file's name says what it holds", () => {
  const paths = [...code(), ...sourceFiles("docs", ".md")].map(({path}) => path);
  assert.deepEqual(
    paths.filter((path) => VAGUE.test(basename(path, extname(path)))),
    []
  );
});

test("no file names a folder of one machine", () => {
  const texts = [...code(), ...sourceFiles(".", ".md", ".json", ".yaml", ".toml", ".txt")];
  const found = texts.flatMap(({path, text}) =>
    MACHINE_PATH.test(text) ? [`${path}: ${MACHINE_PATH.exec(text)![0]}`] : []
  );
  assert.deepEqual(found, []);
});

test("nothing is left unfinished, and no test is turned off", () => {
  const found = code().flatMap(
    ({path, text}) => UNFINISHED.exec(text)?.map((match) => `${path}: ${match}`) ?? []
  );
  assert.deepEqual(found, []);
});

test("what runs in the browser names no other origin", () => {
  const modules = sourceFiles("src", ".ts").flatMap((file) =>
    strings(file)
      .filter((text) => /https?:\/\//.test(text) && !NAMESPACE.test(text))
      .map((text) => `${file.path}: ${text}`)
  );
  const texts = sourceFiles("src", ".md", ".css").flatMap(({path, text}) =>
    fetched(text).map((match) => `${path}: ${match}`)
  );
  assert.deepEqual([...modules, ...texts], []);
});

test("addresses that would be fetched are told from links", () => {
  assert.deepEqual(fetched(`[paper](https://example.org) <a href="https://example.org">`), []);
  assert.equal(
    fetched(
      `<img src="https://a.org/x.png"> @import "https://b.org/c.css"; url(//c.org/f.woff) ![x](https://d.org/p.png)`
    ).length,
    4
  );
});
