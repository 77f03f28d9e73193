/** Judged corpora from files to annotations, with judges that answer from a function. */
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {test, type TestContext} from "node:test";
import {drawCorpora} from "../../data-loaders/corpora/draw-corpora.js";
import {prepareStudy} from "../../data-loaders/corpora/prepare-corpora.js";
import {type BadInput} from "../../src/core/bad-input.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import {stubAsker, studyIn} from "./stub-judges.js";

const EXAMPLES = 24;

/** Responses say which label they deserve: `plain 3`. */
function rows(name: string, more: (i: number) => object = () => ({})): string {
  return Array.from({length: EXAMPLES}, (_, i) =>
    JSON.stringify({id: `${name}${i}`, dialogue: `d${i >> 1}`, text: `${name} ${1 + (i % 5)}`, ...more(i)})
  )
    .map((line) => `${line}\n`)
    .join("");
}

function study({merge = "{}", extra = "", golden = ""} = {}): string {
  return `
because: 1
title: Judged
corpora:
  plain:
    reader: jsonl
    path: plain.jsonl
    columns: {id: id, dialogue: dialogue, response: text}
  people:
    reader: jsonl
    path: people.jsonl
    columns: {id: id, dialogue: dialogue, response: text}
    scores: {good: {from: raters, scale: [1, 5]}}
    judged: true
${extra}
axes:
  good: {question: "How good is it?", labels: [1, 2, 3, 4, 5]}
judges:
  mild: {model: mild, base_url: "http://127.0.0.1:9/v1"}
  harsh: {model: harsh, base_url: "http://127.0.0.1:9/v1"}
prompts:
  four: {built_in: scale-4}
  five: {built_in: scale-5}
merge: ${merge}
${golden}
split: {train: 10, test: 6}
arms: {modes: [label-only]}
`;
}

const FILES = {
  "plain.jsonl": rows("plain"),
  "people.jsonl": rows("people", (i) => ({raters: [1 + (i % 5), 1 + (i % 5), Math.min(5, 2 + (i % 5))]}))
};

/** Both judges see the label; the harsh one gives less. */
function say({messages, judge, scale}: VoteRequest) {
  const label = Number(/(?:plain|people) (\d)/.exec(messages[0]!.content)![1]);
  const [low, high] = scale;
  const exact = low + ((label - 1) / 4) * (high - low) - (judge === "harsh" ? 1 : 0);
  const score = Math.max(low, Math.round(exact));
  return {score, explanation: `${judge} gives ${score} of ${high}`};
}

async function prepared(t: TestContext, options: Parameters<typeof study>[0] = {}, files = FILES) {
  const context = await studyIn(t, study(options), files);
  const {ask, asked} = stubAsker(context, say);
  return {context, ask, asked, made: await prepareStudy(context, {ask})};
}

test("only examples that are drawn are asked about, and nothing is asked twice", async (t) => {
  const {context, ask, asked, made} = await prepared(t);
  const drawn = await drawCorpora(context);
  const ids = new Set(
    drawn.flatMap(({id, train, test: own}) => [...train, ...own].map(({example_id}) => `${id}/${example_id}`))
  );
  assert.equal(ids.size, 2 * 16);
  // Responses that read alike in all a judge sees are one question.
  assert.ok(asked.length <= ids.size * 4 && asked.length > 0);
  for (const {corpus, example_id} of asked) assert.ok(ids.has(`${corpus}/${example_id}`));
  const before = asked.length;
  const again = await prepareStudy(context, {ask});
  assert.equal(asked.length, before);
  assert.deepEqual(again, made);
});

test("judges' labels are merged, people's are kept; both are named", async (t) => {
  const {made} = await prepared(t, {merge: "{scores: median}"});
  const [plain, people] = made.corpora;
  const own = [...plain!.annotations.values()].flat();
  assert.equal(own.length, 16);
  for (const {example_id, label, label_source, explanation_source, explanation} of own) {
    assert.deepEqual([label_source, explanation_source], ["judges", "judges"]);
    assert.match(explanation, /^(mild|harsh) gives \d of [45]$/);
    const deserved = 1 + (Number(example_id.slice("plain".length)) % 5);
    assert.ok(Math.abs(Number(label) - deserved) <= 1);
  }
  const sources = [...people!.annotations.values()].flat().map(({label_source}) => label_source);
  assert.deepEqual([...new Set(sources)], ["raters"]);
  assert.equal(made.judged!.rule, "median");
});

test("people's labels measure every rule and judge; the best rule is chosen by them", async (t) => {
  const {made} = await prepared(t, {merge: "{scores: best}"});
  const {cubes, rule} = made.judged!;
  const errors = cubes["merge-rules"].filter(
    ({corpus, axis, measure}) => corpus === "all" && axis === "all" && measure === "mae"
  );
  assert.equal(errors.length, 6);
  assert.equal(errors.find(({chosen}) => chosen)!.rule, rule);
  assert.equal(errors.find(({chosen}) => chosen)!.value, Math.min(...errors.map(({value}) => value!)));
  const severity = (rater: string) =>
    cubes.severity.find((row) => row.corpus === "all" && row.axis === "all" && row.rater === rater)!
      .severity!;
  assert.ok(severity("mild") > 0 && severity("harsh") < 0);
  assert.ok(Math.abs(severity("mild") + severity("harsh")) < 1e-9);
  const alpha = cubes.agreement.filter(({measure, corpus}) => measure === "alpha" && corpus === "people");
  assert.deepEqual([...new Set(alpha.map(({a}) => a))], ["judges", "people"]);
  assert.ok(
    cubes.agreement.some(({a, b, measure}) => a === "mild/four" && b === "harsh/five" && measure === "qwk")
  );
  const item = cubes.votes.items.find(({corpus}) => corpus === "people")!;
  assert.equal(item.votes.length, 4);
  assert.notEqual(item.golden, null);
});

test("best with ratings of other examples only is an error before anything is asked", async (t) => {
  const rating = {corpus: "plain", example_id: "elsewhere", axis: "good", rater: "ann", label: "3"};
  const context = await studyIn(
    t,
    study({merge: "{scores: best}", golden: "golden: [{path: ratings.jsonl}]"}).replace(
      "    judged: true\n",
      ""
    ),
    {...FILES, "ratings.jsonl": `${JSON.stringify({...rating, at: "2026-01-01T00:00:00Z"})}\n`}
  );
  const {ask, asked} = stubAsker(context, say);
  await assert.rejects(prepareStudy(context, {ask}), (error: BadInput) => {
    assert.equal(error.name, "BadInput");
    assert.match(error.message, /merge\.scores: expected people's labels/);
    return true;
  });
  assert.equal(asked.length, 0);
});

test("ratings files are a golden set; a label that the axis has not is named", async (t) => {
  const rating = (example: number, rater: string, label: string | null) =>
    JSON.stringify({
      corpus: "plain",
      example_id: `plain${example}`,
      axis: "good",
      rater,
      label,
      at: "2026-01-01T00:00:00Z"
    });
  const lines = Array.from({length: EXAMPLES}, (_, i) => [
    rating(i, "ann", String(1 + (i % 5))),
    rating(i, "bo", null)
  ]).flat();
  const {made} = await prepared(t, {merge: "{scores: best}", golden: "golden: [{path: ratings.jsonl}]"}, {
    ...FILES,
    "ratings.jsonl": `${lines.join("\n")}\n`
  } as never);
  const rated = made.judged!.cubes.votes.items.filter(({corpus}) => corpus === "plain");
  for (const {golden, example_id} of rated)
    assert.equal(golden, String(1 + (Number(example_id.slice(5)) % 5)));
  const bad = {...FILES, "ratings.jsonl": `${rating(1, "ann", "9")}\n`};
  await assert.rejects(
    prepared(t, {golden: "golden: [{path: ratings.jsonl}]"}, bad),
    /ratings\.jsonl, line 1, example plain1: expected a label of axis good/
  );
});

test("refused and unreadable votes are no scores: too few leave an example without a label, and the card says so", async (t) => {
  const context = await studyIn(t, study().replace("split:", "judging: {fewest: 3}\nsplit:"), FILES);
  const {ask} = stubAsker(context, (request) =>
    request.messages[0]!.content.includes("plain 2") && request.judge === "harsh"
      ? {status: "refused"}
      : say(request)
  );
  const {corpora, judged} = await prepareStudy(context, {ask});
  const [plain] = corpora;
  const refused = (example_id: string) => Number(example_id.slice(5)) % 5 === 1;
  const kept = [...plain!.train, ...plain!.test].map(({example_id}) => example_id);
  assert.ok(kept.length < 16 && kept.length > 8);
  assert.ok(!kept.some(refused));
  const dropped = plain!.card.dropped.at(-1)!;
  assert.match(dropped.reason, /fewer usable votes than 3 on good/);
  assert.equal(dropped.rows, 16 - kept.length);
  const calls = judged!.cubes["judge-calls"].filter(({status}) => status === "refused");
  assert.ok(
    calls.length > 0 && calls.every(({judge, attempts, votes}) => judge === "harsh" && attempts === votes)
  );
});

test("a judge writes explanations from all; asked once, and the nearest stands in where it fails", async (t) => {
  const merge = "{explanations: {judge: mild}}";
  const context = await studyIn(t, study({merge}), FILES);
  const {ask, asked} = stubAsker(context, (request) => {
    const {prompt, messages} = request;
    if (prompt !== "merged explanation") return say(request);
    assert.match(messages[0]!.content, /- (mild|harsh) gives/);
    return messages[0]!.content.includes("plain 4")
      ? {status: "empty"}
      : {score: 1, explanation: "all agree"};
  });
  const {corpora} = await prepareStudy(context, {ask});
  const writing = asked.filter(({prompt}) => prompt === "merged explanation");
  assert.ok(writing.length > 0);
  assert.ok(
    writing.every(({corpus}) => corpus === "plain"),
    "people's corpus keeps its own"
  );
  for (const {example_id, explanation} of [...corpora[0]!.annotations.values()].flat())
    if (Number(example_id.slice(5)) % 5 === 3) assert.match(explanation, /^(mild|harsh) gives/);
    else assert.equal(explanation, "all agree");
});

test("without an asker nobody is asked and nothing is kept; for planning there are stand-ins", async (t) => {
  const context = await studyIn(t, study(), FILES);
  const {corpora, judged} = await prepareStudy(context);
  assert.equal(corpora[0]!.train.length, 0);
  assert.equal(judged!.unasked, judged!.questions);
  const planned = await prepareStudy(context, {plan: true});
  assert.equal(planned.corpora[0]!.train.length, 10);
  assert.equal(planned.corpora[0]!.test.length, 6);
  const folders = readdirSync(context.store.path("annotations"));
  assert.equal(folders.length, 1, "that of the corpus with people's labels");
});

test("the same votes give the same bytes in another store, in whatever order they were logged", async (t) => {
  const files = async (turn: boolean) => {
    const context = await studyIn(t, study({merge: "{scores: dawid-skene}"}), FILES);
    const {ask} = stubAsker(context, say);
    const all: Parameters<typeof ask>[0] extends Iterable<infer R> ? R[] : never = [];
    await prepareStudy(context, {
      ask: async (requests) => {
        all.push(...requests);
        return ask(turn ? all.toReversed() : all);
      }
    });
    const folder = context.store.path("annotations");
    return readdirSync(folder)
      .sort()
      .flatMap((name) =>
        readdirSync(`${folder}/${name}`)
          .sort()
          .map((file) => [name, file, readFileSync(`${folder}/${name}/${file}`, "utf8")])
      );
  };
  assert.deepEqual(await files(false), await files(true));
});
