import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {strToU8, zipSync} from "fflate";
import {parse} from "yaml";
import {citationFile} from "../../data-loaders/publish/citation.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {openPublished} from "../../data-loaders/verify/open-published.js";
import {firstDifference} from "../../data-loaders/verify/first-difference.js";
import {StudySchema} from "../../src/core/study.js";
import {inScratch} from "../tables/scratch.js";

/** Exit code and words of the command. */
function because(...args: string[]): Promise<{code: number; said: string}> {
  const command = join(PROJECT, "data-loaders", "because.mjs");
  return new Promise((resolve) =>
    execFile(process.execPath, [command, ...args], (error, stdout, stderr) =>
      resolve({code: error ? Number(error.code) : 0, said: stdout + stderr})
    )
  );
}

test("publish replaces only what it wrote, and says so before anything is trained", async () => {
  await inScratch(async (folder) => {
    const output = join(folder, "site");
    await mkdir(output);
    await writeFile(join(output, "thesis.tex"), "mine");
    const store = ["--store", join(folder, "store")];
    const foreign = await because("publish", "--output", output, ...store);
    assert.equal(foreign.code, 2);
    assert.match(foreign.said, /thesis\.tex/);
    const within = await because(
      "publish",
      "--output",
      join(folder, "new"),
      "--bundle",
      join(folder, "new", "b.zip"),
      ...store
    );
    assert.equal(within.code, 2);
    assert.match(within.said, /outside the site/);
  });
});

test("verify says what it was given instead of a site or bundle", async () => {
  await inScratch(async (folder) => {
    const cut = join(folder, "cut.zip");
    await writeFile(cut, zipSync({"a/integrity.json": strToU8("{}")}).subarray(0, 40));
    const empty = join(folder, "empty");
    await mkdir(empty);
    for (const [path, words] of [
      [join(folder, "nowhere"), /no such file/],
      [cut, /no whole \.zip/],
      [empty, /integrity\.json/]
    ] as const) {
      const {code, said} = await because("verify", path);
      assert.equal(code, 2, said);
      assert.match(said, words);
    }
  });
});

test("an archive whose paths lead out of it is refused", async () => {
  await inScratch(async (folder) => {
    for (const name of ["../out.txt", "a/../../out.txt", "a\\..\\out.txt"]) {
      const file = join(folder, "slip.zip");
      await writeFile(file, zipSync({"a/x": strToU8("x"), [name]: strToU8("x")}));
      await assert.rejects(openPublished(file), /leads out/, name);
    }
  });
});

test("where values differ first", () => {
  assert.equal(firstDifference({a: [1, {b: 2}]}, {a: [1, {b: 2}]}), null);
  assert.equal(firstDifference({a: [1, {b: 2}]}, {a: [1, {b: 3}]}), "a[1].b: 2 was published, 3 comes out");
  assert.equal(firstDifference([1], [1, 2]), "[1]: nothing was published, 2 comes out");
  assert.equal(firstDifference({a: 1}, 1), 'all of it: {"a":1} was published, 1 comes out');
});

test("a citation by the study's own words, hostile or not", () => {
  const study = StudySchema.shape.citation.parse({
    doi: "10.1234/abc",
    url: "https://example.org/x",
    date: "2026-01-31"
  });
  const facts = {
    title: "A: “b” #c\n- d",
    authors: ["Lovelace, Ada", "Plato", "x: y"],
    note: null,
    version: "0".repeat(32)
  };
  const cited = parse(
    citationFile({facts, study: {citation: study, licence: "all rights reserved"}, date: null})
  ) as Record<string, unknown>;
  assert.equal(cited.title, facts.title);
  assert.deepEqual(cited.authors, [
    {"family-names": "Lovelace", "given-names": "Ada"},
    {name: "Plato"},
    {"family-names": "y", "given-names": "x:"}
  ]);
  assert.deepEqual(
    [cited.doi, cited.url, cited["date-released"], cited.license],
    ["10.1234/abc", "https://example.org/x", "2026-01-31", undefined]
  );
});
