import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {gzipSync} from "node:zlib";
import {
  assertBadInput,
  assertCountsAddUp,
  droppedIn,
  folderWith,
  preparedRows,
  readConfigured,
  REAL_DATA,
  skipWithoutRealData
} from "./given-files.js";

const AMAZON = {reader: "amazonqa", path: "qa.json.gz"};

/** As McAuley's files have them: single quotes, doubled where the text has one, escapes, and lines gone wrong. */
const LINES = String.raw`
{'questionType': 'yes/no', 'asin': 'B01', 'unixTime': 1403852400, 'question': "Doesn't it fit?", 'answerType': '?', 'answer': 'It\'s 5" wide, caf\xe9 \u2013 fine.'}
{'asin': 'B01', 'question': 'Two\nlines?', 'answer': u'Yes\\no 🙂', 'answerType': None}
{"asin": "B02", "question": "Why don\'t they?", "answer": "They "do" it"}
{"asin": "B02", "question": "Why don\'t they?", "answer": "They\'re old."}
{'asin': 'B02', 'question': 'Empty?', 'answer': '  '}
{'asin': 'B02', 'question': 'Cut?', 'answ
{'asin': 'B01', 'question': "Doesn't it fit?", 'answer': 'It\'s 5" wide, café – fine.'}
`;

test("AmazonQA of 2016: Python literals, one product a dialogue; malformed lines are counted, not fatal", async (t) => {
  const folder = await folderWith(t, {"qa.json.gz": gzipSync(LINES.replaceAll("\n", "\r\n"))});
  const corpus = await readConfigured(AMAZON, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(
    corpus.examples.map(({dialogue_id, turns, response}) => [dialogue_id, turns[0]!.text, response]),
    [
      ["B01", "Doesn't it fit?", "It's 5\" wide, café – fine."],
      ["B01", "Two\nlines?", "Yes\\no 🙂"],
      ["B02", "Why don't they?", "They're old."]
    ]
  );
  assert.deepEqual(droppedIn(corpus), {
    "the line is neither JSON nor a Python literal": 2,
    "the response is empty": 1,
    "the same as an earlier one": 1
  });
});

test("AmazonQA with several answers: the first of each question, or all", async (t) => {
  const product = (asin: string, ...questions: [string, ...string[]][]) =>
    `{'asin': '${asin}', 'questions': [${questions
      .map(
        ([question, ...answers]) =>
          `{'questionType': 'open-ended', 'askerID': 'A1', 'questionText': '${question}', 'answers': [${answers
            .map((text) => `{'answerText': '${text}', 'helpful': [0, 1], 'answerScore': 0.5}`)
            .join(", ")}]}`
      )
      .join(", ")}]}\n`;
  const folder = await folderWith(t, {
    "qa.json": product("B01", ["One?", "first", "second"], ["Two?"]) + product("B02", ["One?", "first"])
  });
  const first = await readConfigured({...AMAZON, path: "qa.json"}, folder);
  const all = await readConfigured({...AMAZON, path: "qa.json", answers: "all"}, folder);
  for (const corpus of [first, all]) {
    assertCountsAddUp(corpus);
    assert.deepEqual(droppedIn(corpus), {"the question has no answer": 1});
  }
  const said = ({examples}: typeof all) => examples.map((row) => [row.dialogue_id, row.response]);
  assert.deepEqual(said(first), [
    ["B01", "first"],
    ["B02", "first"]
  ]);
  assert.deepEqual(said(all), [
    ["B01", "first"],
    ["B01", "second"],
    ["B02", "first"]
  ]);
  const ids = all.examples.map(({example_id}) => example_id);
  assert.ok(first.examples.every(({example_id}) => ids.includes(example_id)));
});

test("AmazonQA of 2019: JSON Lines with review snippets", async (t) => {
  const row = {
    asin: "B03",
    category: "Video_Games",
    questionText: "Does it run?",
    questionType: "yesno",
    review_snippets: ["It runs.", "Runs well."],
    answers: [
      {answerText: "It does.", answerType: "Y", helpful: [1, 2]},
      {answerText: "No.", answerType: "N", helpful: [0, 0]}
    ],
    is_answerable: 1,
    qid: 7
  };
  const folder = await folderWith(t, {"val-qar.jsonl": `${JSON.stringify(row)}\n`});
  const {examples} = await readConfigured({...AMAZON, path: "val-qar.jsonl", answers: "all"}, folder);
  assert.deepEqual(
    examples.map(({turns, response}) => [turns, response]),
    [
      [[{role: "user", text: "Does it run?"}], "It does."],
      [[{role: "user", text: "Does it run?"}], "No."]
    ]
  );
});

test("AmazonQA: a line with other keys is refused by its number; a file of rubbish by what was left out", async (t) => {
  const folder = await folderWith(t, {
    "other.json": "{'asin': 'B1', 'question': 'a', 'answer': 'b'}\n{'asin': 'B1', 'q': 'a', 'a': 'b'}\n",
    "list.json": "['a']\n",
    "rubbish.json": "one\ntwo\n"
  });
  await assertBadInput(readConfigured({...AMAZON, path: "other.json"}, folder), {
    where: /^other\.json, line 2$/,
    expected: /asin with question and answer/,
    found: /the keys asin, q, a$/,
    mend: /reader/
  });
  await assertBadInput(readConfigured({...AMAZON, path: "list.json"}, folder), {found: /\["a"\]/});
  await assertBadInput(readConfigured({...AMAZON, path: "rubbish.json"}, folder), {
    found: /2 rows, all of them left out \(2: the line is neither/
  });
});

test("AmazonQA Appliances as published: every line, and every prepared row among them", async (t) => {
  if (skipWithoutRealData(t)) return;
  const corpus = await readConfigured({...AMAZON, path: "original/qa_Appliances.json.gz"}, REAL_DATA);
  assertCountsAddUp(corpus);
  const readme = await readFile(join(REAL_DATA, "amazonqa/README.md"), "utf8");
  assert.equal(corpus.card.rows_read, Number(/source rows: (\d+)/.exec(readme)![1]));
  // what other code could not read is an upper bound: it knew less of Python's literals
  const unreadable = droppedIn(corpus)["the line is neither JSON nor a Python literal"]!;
  assert.ok(unreadable > 0 && unreadable <= Number(/'unreadable line': (\d+)/.exec(readme)![1]));
  const known = new Set(corpus.examples.map(({turns, response}) => JSON.stringify([turns, response])));
  const missing = (await preparedRows("amazonqa/amazonqa.jsonl.gz")).filter(
    ({turns, response}) => !known.has(JSON.stringify([turns, response]))
  );
  assert.deepEqual(missing, []);
});
