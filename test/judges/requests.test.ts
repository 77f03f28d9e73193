import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {voteRequests} from "../../data-loaders/judges/requests.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import type {StudyFile} from "../../data-loaders/study/read-study.js";
import type {Example} from "../../src/core/conversation.js";

const STUDY = `because: 1
title: Judged
corpora:
  talks: {reader: coqa, path: coqa.json}
  films: {reader: cornell-movie, path: films}
axes:
  quality: {question: How good?, labels: [1, 2, 3, 4, 5]}
  clarity: {question: How clear?, labels: [1, 2, 3, 4, 5]}
judges:
  one: {model: m-1, base_url: "http://localhost:1/v1"}
  two: {model: m-2, base_url: "http://localhost:1/v1"}
prompts:
  plain: {built_in: scale-4}
  own: {template: ask.txt, scale: [0, 10]}
split: {train: 20, test: 10}
`;

async function studyWith(
  judging = "",
  template = "{{question}} {{response}}",
  more?: string
): Promise<StudyFile> {
  const folder = await mkdtemp(join(tmpdir(), "because-requests-"));
  try {
    const study = more ? STUDY.replace("split:", `  more: ${more}\nsplit:`) : STUDY;
    await writeFile(join(folder, "study.yaml"), `${study}${judging}\n`);
    if (template) await writeFile(join(folder, "ask.txt"), template);
    const file = await readStudy(join(folder, "study.yaml"), {data: "elsewhere"});
    await voteRequests(file, []);
    return {...file, study: {...file.study}};
  } finally {
    process.once("exit", () => void rm(folder, {recursive: true, force: true}));
  }
}

function examples(count: number, text = "Hello there."): Example[] {
  return Array.from({length: count}, (_, i) => ({
    example_id: `e${i}`,
    dialogue_id: `d${i}`,
    turns: [{role: "user", text: `Question ${i}?`}],
    response: `${text} ${i}`
  }));
}

describe("questions to judges", () => {
  it("are every example × axis × prompt × judge, once", async () => {
    const {requests} = await voteRequests(await studyWith(), [{id: "talks", examples: examples(5)}]);
    const names = requests.map(({example_id, axis, prompt, judge}) =>
      [example_id, axis, prompt, judge].join(" ")
    );
    assert.equal(names.length, 5 * 2 * 2 * 2);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(names.slice(0, 4), [
      "e0 quality plain one",
      "e0 quality plain two",
      "e0 quality own one",
      "e0 quality own two"
    ]);
  });

  it("wherever they end, judges are asked equally, examples whole, and corpora in proportion", async () => {
    const drawn = [
      {id: "talks", examples: examples(30)},
      {id: "films", examples: examples(10)}
    ];
    const {requests} = await voteRequests(await studyWith(), drawn);
    for (const end of [8, 80, 161, 250]) {
      const asked = requests.slice(0, end);
      const by = (judge: string) => asked.filter((request) => request.judge === judge).length;
      assert.ok(Math.abs(by("one") - by("two")) <= 1);
      const counts = new Map<string, number>();
      for (const {corpus, example_id} of asked)
        counts.set(`${corpus} ${example_id}`, (counts.get(`${corpus} ${example_id}`) ?? 0) + 1);
      assert.ok([...counts.values()].filter((count) => count < 8).length <= 1);
      const films = asked.filter(({corpus}) => corpus === "films").length;
      assert.ok(Math.abs(films - end / 4) <= 8, `${films} of ${end}`);
    }
  });

  it("templates lie beside the study file, and a prompt's own scale goes with it", async () => {
    const {requests} = await voteRequests(await studyWith(), [{id: "talks", examples: examples(1)}]);
    const own = requests.find(({prompt}) => prompt === "own")!;
    assert.deepEqual(own.messages, [{role: "user", content: "How good? Hello there. 0"}]);
    assert.deepEqual(own.scale, [0, 10]);
  });

  it("a template that is missing or wrong is bad input", async () => {
    await assert.rejects(studyWith("", ""), /ask\.txt \(prompt own\): expected a template/);
    await assert.rejects(studyWith("", "{{respons}}"), /Did you mean \{\{response\}\}/);
  });

  it("a template that doesn't say which of several axes to rate is bad input", async () => {
    for (const template of [
      "{{response}}",
      "{{labels}} {{scale}} {{response}} {{format}}",
      "{{definition}} {{response}}"
    ])
      await assert.rejects(
        studyWith("", template),
        /prompts\.own: expected a prompt that says on which axis .* found the same question on quality and on clarity/s
      );
    await studyWith("", "{{axis}} {{response}}");
  });

  it("two prompts that ask the same are bad input, whatever they count as", async () => {
    const twice = (second: string) =>
      studyWith(`merge: {scores: mean}\n`, "{{question}} {{response}}", second);
    await assert.rejects(
      twice("{built_in: scale-4, map: [1, 2, 3, 5]}"),
      /prompts\.more: .*plain and more are the same/s
    );
    await assert.rejects(twice("{template: ask.txt, scale: [0, 10]}"), /own and more are the same/);
    await twice("{built_in: scale-5}");
  });

  it("private text is masked and counted, in turns and response", async () => {
    const [first, second] = examples(2) as [Example, Example];
    first.response = "Write to me@example.org or call +1 415 555 2671.";
    first.turns[0]!.text = "Mine is you@example.org.";
    const {requests, masked, dropped} = await voteRequests(await studyWith(), [
      {id: "talks", examples: [first, second]}
    ]);
    assert.deepEqual(masked, {emails: 2, telephones: 1, examples: 1});
    assert.deepEqual(dropped, []);
    const sent = requests.map(({messages}) => messages[0]!.content).join("\n");
    assert.ok(sent.includes("Write to [e-mail] or call [telephone]."));
    assert.ok(sent.includes("user: Mine is [e-mail]."));
    assert.doesNotMatch(sent, /example\.org|555/);
    assert.match(first.response, /me@example\.org/, "the example itself stays as it is");
  });

  it("or its examples are left out, or it is sent", async () => {
    const [first, second] = examples(2) as [Example, Example];
    first.response = "Write to me@example.org.";
    const drawn = [{id: "talks", examples: [first, second]}];
    const left = await voteRequests(await studyWith("judging: {private_text: drop}"), drawn);
    assert.deepEqual(left.dropped, [{corpus: "talks", example_id: "e0"}]);
    assert.deepEqual(new Set(left.requests.map(({example_id}) => example_id)), new Set(["e1"]));
    const sent = await voteRequests(await studyWith("judging: {private_text: send}"), drawn);
    assert.deepEqual(sent.masked, {emails: 0, telephones: 0, examples: 0});
    assert.match(sent.requests[0]!.messages[0]!.content, /me@example\.org/);
  });
});
