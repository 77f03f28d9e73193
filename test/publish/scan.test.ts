import assert from "node:assert/strict";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {privateTexts} from "../../data-loaders/publish/private-texts.js";
import {scanPrivate} from "../../data-loaders/publish/scan-private.js";
import {escapeHtml} from "../../data-loaders/site/page-frame.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {Database} from "../../data-loaders/tables/database.js";
import {whyWithheld, withheldCorpora} from "../../src/core/licences.js";
import {inScratch} from "../tables/scratch.js";

const SECRET = `v"a&lue-${"x".repeat(9)}`;
/** Where homes lie, so that no file here names one. */
const HOMES = ["", "home"].join("/");
const TEXTS = privateTexts({
  env: {SOME_TOKEN: SECRET, SHORT_KEY: "abc", HARMLESS: "harmless-and-long"},
  folders: ["/data/studies/mine"],
  home: `${HOMES}/annika`,
  user: "annika"
});

/** Kinds found where one file has this text. */
async function kindsIn(text: string, file = "a/page.html"): Promise<string[]> {
  return inScratch(async (folder) => {
    await mkdir(join(folder, file, ".."), {recursive: true});
    await writeFile(join(folder, file), `first\n${text}\n`);
    const found = await scanPrivate(folder, TEXTS);
    assert.ok(
      found.every((each) => each.file === file && each.place === "line 2"),
      JSON.stringify(found)
    );
    return found.map(({kind}) => kind);
  });
}

test("private texts are found, and named by file and place", async () => {
  const cases: [string, string][] = [
    [`x ${SECRET} y`, "the value of SOME_TOKEN"],
    [JSON.stringify({x: SECRET}), "the value of SOME_TOKEN"],
    [`?q=${encodeURIComponent(SECRET)}`, "the value of SOME_TOKEN"],
    [`<p>${escapeHtml(SECRET)}</p>`, "the value of SOME_TOKEN"],
    [`<p title="${SECRET.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">`, "the value of SOME_TOKEN"],
    [`1,"${SECRET.replaceAll('"', '""')}"`, "the value of SOME_TOKEN"],
    [`hf_${"a1B2".repeat(9)}`, "a Hugging Face token"],
    [`sk-proj-${"a1B2".repeat(10)}`, "an API key"],
    [`ghp_${"a1B2".repeat(9)}`, "a GitHub token"],
    [`AKIA${"A1B2".repeat(4)}`, "an AWS access key"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"],
    ['"/data/studies/mine/x.csv"', "a path of this machine"],
    [`at ${PROJECT}src`, "a path of this machine"],
    [`"${HOMES}/somebody/x"`, "a home folder"],
    ['"C:\\\\Users\\\\somebody\\\\x"', "a home folder"],
    ["by annika today", "the user name"]
  ];
  for (const [text, kind] of cases) assert.ok((await kindsIn(text)).includes(kind), `${kind}: ${text}`);
});

test("what only looks like it is let pass", async () => {
  for (const text of [
    "harmless-and-long abc",
    "https://example.org/home/somebody/x",
    "annikas, Annika",
    "/data/studies/mines",
    "./home/x/y",
    "hf_token and sk-learn"
  ])
    assert.deepEqual(await kindsIn(text), [], text);
  assert.deepEqual(await kindsIn(`annika ${HOMES}/x/y`, "_node/x/index.js"), [], "code of packages");
  assert.deepEqual(await kindsIn(SECRET, "_node/x/index.js"), ["the value of SOME_TOKEN"]);
});

test("compressed tables, names of files and texts let pass by their author", async () => {
  await inScratch(async (folder) => {
    const db = await Database.create(join(folder, "study.duckdb"));
    await db.run(
      "CREATE TABLE examples AS SELECT [{'text': 'by annika ' || range}] AS turns, range AS n FROM range(3000)"
    );
    await db.run(
      `COPY (SELECT '${HOMES}/annika/' || range AS p FROM range(3000)) TO '${join(folder, "p.parquet")}'`
    );
    await db.close();
    await writeFile(join(folder, "annika.txt"), "");
    const found = await scanPrivate(folder, TEXTS);
    assert.deepEqual(found.map(({file, place, kind}) => [file, place, kind]).sort(), [
      ["annika.txt", "its name", "the user name"],
      ["p.parquet", "p", "a home folder"],
      ["p.parquet", "p", "a path of this machine"],
      ["p.parquet", "p", "the user name"],
      ["study.duckdb", "examples.turns", "the user name"]
    ]);
    const left = await scanPrivate(folder, TEXTS, {allowed: ["annika"]});
    assert.deepEqual(left, []);
    assert.equal((await scanPrivate(folder, TEXTS, {allowed: ["anna"]})).length, found.length);
  });
});

test("licences under which texts may be passed on", () => {
  for (const licence of [
    "ISC",
    "MIT",
    "apache-2.0",
    "CC BY 4.0",
    "cc-by-sa-3.0",
    "CC0-1.0",
    "cc-by-nc-4.0",
    "odc-by",
    "mit, cc-by-4.0",
    "GPL-3.0-or-later",
    "cdla-permissive-2.0"
  ])
    assert.equal(whyWithheld(licence), null, licence);
  for (const licence of [
    null,
    "",
    "unknown",
    "other",
    "other (its own, https://x.example)",
    "cc-by-nd-4.0",
    "cc-by-nc-nd-4.0",
    "research only",
    "mit, research only",
    "llama2"
  ])
    assert.match(whyWithheld(licence) ?? "", /licence/, String(licence));
});

test("the study's word goes before the licence", () => {
  const corpus = {title: "T", licence: "unknown", synthetic: false};
  const of = (id: string, change: object, said?: string | false) =>
    withheldCorpora([{...corpus, id, ...change}], {[id]: said}).map(({why}) => why);
  assert.deepEqual(of("a", {}, "Its owner agreed."), []);
  assert.deepEqual(of("a", {licence: "MIT"}, false), ["the study keeps them back"]);
  assert.deepEqual(of("a", {licence: null, synthetic: true}), []);
  assert.equal(of("a", {}).length, 1);
});
