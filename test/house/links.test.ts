import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join, posix} from "node:path";
import {test} from "node:test";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {sourceFiles, type SourceFile} from "./source-files.js";

const FENCE = /^(`{3,}|~{3,})[\s\S]*?^\1[ \t]*$/gm;
const LINK = /\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|\b(?:href|src)="([^"]+)"/g;
const HEADING = /^#{1,6}\s+(.+?)\s*#*$/gm;

/** Where a document links to, code left out. */
function linksOf({text}: SourceFile): string[] {
  const prose = text.replace(FENCE, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(LINK)]
    .map(([, markdown, html]) => (markdown ?? html)!)
    .filter((link) => !/^[a-z]+:|^\/\/|^\$\{/.test(link));
}

/** Anchors of a document's headings, as GitHub and Framework both make them from plain words, and its own ids. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(FENCE, "").matchAll(HEADING)].map(([, heading]) => slug(heading!));
  return new Set([...headings, ...[...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!)]);
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

/** The files that a link from `path` may stand for: pages are linked without their ending. */
function candidates(path: string, target: string): string[] {
  const page = path.startsWith("src/");
  const base = target.startsWith("/") ? (page ? "src" : "") : posix.dirname(path);
  const file = posix.join(base, target);
  return page ? [`${file}.md`, posix.join(file, "index.md"), file] : [file];
}

function broken(file: SourceFile): string[] {
  return linksOf(file).flatMap((link) => {
    const [target = "", anchor = ""] = link.replace(/\?[^#]*/, "").split("#");
    const found =
      target === ""
        ? file.path
        : candidates(file.path, decodeURI(target)).find((path) => existsSync(join(PROJECT, path)));
    if (!found) return [`${file.path}: ${link} is not there`];
    if (!anchor || !found.endsWith(".md")) return [];
    const text = found === file.path ? file.text : readFileSync(join(PROJECT, found), "utf8");
    return anchorsOf(text).has(anchor) ? [] : [`${file.path}: ${link}: no such heading`];
  });
}

const documents = () => sourceFiles(".", ".md").filter(({path}) => !path.startsWith("test/"));

test("links between documents are followed", () => {
  const text =
    "# A *great* heading!\n[ok](#a-great-heading) [gone](./gone.md) [no](#nothing)\n```\n[code](./x.md)\n```\n[out](https://example.org)";
  assert.deepEqual(broken({path: "docs/fixture.md", text}), [
    "docs/fixture.md: ./gone.md is not there",
    "docs/fixture.md: #nothing: no such heading"
  ]);
});

test("every link of README, docs and pages leads somewhere", () => {
  const files = documents();
  assert.ok(
    files.some(({path}) => path === "README.md"),
    "there is no README"
  );
  assert.deepEqual(files.flatMap(broken), []);
});

test("every npm script and command that a document names is there", () => {
  const {scripts} = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const unknown = documents().flatMap(({path, text}) =>
    [...text.matchAll(/\bnpm run ([\w:-]+)/g)]
      .filter(([, name]) => !(name! in scripts))
      .map(([command]) => `${path}: ${command}`)
  );
  assert.deepEqual(unknown, []);
});
