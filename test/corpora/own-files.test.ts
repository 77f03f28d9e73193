import assert from "node:assert/strict";
import {test} from "node:test";
import {gzipSync} from "node:zlib";
import {stringify} from "./csv-text.js";
import {folderWith, readConfigured, REAL_DATA, skipWithoutRealData, writeParquet} from "./given-files.js";

const ROWS = [
  {
    key: "a1",
    talk: "t1",
    before: [
      {role: "user", text: 'Is "late" late, or\njust slow?'},
      {role: "assistant", text: "Both: it depends."}
    ],
    said: "It is late, sadly.",
    verdict: "4",
    why: "it answers with a word of feeling",
    clarity: [4, 5, null]
  },
  {
    key: "a2",
    talk: "t1",
    before: [],
    said: "Größe zählt, né? 🙂",
    verdict: "2",
    why: null,
    clarity: [null, null, null]
  },
  {
    key: "b1",
    talk: "t2",
    before: [{role: "user", text: "Hm."}],
    said: "Yes",
    verdict: null,
    why: "short",
    clarity: [1, 1, 2]
  }
];

const COLUMNS = {id: "key", dialogue: "talk", turns: "before", response: "said"};
const OWN = {
  columns: COLUMNS,
  labels: {quality: "verdict"},
  scores: {clarity: {from: "clarity", scale: [1, 5]}},
  explanations: {quality: "why"}
};

const EXPECTED = [
  {
    example_id: "a1",
    dialogue_id: "t1",
    turns: ROWS[0]!.before,
    response: ROWS[0]!.said,
    given: {quality: {label: "4", explanation: "it answers with a word of feeling"}},
    scores: {clarity: [4, 5, null]}
  },
  {
    example_id: "a2",
    dialogue_id: "t1",
    turns: [],
    response: ROWS[1]!.said,
    given: {quality: {label: "2"}},
    scores: {clarity: [null, null, null]}
  },
  {
    example_id: "b1",
    dialogue_id: "t2",
    turns: ROWS[2]!.before,
    response: "Yes",
    given: {quality: {explanation: "short"}},
    scores: {clarity: [1, 1, 2]}
  }
];

const JSONL = ROWS.map((row) => `${JSON.stringify(row)}\n`).join("\n");
const CSV = stringify(
  ROWS.map((row) => ({
    ...row,
    before: JSON.stringify(row.before),
    clarity: row.clarity.map((score) => score ?? "N/A").join(";")
  }))
);

test("the same rows as JSONL, CSV, TSV, gzip and Parquet are the same corpus", async (t) => {
  const folder = await folderWith(t, {
    "mine.jsonl": JSONL,
    "mine.jsonl.gz": gzipSync(JSONL),
    "marked.jsonl": `\uFEFF${JSONL.replaceAll("\n", "\r\n")}`,
    "mine.csv": CSV,
    "mine.csv.gz": gzipSync(`\uFEFF${CSV}`),
    "mine.tsv": stringify(
      ROWS.map((row) => ({...row, before: JSON.stringify(row.before), clarity: JSON.stringify(row.clarity)})),
      "\t"
    )
  });
  await writeParquet(folder, "mine [1].parquet", ROWS);
  const corpora = await Promise.all(
    [
      "mine.jsonl",
      "mine.jsonl.gz",
      "marked.jsonl",
      "mine.csv",
      "mine.csv.gz",
      "mine.tsv",
      "mine [1].parquet"
    ].map((path) =>
      readConfigured({reader: /jsonl|csv|parquet/.exec(path)?.[0] ?? "csv", path, ...OWN}, folder)
    )
  );
  for (const {examples} of corpora) assert.deepEqual(examples, EXPECTED);
  assert.equal(new Set(corpora.map(({card}) => card.content)).size, 1);
});

test("numbers are labels as they stand: 4 in JSONL and Parquet is “4” in CSV", async (t) => {
  const folder = await folderWith(t, {
    "n.jsonl": '{"said": "yes", "n": 4}\n{"said": "no", "n": 5}\n',
    "n.csv": "said,n\nyes,4\nno,5\n"
  });
  await writeParquet(folder, "n.parquet", [
    {said: "yes", n: 4},
    {said: "no", n: 5}
  ]);
  for (const reader of ["jsonl", "csv", "parquet"]) {
    const config = {reader, path: `n.${reader}`, columns: {response: "said"}, labels: {quality: "n"}};
    const {examples} = await readConfigured(config, folder);
    assert.deepEqual(
      examples.map(({given}) => given!.quality!.label),
      ["4", "5"],
      reader
    );
  }
});

test("without id and dialogue columns, rows are numbered and each is a dialogue of its own", async (t) => {
  const folder = await folderWith(t, {"mine.jsonl": '{"a": "x"}\n\n{"a": "y"}\n'});
  const {examples} = await readConfigured(
    {reader: "jsonl", path: "mine.jsonl", columns: {response: "a"}},
    folder
  );
  assert.deepEqual(examples, [
    {example_id: "1", dialogue_id: "1", turns: [], response: "x"},
    {example_id: "2", dialogue_id: "2", turns: [], response: "y"}
  ]);
});

test("a dotted path reaches into nested values; a column that is called so comes first", async (t) => {
  const rows = [
    {chat: {reply: "nested", scores: {ann: 2, bob: "3"}}},
    {chat: {reply: "nested", scores: {ann: 1}}, "chat.reply": "named"}
  ];
  const folder = await folderWith(t, {"mine.jsonl": rows.map((row) => JSON.stringify(row)).join("\n")});
  const {examples} = await readConfigured(
    {
      reader: "jsonl",
      path: "mine.jsonl",
      columns: {response: "chat.reply"},
      scores: {quality: {from: ["chat.scores.ann", "chat.scores.bob"], scale: [1, 5]}}
    },
    folder
  );
  assert.deepEqual(
    examples.map(({response}) => response),
    ["nested", "named"]
  );
  assert.deepEqual(
    examples.map(({scores}) => scores),
    [
      {"chat.scores.ann": [2], "chat.scores.bob": [3]},
      {"chat.scores.ann": [1], "chat.scores.bob": [null]}
    ]
  );
});

test("turns may be text with one turn a line, or a list with `content` for the text", async (t) => {
  const folder = await folderWith(t, {
    "mine.csv": 'turns,reply\n"Anna: Where: here?\nor there?\nBob:  Here. ",Fine\n',
    "mine.jsonl": '{"turns": [{"role": "user", "content": "hi"}], "reply": "ho"}',
    "plain.csv": "turns,reply\nhello,Fine\n"
  });
  const columns = {turns: "turns", response: "reply"};
  const csv = await readConfigured({reader: "csv", path: "mine.csv", columns}, folder);
  assert.deepEqual(csv.examples[0]!.turns, [
    {role: "Anna", text: "Where: here? or there?"},
    {role: "Bob", text: "Here."}
  ]);
  const jsonl = await readConfigured({reader: "jsonl", path: "mine.jsonl", columns}, folder);
  assert.deepEqual(jsonl.examples[0]!.turns, [{role: "user", text: "hi"}]);
  const plain = await readConfigured({reader: "csv", path: "plain.csv", columns}, folder);
  assert.deepEqual(plain.examples[0]!.turns, [{role: "context", text: "hello"}]);
});

test("a real prepared set reads as one's own file does, scores and all", async (t) => {
  if (skipWithoutRealData(t)) return;
  const {examples, card} = await readConfigured(
    {
      reader: "jsonl",
      path: "usr_personachat/usr_personachat.jsonl.gz",
      columns: {id: "id", dialogue: "meta.dialogue_id", turns: "turns", response: "response"},
      scores: {quality: {from: "human_labels.Overall", scale: [1, 5]}}
    },
    REAL_DATA
  );
  assert.deepEqual([card.rows_kept, card.dialogues], [300, 60]);
  assert.ok(examples.every(({scores}) => scores!["human_labels.Overall"]!.length === 3));
});
