import assert from "node:assert/strict";
import {join} from "node:path";
import {test} from "node:test";
import {gzipSync} from "node:zlib";
import fc from "fast-check";
import {streamLines} from "../../data-loaders/corpora/line-stream.js";
import type {Line} from "../../data-loaders/corpora/line-stream.js";
import {SeenIds} from "../../data-loaders/corpora/seen-ids.js";
import {assertBadInput, folderWith} from "./given-files.js";

async function linesOf(folder: string, name: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of streamLines({file: join(folder, name), name})) lines.push(line);
  return lines;
}

test("lines are those of the text, wherever the disk cuts it, packed or not", async (t) => {
  // around the 256 KiB that are read at a time, with characters of two and four bytes on either side
  const texts = [0, 1, 2, 3].map((shift) =>
    ["é".repeat(131_000 + shift), "🙂".repeat(70_000), "", "x".repeat(700_000), "end"].join("\n")
  );
  const files = Object.fromEntries(
    texts.flatMap((text, i) => [
      [`${i}.txt`, text],
      [`${i}.txt.gz`, gzipSync(text)],
      [`${i}-marked.txt`, `\uFEFF${text.replaceAll("\n", "\r\n")}\r\n`]
    ])
  );
  const folder = await folderWith(t, files);
  for (const name of Object.keys(files)) {
    const lines = await linesOf(folder, name);
    assert.deepEqual(
      lines,
      texts[Number(name[0])]!.split("\n").map((line, i) => ({number: i + 1, text: line})),
      name
    );
  }
});

test("several gzip members are one file; an empty file has no lines", async (t) => {
  const folder = await folderWith(t, {
    "two.gz": Buffer.concat([gzipSync("a\nb"), gzipSync("c\nd\n")]),
    "none.txt": "",
    "none.txt.gz": gzipSync("")
  });
  assert.deepEqual(
    (await linesOf(folder, "two.gz")).map(({text}) => text),
    ["a", "bc", "d"]
  );
  assert.deepEqual(await linesOf(folder, "none.txt"), []);
  assert.deepEqual(await linesOf(folder, "none.txt.gz"), []);
});

test("a byte that is no UTF-8 is named by line and offset", async (t) => {
  const folder = await folderWith(t, {
    "l.txt": Buffer.from(`ok\n${"x".repeat(300_000)}\ncaf\xe9\n`, "latin1")
  });
  await assertBadInput(linesOf(folder, "l.txt"), {
    where: /^l\.txt, line 3$/,
    found: /byte 0xe9 at offset 300007,/
  });
});

test("a file without line breaks is not held whole", async (t) => {
  const folder = await folderWith(t, {"long.txt": Buffer.alloc(70 * 2 ** 20, "x")});
  await assertBadInput(linesOf(folder, "long.txt"), {expected: /lines of at most 64 MiB/, mend: /reader/});
});

test("an id that was met before is found, and where", () => {
  fc.assert(
    fc.property(fc.array(fc.string({maxLength: 3}), {maxLength: 300}), (ids) => {
      const seen = new SeenIds();
      const known = new Map<string, number>();
      ids.forEach((id, i) => {
        assert.equal(seen.add(id, i + 1), known.get(id) ?? null);
        if (!known.has(id)) known.set(id, i + 1);
      });
    })
  );
  const seen = new SeenIds();
  for (let i = 1; i <= 200_000; i++) assert.equal(seen.add(`row-${i}`, i), null);
  for (let i = 1; i <= 200_000; i += 997) assert.equal(seen.add(`row-${i}`, 1), i);
});
