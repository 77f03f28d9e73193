import assert from "node:assert/strict";
import {test} from "node:test";
import {zipSync} from "fflate";
import {assertBadInput, assertCountsAddUp, droppedIn, folderWith, readConfigured} from "./given-files.js";

const S = " +++$+++ ";
const spoken = (id: string, character: string, text: string) => [id, character, "m0", "NAME", text].join(S);
/** In the publisher's order: the last line of a conversation first. 0x92 and 0xe9 are ’ and é in Windows-1252. */
const LINES = Buffer.from(
  [
    spoken("L4", "u1", "Fin."),
    spoken("L3", "u0", "It\x92s a caf\xe9."),
    spoken("L2", "u0", "Look there!"),
    spoken("L1", "u1", "  Where?"),
    spoken("L9", "u2", ""),
    spoken("L8", "u0", "Hello? +++$+++ indeed"),
    spoken("L1000000", "u2", "Far away.")
  ].join("\n"),
  "latin1"
);
const talk = (...ids: string[]) => ["u0", "u1", "m0", `[${ids.map((id) => `'${id}'`).join(", ")}]`].join(S);
const CONVERSATIONS = `${talk("L1", "L2", "L3", "L4")}\n${talk("L8", "L9")}\n${talk("L8", "L1000000")}\n${talk("L8", "L7")}\n`;
const FILES = {"movie_lines.txt": LINES, "movie_conversations.txt": CONVERSATIONS};
const CORNELL = {reader: "cornell-movie", path: "."};

test("Cornell: a conversation's lines are looked up; who speaks the response is its assistant", async (t) => {
  const folder = await folderWith(t, FILES);
  const corpus = await readConfigured(CORNELL, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(corpus.examples, [
    {
      example_id: "m0-L1-L4",
      dialogue_id: "m0-L1",
      turns: [
        {role: "assistant", text: "Where?"},
        {role: "user", text: "Look there!"},
        {role: "user", text: "It’s a café."}
      ],
      response: "Fin."
    },
    {
      example_id: "m0-L8-L1000000",
      dialogue_id: "m0-L8",
      turns: [{role: "user", text: "Hello? +++$+++ indeed"}],
      response: "Far away."
    }
  ]);
  assert.deepEqual(droppedIn(corpus), {
    "the response is empty": 1,
    "the conversation has a line that movie_lines.txt lacks": 1
  });
});

test("Cornell: the first response, or all of them, each with roles of its own", async (t) => {
  const folder = await folderWith(t, {...FILES, "movie_conversations.txt": talk("L1", "L2", "L3", "L4")});
  const first = await readConfigured({...CORNELL, turn: "first"}, folder);
  const all = await readConfigured({...CORNELL, turn: "all"}, folder);
  const shown = ({examples}: typeof all) =>
    examples.map(({example_id, turns}) => [example_id, turns.map(({role}) => role).join(" ")]);
  assert.deepEqual(shown(first), [["m0-L1-L2", "user"]]);
  assert.deepEqual(shown(all), [
    ["m0-L1-L2", "user"],
    ["m0-L1-L3", "user assistant"],
    ["m0-L1-L4", "assistant user user"]
  ]);
});

test("Cornell: the publisher's zip, and copies in UTF-8, give the same corpus", async (t) => {
  const within = (folder: string, files: Record<string, Uint8Array>) =>
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  const bytes = {...FILES, "movie_conversations.txt": Buffer.from(CONVERSATIONS)};
  const zip = zipSync({
    ...within("cornell movie-dialogs corpus", bytes),
    ...within("__MACOSX/cornell movie-dialogs corpus", {"movie_lines.txt": Buffer.from("rubbish")})
  });
  const utf8 = LINES.toString("latin1").replaceAll("\x92", "’");
  const folder = await folderWith(t, {
    "cornell.zip": zip,
    "cut.zip": zip.subarray(0, zip.length / 3),
    "plain/movie_lines.txt": LINES,
    "plain/movie_conversations.txt": CONVERSATIONS.replaceAll("\n", "\r\n"),
    "copy/movie_lines.txt": utf8,
    "copy/movie_conversations.txt": CONVERSATIONS
  });
  const contents = await Promise.all(
    ["cornell.zip", "plain", "copy"].map(
      async (path) => (await readConfigured({...CORNELL, path}, folder)).card.content
    )
  );
  assert.equal(new Set(contents).size, 1);
  await assertBadInput(readConfigured({...CORNELL, path: "cut.zip"}, folder), {where: /^cut\.zip/});
});

test("Cornell finds lines wherever they stand in a long file", async (t) => {
  const count = 30_000;
  const lines = Array.from({length: count}, (_, i) =>
    spoken(`L${i}`, `u${i % 2}`, `line ${i} ${"x".repeat(i % 90)}`)
  );
  const far = Array.from({length: 200}, (_, i) => talk(`L${i}`, `L${count - 1 - i}`));
  const folder = await folderWith(t, {
    "movie_lines.txt": lines.join("\n"),
    "movie_conversations.txt": far.join("\n")
  });
  const {examples} = await readConfigured(CORNELL, folder);
  assert.equal(examples.length, 200);
  examples.forEach(({turns, response}, i) => {
    assert.match(turns[0]!.text, new RegExp(`^line ${i}( x+)?$`));
    assert.match(response, new RegExp(`^line ${count - 1 - i}( x+)?$`));
  });
});

test("Cornell: files that are missing or of another shape", async (t) => {
  const folder = await folderWith(t, {
    "half/movie_lines.txt": LINES,
    "lines/movie_lines.txt": `${spoken("L1", "u0", "a")}\nL2, u1, m0, b\n`,
    "lines/movie_conversations.txt": talk("L1", "L2"),
    "talks/movie_lines.txt": LINES,
    "talks/movie_conversations.txt": "u0 u1 m0 L1 L2\n"
  });
  const reading = (path: string) => readConfigured({...CORNELL, path}, folder);
  await assertBadInput(reading("half"), {
    expected: /movie_lines\.txt and movie_conversations\.txt/,
    found: /0 files called movie_conversations\.txt/
  });
  await assertBadInput(reading("lines"), {
    where: /^lines\/movie_lines\.txt, line 2$/,
    expected: /\+\+\+\$\+\+\+/,
    found: /L2, u1, m0, b/
  });
  await assertBadInput(reading("talks"), {where: /^talks\/movie_conversations\.txt, line 1$/});
});
