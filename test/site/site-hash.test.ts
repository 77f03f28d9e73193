import assert from "node:assert/strict";
import {readFile, utimes, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {siteHash} from "../../data-loaders/site/site-hash.js";
import {writeSampleTables} from "./sample-tables.js";
import {scratchNotebook, writeFiles} from "./scratch-notebook.js";

test("a site's hash changes with a page, a figure, the packages and the tables, and with nothing else", async (t) => {
  const project = await scratchNotebook(t);
  const tables = await writeSampleTables(join(project, "tables"));
  const hashes = [await siteHash(tables, project)];
  const same = async () => assert.equal(await siteHash(tables, project), hashes.at(-1));
  const differs = async (what: string) => {
    const hash = await siteHash(tables, project);
    assert.ok(!hashes.includes(hash), `${what} did not change the hash`);
    hashes.push(hash);
  };
  await same();
  await utimes(join(project, "src/index.md"), 0, 0);
  await writeFiles(project, {
    "src/.observablehq/cache/data/study.zip": "x",
    "test/a.ts": "x",
    "docs/a.md": "x"
  });
  await same();
  for (const file of ["src/index.md", "src/figures/static.ts", "package-lock.json", "tables/study.json"]) {
    await writeFile(join(project, file), `${await readFile(join(project, file), "utf8")}\n`);
    await differs(file);
  }
});
