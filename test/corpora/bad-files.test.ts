import {test} from "node:test";
import {gzipSync} from "node:zlib";
import {assertBadInput, folderWith, readConfigured} from "./given-files.js";

const columns = {id: "id", response: "reply"};
const jsonl = (path: string, more: object = {}) => ({reader: "jsonl", path, columns, ...more});
const csv = (path: string, more: object = {}) => ({reader: "csv", path, columns, ...more});
const row = (id: string, reply = "yes") => `${JSON.stringify({id, reply})}\n`;

test("a missing file: the message says where it was looked for, and what --data was", async (t) => {
  const folder = await folderWith(t, {});
  for (const reader of ["usr", "fed", "uss"])
    await assertBadInput(readConfigured({reader, path: "no/such", scores: {}}, folder), {
      where: /^no\/such$/,
      found: /nothing/
    });
  for (const reader of ["jsonl", "csv", "parquet"])
    await assertBadInput(readConfigured({reader, path: "no/such.gz", columns}, folder), {
      where: /^no\/such\.gz$/,
      expected: new RegExp(`a file at ${folder}/no/such\\.gz`),
      found: /nothing/,
      mend: new RegExp(`--data.*${folder}`)
    });
  await assertBadInput(readConfigured(jsonl("."), folder), {found: /a folder/});
});

test("a missing column: the message has the nearest spelling", async (t) => {
  const folder = await folderWith(t, {
    "m.jsonl": '{"id": 1, "replay": "yes", "meta": {"label": 3}}\n',
    "m.csv": "id,answer\n1,yes\n"
  });
  await assertBadInput(readConfigured(jsonl("m.jsonl"), folder), {
    where: /^m\.jsonl$/,
    expected: /a column “reply” \(key columns\.response\)/,
    found: /id, replay, meta, meta\.label/,
    mend: /“replay”/
  });
  await assertBadInput(readConfigured(csv("m.csv"), folder), {
    expected: /columns\.response/,
    found: /id, answer/,
    mend: /columns\.response/
  });
  const nested = jsonl("m.jsonl", {columns: {response: "replay"}, labels: {quality: "meta.lable"}});
  await assertBadInput(readConfigured(nested, folder), {
    expected: /“meta\.lable” \(key labels\.quality\)/,
    mend: /“meta\.label”/
  });
  const scored = jsonl("m.jsonl", {
    columns: {response: "replay"},
    scores: {quality: {from: ["rater one"], scale: [1, 5]}}
  });
  await assertBadInput(readConfigured(scored, folder), {
    expected: /“rater one” \(key scores\.quality\.from\)/
  });
});

test("a row without what it needs is named", async (t) => {
  const folder = await folderWith(t, {
    "empty.jsonl": `${row("a")}\n${row("b", "  ")}`,
    "absent.jsonl": `${row("a")}{"id": "b"}\n`,
    "empty.csv": 'id,reply\na,"two\nlines"\nb,\n',
    "list.jsonl": '{"id": "a", "reply": ["yes"]}\n'
  });
  await assertBadInput(readConfigured(jsonl("empty.jsonl"), folder), {
    where: /^empty\.jsonl, line 3, column reply$/,
    expected: /a response with text/,
    found: /an empty one/,
    mend: /remove the row/
  });
  await assertBadInput(readConfigured(jsonl("absent.jsonl"), folder), {
    where: /line 2, column reply/,
    found: /no such value/
  });
  await assertBadInput(readConfigured(csv("empty.csv"), folder), {
    where: /^empty\.csv, line 4, column reply$/,
    found: /an empty one/
  });
  await assertBadInput(readConfigured(jsonl("list.jsonl"), folder), {
    where: /line 1/,
    expected: /text/,
    found: /\["yes"\]/
  });
});

test("an id that two rows share: both are named", async (t) => {
  const folder = await folderWith(t, {
    "twice.jsonl": row("a") + row("b") + row("a"),
    "twice.csv": "id,reply\na,x\n\na,y\n"
  });
  await assertBadInput(readConfigured(jsonl("twice.jsonl"), folder), {
    where: /^twice\.jsonl, line 3, column id$/,
    expected: /an id of its own/,
    found: /“a”, which line 1 has too/,
    mend: /columns\.id/
  });
  await assertBadInput(readConfigured(csv("twice.csv"), folder), {where: /line 4/, found: /line 2 has too/});
});

test("an empty corpus", async (t) => {
  const folder = await folderWith(t, {
    "e.jsonl": "\n\n",
    "e.csv": "id,reply\n",
    "none.csv": "",
    "e.json": "[]",
    "e.txt": "\n"
  });
  for (const config of [jsonl("e.jsonl"), csv("e.csv"), csv("none.csv")])
    await assertBadInput(readConfigured(config, folder), {
      where: /^\w+\.\w+ \(corpus mine\)$/,
      expected: /at least one example/,
      found: /an empty corpus/,
      mend: /path/
    });
  await assertBadInput(readConfigured({reader: "usr", path: "e.json", scores: {}}, folder), {
    found: /empty corpus/
  });
  await assertBadInput(readConfigured({reader: "uss", path: "e.txt", scores: {}}, folder), {
    found: /empty corpus/
  });
});

test("a corpus of which nothing could be kept says why", async (t) => {
  const folder = await folderWith(t, {"u.txt": "USER\tHi\t\t3,3\nUSER\tOVERALL\t\t3\n"});
  await assertBadInput(readConfigured({reader: "uss", path: "u.txt", scores: {}}, folder), {
    found:
      /2 rows, all of them left out \(1: the rated user line follows no system turn; 1: a rating of a whole dialogue\)/
  });
});

test("invalid UTF-8: line, byte and offset", async (t) => {
  const latin1 = Buffer.from(`${row("a")}${row("b", "café")}`, "latin1");
  const offset = latin1.indexOf(0xe9);
  const cut = Buffer.from("id,reply\na,né\nb,€").subarray(0, -1);
  const folder = await folderWith(t, {
    "l.jsonl": latin1,
    "l.jsonl.gz": gzipSync(latin1),
    "l.csv": latin1,
    "cut.csv": cut,
    "l.json": latin1,
    "l.txt": latin1
  });
  for (const path of ["l.jsonl", "l.jsonl.gz"])
    await assertBadInput(readConfigured(jsonl(path), folder), {
      where: new RegExp(`^${path.replaceAll(".", "\\.")}, line 2$`),
      expected: /UTF-8/,
      found: new RegExp(`byte 0xe9 at offset ${offset},`),
      mend: /iconv/
    });
  await assertBadInput(readConfigured(csv("l.csv"), folder), {
    where: /l\.csv, line 2/,
    found: new RegExp(`0xe9 at offset ${offset},`)
  });
  await assertBadInput(readConfigured(csv("cut.csv"), folder), {
    where: /line 3/,
    found: new RegExp(`0xe2 at offset ${cut.length - 2},`)
  });
  await assertBadInput(readConfigured({reader: "fed", path: "l.json", scores: {}}, folder), {found: /0xe9/});
  await assertBadInput(readConfigured({reader: "uss", path: "l.txt", scores: {}}, folder), {found: /0xe9/});
});

test("gzip that breaks off, and what is no gzip at all", async (t) => {
  const whole = gzipSync(Array.from({length: 500}, (_, i) => row(`r${i}`, String(Math.sqrt(i)))).join(""));
  const folder = await folderWith(t, {
    "cut.jsonl.gz": whole.subarray(0, 1000),
    "cut.csv.gz": whole.subarray(0, 1000),
    "plain.jsonl.gz": row("a")
  });
  for (const config of [jsonl("cut.jsonl.gz"), csv("cut.csv.gz")])
    await assertBadInput(readConfigured(config, folder), {
      where: /^cut\.\w+\.gz$/,
      expected: /a whole gzip file/,
      found: /breaks off after 1000 bytes/,
      mend: /fetch it again/
    });
  await assertBadInput(readConfigured(jsonl("plain.jsonl.gz"), folder), {
    found: /gzip cannot read/,
    mend: /drop `\.gz`/
  });
});

test("a line that is no JSON object", async (t) => {
  const folder = await folderWith(t, {
    "cut.jsonl": `${row("a")}\n{"id": "b", "rep`,
    "list.jsonl": '["a"]\n',
    "whole.jsonl": "[\n{}\n]"
  });
  await assertBadInput(readConfigured(jsonl("cut.jsonl"), folder), {
    where: /^cut\.jsonl, line 3$/,
    expected: /one JSON object on the line/,
    found: /no JSON \(.*\)/,
    mend: /jq/
  });
  await assertBadInput(readConfigured(jsonl("list.jsonl"), folder), {where: /line 1/, found: /a list/});
  await assertBadInput(readConfigured(jsonl("whole.jsonl"), folder), {where: /line 1/, found: /no JSON/});
});

test("a document that is no JSON", async (t) => {
  const folder = await folderWith(t, {"cut.json": '[{"context": "hel'});
  for (const reader of ["usr", "fed"])
    await assertBadInput(readConfigured({reader, path: "cut.json", scores: {}}, folder), {
      where: /^cut\.json$/,
      expected: /JSON document/,
      found: /no JSON/
    });
});

test("a CSV row that does not fit its header", async (t) => {
  const folder = await folderWith(t, {
    "few.csv": "id,reply\na,yes\nb\n",
    "many.csv": "id,reply\na,yes, and no\n",
    "open.csv": 'id,reply\na,"yes\nb,no\n',
    "quote.csv": 'id,reply\na,yes "quoted"\n',
    "twice.csv": "id,reply,reply\na,yes,no\n"
  });
  const message = {expected: /as many fields as the header/, mend: /double quotes/};
  await assertBadInput(readConfigured(csv("few.csv"), folder), {
    ...message,
    where: /^few\.csv, line 3$/,
    found: /expect 2, got 1/
  });
  await assertBadInput(readConfigured(csv("many.csv"), folder), {...message, where: /^many\.csv, line 2$/});
  await assertBadInput(readConfigured(csv("open.csv"), folder), {
    ...message,
    where: /^open\.csv, line/,
    found: /[Qq]uote/
  });
  await assertBadInput(readConfigured(csv("quote.csv"), folder), {...message, where: /^quote\.csv, line 2$/});
  await assertBadInput(readConfigured(csv("twice.csv"), folder), {
    where: /line 1/,
    expected: /every column once/,
    found: /“reply” twice/
  });
});

test("what is no Parquet file", async (t) => {
  const folder = await folderWith(t, {
    "text.parquet": row("a"),
    "tiny.parquet": "x",
    "hollow.parquet": "PAR1 nothing of the kind PAR1"
  });
  for (const path of ["text.parquet", "tiny.parquet", "hollow.parquet"])
    await assertBadInput(readConfigured({reader: "parquet", path, columns}, folder), {
      where: new RegExp(`^${path}$`),
      expected: /a whole Parquet file/,
      mend: /reader/
    });
});

test("a score that is no number", async (t) => {
  const folder = await folderWith(t, {
    "s.jsonl": '{"id": "a", "reply": "x", "s": [3, "good"]}\n',
    "s.csv": "id,reply,s\na,x,3;4\nb,y,high\n"
  });
  const scores = {quality: {from: "s", scale: [1, 5]}};
  await assertBadInput(readConfigured(jsonl("s.jsonl", {scores}), folder), {
    where: /line 1, column s/,
    expected: /a score/,
    found: /good/
  });
  await assertBadInput(readConfigured(csv("s.csv", {scores}), folder), {
    where: /^s\.csv, line 3, column s$/,
    found: /high/
  });
});
