import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {
  assertBadInput,
  assertCountsAddUp,
  readConfigured,
  REAL_DATA,
  skipWithoutRealData
} from "./given-files.js";

/** Files that a prepared set's README lists, with what it says of them. */
function filesIn(folder: string): {path: string; rows: number; bytes: number; sha256: string}[] {
  const readme = readFileSync(join(REAL_DATA, folder, "README.md"), "utf8");
  const listed = [...readme.matchAll(/^\| (\S+\.jsonl\.gz) \| (\d+) \| (\d+) \| `(\w{64})` \|$/gm)];
  return listed.map(([, name, rows, bytes, sha256]) => ({
    path: `${folder}/${name}`,
    rows: Number(rows),
    bytes: Number(bytes),
    sha256: sha256!
  }));
}

const FOLDERS = existsSync(REAL_DATA)
  ? readdirSync(REAL_DATA).filter((name) => existsSync(join(REAL_DATA, name, "README.md")))
  : [];

test("real conversations are there, a README for every folder of them", (t) => {
  if (skipWithoutRealData(t)) return;
  assert.ok(FOLDERS.length >= 13, `${FOLDERS.length} folders`);
  for (const folder of FOLDERS) assert.ok(filesIn(folder).length > 0, folder);
});

for (const folder of FOLDERS)
  test(`${folder}: as many rows as its README says, through the common schema`, async () => {
    for (const {path, rows, bytes, sha256} of filesIn(folder)) {
      const config = {reader: "jsonl", path, columns: {id: "id", turns: "turns", response: "response"}};
      // sets that rate whole dialogues have all of it in `turns` and no response
      const whole = path.endsWith("_dialogue.jsonl.gz");
      if (whole)
        await assertBadInput(readConfigured(config, REAL_DATA), {
          where: /line 1, column response/,
          found: /empty/
        });
      const columns = {...config.columns, ...(whole && {response: "source"})};
      const corpus = await readConfigured({...config, columns}, REAL_DATA);
      assertCountsAddUp(corpus);
      assert.deepEqual([corpus.card.rows_read, corpus.card.rows_kept], [rows, rows], path);
      assert.deepEqual(corpus.card.sources, [{file: path, bytes, sha256}]);
      assert.ok(corpus.examples.every(({turns}) => turns.length > 0 && turns.every(({role}) => role !== "")));
    }
  });
