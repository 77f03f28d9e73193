import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {
  certaintyOf,
  findExamples,
  flipOf,
  flipText,
  indexExamples,
  shareRight
} from "../../src/components/example-index.js";
import type {ExampleQuery} from "../../src/components/example-index.js";
import {previewModes, previewPool} from "../../src/components/mode-preview.js";
import {ownCompletions} from "../../src/components/training-texts.js";
import {MODES} from "../../src/core/arms.js";
import {wordsOf} from "../../src/core/modes.js";
import {sampleCubes} from "./sample-cubes.js";

const cubes = sampleCubes();
const items = indexExamples(cubes);
const everywhere = {corpus: "all", axis: "all"};
const query: ExampleQuery = {
  a: "label-only",
  b: "explanation.label-first.token-mean",
  flips: "any",
  search: "",
  sort: "corpus",
  by: "explanation.label-first.token-mean",
  confidence: null,
  entropy: null
};

describe("the index of examples", () => {
  it("holds every test row, with one label a run", () => {
    assert.equal(items.length, cubes.examples.items.length);
    for (const {predicted, labels} of items)
      for (const {id} of cubes.study.arms) {
        assert.equal(predicted.get(id)!.length, cubes.study.seeds.length);
        assert.ok(predicted.get(id)!.every((label) => label !== null && labels.includes(label)));
      }
  });

  it("reads digits as labels, and a dash as none", () => {
    const [first] = cubes.examples.items;
    const one = {
      ...cubes,
      examples: {...cubes.examples, items: [{...first!, gold: "3", predicted: "2-1".padEnd(30, "0")}]}
    };
    const [item] = indexExamples(one);
    const arm = cubes.examples.runs[0]!.arm;
    assert.deepEqual(item!.predicted.get(arm), ["3", null, "2"]);
    assert.equal(shareRight(item!, arm), 1 / 2);
  });

  it("filters by corpus and axis", () => {
    const found = findExamples(items, {corpus: "film", axis: "adherence"}, query);
    assert.equal(found.length, 12);
    assert.ok(found.every(({item}) => item.corpus === "film" && item.axis === "adherence"));
  });

  it("parts rows into gained, lost and even, and swaps the two with the arms", () => {
    const counted = (change: Partial<ExampleQuery>) =>
      findExamples(items, everywhere, {...query, ...change}).length;
    const even = items.filter((item) => flipOf(item, query) === 0).length;
    assert.ok(counted({flips: "gained"}) > 0 && counted({flips: "lost"}) > 0 && even > 0);
    assert.equal(counted({flips: "gained"}) + counted({flips: "lost"}), counted({flips: "either"}));
    assert.equal(counted({flips: "either"}) + even, items.length);
    assert.equal(counted({flips: "gained", a: query.b, b: query.a}), counted({flips: "lost"}));
  });

  it("finds rows that hold all words, in any case", () => {
    const found = findExamples(items, everywhere, {...query, search: "KETTLE switches"});
    assert.ok(found.length > 0 && found.length < items.length);
    assert.ok(found.every(({text}) => text.includes("kettle") && text.includes("switches")));
  });

  it("sorts by the largest flip and keeps every row", () => {
    const sorted = findExamples(items, everywhere, {...query, sort: "flips"}).map((item) =>
      Math.abs(flipOf(item, query))
    );
    assert.deepEqual(
      sorted,
      [...sorted].sort((a, b) => b - a)
    );
    assert.equal(findExamples(items, everywhere, {...query, sort: "disagreement"}).length, items.length);
  });

  it("says in how many seeds a row flipped", () => {
    for (const item of items) {
      const flips = Math.round(Math.abs(flipOf(item, query)) * 3);
      assert.equal(
        flipText(item, query),
        flips === 0 ? "" : `${flipOf(item, query) > 0 ? "gained" : "lost"} ${flips}/3`
      );
    }
  });
});

describe("the preview of modes", () => {
  const pool = previewPool(cubes, "film");
  const typed = "the reply leaves out the second half of the question";
  const preview = Object.fromEntries(
    previewModes(typed, "2", {corpus: "film", axis: "adherence"}, pool).map(({mode, text}) => [mode, text])
  );

  it("has a line for every mode, which starts with the label", () => {
    assert.deepEqual(Object.keys(preview), [...MODES]);
    assert.equal(preview["label-only"], "2");
    for (const mode of MODES.slice(1)) assert.match(preview[mode]!, /^2 because \S/, mode);
  });

  it("keeps what is typed, shuffles its words, and draws the rest from the corpus", () => {
    assert.equal(preview.explanation, `2 because ${typed}`);
    const words = (mode: string) => wordsOf(preview[mode]!.slice("2 because ".length));
    assert.deepEqual(words("shuffled").sort(), wordsOf(typed).sort());
    assert.equal(words("bag-of-words").length, wordsOf(typed).length);
    assert.ok(words("random-vocabulary").every((word) => pool.vocabulary.includes(word)));
  });
});

describe("certainty of an arm", () => {
  const {by} = query;

  it("is read off mean probabilities: sure, evenly unsure, unknown", () => {
    assert.deepEqual(certaintyOf([0, 1000, 0]), {confidence: 1, entropy: 0});
    const even = certaintyOf([250, 250, 250, 250])!;
    assert.ok(Math.abs(even.entropy - Math.log(4)) < 1e-12);
    assert.equal(even.confidence, 0.25);
    assert.equal(certaintyOf(null), null);
  });

  it("narrows the list to a range, and an empty range empties it", () => {
    const found = findExamples(items, everywhere, {...query, confidence: [0.5, 0.62]});
    assert.ok(found.length > 0 && found.length < items.length);
    for (const {certainty} of found) {
      const {confidence} = certainty.get(by)!;
      assert.ok(confidence >= 0.5 && confidence <= 0.62);
    }
    assert.equal(findExamples(items, everywhere, {...query, entropy: [90, 91]}).length, 0);
  });

  it("sorts by confidence, by entropy, and by how far arms and seeds are apart", () => {
    const order = (sort: ExampleQuery["sort"]) => findExamples(items, everywhere, {...query, sort});
    const values = (sort: ExampleQuery["sort"], of: (item: (typeof items)[number]) => number) =>
      order(sort).map(of);
    const rising = (numbers: number[]) => numbers.every((value, i) => i === 0 || numbers[i - 1]! <= value);
    assert.ok(rising(values("unsure", ({certainty}) => certainty.get(by)!.confidence)));
    assert.ok(rising(values("sure", ({certainty}) => -certainty.get(by)!.confidence)));
    assert.ok(rising(values("entropy", ({certainty}) => -certainty.get(by)!.entropy)));
    const labels = ({predicted}: (typeof items)[number]) => -new Set(predicted.get(by)).size;
    assert.ok(labels(order("seeds")[0]!) <= labels(order("seeds").at(-1)!));
    assert.equal(labels(order("seeds").at(-1)!), -1, "rows whose seeds agree come last");
    assert.ok(shareRight(order("sure-wrong")[0]!, by)! < 0.5);
    const [first] = order("arms");
    const [p, q] = [query.a, query.b].map(
      (arm) => first!.item.probabilities[cubes.examples.arms.indexOf(arm)]!
    );
    assert.notDeepEqual(p, q);
  });
});

describe("an example as a training text", () => {
  it("keeps the explanation verbatim, its words when shuffled, and nothing under label only", () => {
    const item = cubes.examples.items[3]!;
    const texts = ownCompletions(cubes, item);
    assert.equal(texts["label-only"], item.gold);
    assert.equal(texts.explanation, `${item.gold} because ${item.explanation}`);
    const words = (text: string) => text.split(" ").sort().join(" ");
    assert.equal(words(texts.shuffled!), words(texts.explanation));
    assert.deepEqual(Object.keys(texts).sort(), [...new Set(cubes.study.arms.map(({mode}) => mode))].sort());
  });
});
