/** Ratings files against the examples of a study: of which text they are, and of examples that are not there. */
import assert from "node:assert/strict";
import {test, type TestContext} from "node:test";
import {ratingsNotes, readRatingsFiles} from "../../data-loaders/annotators/ratings-files.js";
import {drawCorpora} from "../../data-loaders/corpora/draw-corpora.js";
import {BadInput} from "../../src/core/bad-input.js";
import {exampleText} from "../../src/core/judging/example-text.js";
import {parseRatings, ratingLines} from "../../src/core/judging/ratings.js";
import type {Rating} from "../../src/core/judging/votes.js";
import {studyIn} from "./stub-judges.js";

const STUDY = `
because: 1
title: Rated
corpora:
  chats: {reader: jsonl, path: chats.jsonl, columns: {turns: before, response: text}, labels: {good: label}}
axes: {good: {question: "How good is it?", labels: [1, 2, 3]}}
golden: [{path: ratings.jsonl}]
split: {train: 6, test: 4}
arms: {modes: [label-only]}
`;
const ROWS = Array.from({length: 10}, (_, i) =>
  JSON.stringify({before: "user: really?", text: `answer ${i}`, label: 1 + (i % 3)})
);
const turns = [{role: "user", text: "really?"}];

/** A rating of the row with this number, whose ids are numbers, as the Rate page would give it. */
function rating(row: number, change: Partial<Rating> = {}): Rating {
  const text = exampleText({turns, response: `answer ${row - 1}`});
  const place = {corpus: "chats", example_id: String(row), axis: "good"};
  return {...place, rater: "ann", label: "2", text, at: "2026-01-01T00:00:00Z", ...change};
}

async function read(t: TestContext, rows: string[], ratings: Rating[]) {
  const lines = (texts: string[]) => texts.map((text) => `${text}\n`).join("");
  const files = {
    "chats.jsonl": lines(rows),
    "ratings.jsonl": `\n${lines(ratings.map((one) => JSON.stringify(one)))}`
  };
  const context = await studyIn(t, STUDY, files);
  return readRatingsFiles(context.file, await drawCorpora(context));
}

test("ratings are of the text that they were given to, as the pages show it", async (t) => {
  const files = await read(t, ROWS, [rating(1), rating(7)]);
  assert.deepEqual(ratingsNotes(files), []);
});

test("a row put on top moves ids: refused with the file, the line, and both texts", async (t) => {
  const moved = [JSON.stringify({before: "user: really?", text: "new", label: 1}), ...ROWS.slice(0, 9)];
  await assert.rejects(read(t, moved, [rating(3), rating(5)]), (error: BadInput) => {
    assert.ok(error instanceof BadInput);
    assert.match(error.detail.where, /^ratings\.jsonl, line 2, example 3$/);
    assert.ok(error.detail.found.includes(rating(3).text!));
    assert.ok(error.detail.expected.includes(rating(2).text!));
    return true;
  });
});

test("ratings of what the study has not are counted, and so are those that say no text", async (t) => {
  const {text: _, ...untold} = rating(2);
  const elsewhere = [rating(3, {example_id: "99"}), rating(4, {corpus: "other"})];
  const files = await read(t, ROWS, [rating(1), untold, ...elsewhere]);
  assert.deepEqual(
    files.map((file) => [file.elsewhere, file.untold]),
    [[2, 1]]
  );
  const notes = ratingsNotes(files).join("\n");
  assert.match(notes, /ratings\.jsonl: 2 of 4 ratings are of examples that this study does not have/);
  assert.match(notes, /ratings\.jsonl: 1 of 4 ratings do not say/);
});

test("a file keeps which text was rated, and refuses one that says nothing there", () => {
  const ratings = [rating(1), rating(2, {label: null})];
  assert.deepEqual(parseRatings(ratingLines(ratings), "r.jsonl"), ratings);
  assert.throws(
    () => parseRatings(ratingLines([rating(1, {text: ""})]), "r.jsonl"),
    /r\.jsonl, line 1.*“text”/
  );
});

test("a text's name changes with any role, turn or response, and with where one ends", () => {
  const names = [
    exampleText({turns, response: "a"}),
    exampleText({turns: [], response: "a"}),
    exampleText({turns, response: "b"}),
    exampleText({turns: [{role: "guest", text: "really?"}], response: "a"}),
    exampleText({turns: [...turns, ...turns], response: "a"}),
    exampleText({turns: [{role: "user", text: "really"}], response: "?a"})
  ];
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[0-9a-f]{12}$/);
});
