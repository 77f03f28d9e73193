import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {BadInput} from "../../src/core/bad-input.js";
import type {Axis} from "../../src/core/conversation.js";
import {
  LABEL_KEYS,
  doneText,
  givenText,
  keySpan,
  labelOfKey,
  latestPlace,
  ownRatings,
  progressOf,
  scaleText
} from "../../src/core/judging/rating-progress.js";
import {
  mergeRatings,
  parseRatings,
  placeKey,
  ratersAgreement,
  ratersOf,
  ratingLines,
  ratingQueue
} from "../../src/core/judging/ratings.js";
import type {Rating} from "../../src/core/judging/votes.js";
import {krippendorffAlpha} from "../../src/core/statistics/krippendorff.js";

const AXIS: Axis = {
  id: "quality",
  title: "Quality",
  question: "?",
  kind: "ordinal",
  labels: ["1", "2", "3", "4", "5"]
};

const word = fc.string({minLength: 1, maxLength: 6});
const rating = fc.record(
  {
    corpus: word,
    example_id: word,
    axis: fc.constant("quality"),
    rater: word,
    label: fc.option(fc.constantFrom(...AXIS.labels)),
    at: fc
      .date({min: new Date(0), max: new Date(4e12), noInvalidDate: true})
      .map((date) => date.toISOString())
  },
  {noNullPrototype: true}
);

const rated = (rater: string, example: number, label: string | null, minute = 0): Rating => ({
  ...{corpus: "film", example_id: `e${example}`, axis: "quality", rater, label},
  at: new Date(60_000 * minute).toISOString()
});

describe("a ratings file", () => {
  it("reads back as it was written", () => {
    fc.assert(
      fc.property(fc.array(rating), (ratings) => {
        assert.deepEqual(parseRatings(ratingLines(ratings), "a.jsonl"), ratings);
      })
    );
  });

  for (const [what, line] of Object.entries({
    "text that is no JSON": "{",
    "JSON that is no object": "7",
    "no text under “rater”": JSON.stringify({...rated("", 1, "2")}),
    "neither a text nor null under “label”": JSON.stringify({...rated("Anna", 1, null), label: 3}),
    "no time under “at”": JSON.stringify({...rated("Anna", 1, "2"), at: "yesterday"})
  }))
    it(`with ${what} is refused by its line`, () => {
      const text = `${ratingLines([rated("Anna", 1, "2")])}${line}\n`;
      assert.throws(
        () => parseRatings(text, "a.jsonl"),
        (error) =>
          error instanceof BadInput &&
          error.message.includes("a.jsonl, line 2") &&
          error.message.includes(what)
      );
    });
});

describe("merged files", () => {
  it("hold one rating a rater and place, the latest, whatever the order of files", () => {
    fc.assert(
      fc.property(fc.array(rating), fc.array(rating), (a, b) => {
        const merged = mergeRatings(a, b);
        const keys = merged.map((each) => `${each.rater}\0${placeKey(each)}`);
        assert.equal(new Set(keys).size, keys.length);
        assert.deepEqual(mergeRatings(merged, merged), merged);
        const times = (ratings: Rating[]) => ratings.map(({at}) => at).sort();
        assert.deepEqual(times(mergeRatings(b, a)), times(merged));
      })
    );
  });
});

describe("a rater's queue", () => {
  const places = Array.from({length: 60}, (_, i) => ({corpus: "film", example_id: `e${i}`, axis: "quality"}));

  it("is the same set for all raters, in an order of each one's own that stays", () => {
    const [anna, ben, again] = ["Anna", "Ben", "Anna"].map((rater) =>
      ratingQueue(places, rater, 20).map(placeKey)
    );
    assert.equal(anna!.length, 20);
    assert.deepEqual([...anna!].sort(), [...ben!].sort());
    assert.notDeepEqual(anna, ben);
    assert.deepEqual(again, anna);
  });

  it("of more examples holds those of fewer", () => {
    const more = new Set(ratingQueue(places, "Anna", 40).map(placeKey));
    assert.ok(ratingQueue(places, "Anna", 10).every((place) => more.has(placeKey(place))));
  });

  it("goes on at the first place that is neither rated nor passed; the latest is taken back first", () => {
    const queue = places.slice(0, 4);
    const own = ownRatings(
      [rated("Anna", 1, "2", 5), rated("Anna", 0, null, 9), rated("Ben", 2, "1", 20)],
      "Anna"
    );
    assert.deepEqual(progressOf(queue, own), {done: 2, passed: 1, next: 2});
    assert.equal(latestPlace(queue, own), 0);
    assert.equal(latestPlace(queue, new Map()), -1);
    const all = ownRatings(
      queue.map((_, i) => rated("Anna", i, "1")),
      "Anna"
    );
    assert.equal(progressOf(queue, all).next, 4);
  });
});

describe("what the desk says", () => {
  it("is which way labels go, by their names, and nothing where they go no way", () => {
    assert.equal(scaleText(AXIS), "1 lowest … 5 highest");
    const words = ["poor", "fair", "good"];
    assert.equal(scaleText({...AXIS, labels: words}), "poor lowest … good highest");
    assert.equal(scaleText({kind: "nominal", labels: words}), "");
    assert.equal(scaleText({...AXIS, labels: ["1"]}), "");
  });

  it("is which keys there are, what was given, and how much is done", () => {
    assert.deepEqual([5, 12, 1].map(keySpan), ["1 to 5", "1 to c", "1"]);
    assert.deepEqual(
      ["4", null].map((label) => givenText({label})),
      ["4", "passed"]
    );
    assert.equal(doneText({done: 3, passed: 0}), "3 done");
    assert.equal(doneText({done: 3, passed: 1}), "3 done, 1 of them passed");
  });

  it("lists raters once each, by name, whatever the order of ratings", () => {
    const ratings = ["Cai", "anna", "Ben", "Anna", "Ben"].map((rater) => rated(rater, 1, "2"));
    assert.deepEqual(ratersOf(ratings), ["anna", "Anna", "Ben", "Cai"]);
    assert.deepEqual(ratersOf([...ratings].reverse()), ratersOf(ratings));
  });
});

describe("keys", () => {
  it("give labels by position, digits first, and never the key that takes back", () => {
    assert.equal(labelOfKey("4", AXIS.labels), "4");
    assert.equal(labelOfKey("6", AXIS.labels), undefined);
    assert.equal(labelOfKey("0", AXIS.labels), undefined);
    const many = Array.from({length: 12}, (_, i) => `label ${i}`);
    assert.equal(labelOfKey("B", many), "label 10");
    assert.ok(!LABEL_KEYS.includes("u") && new Set(LABEL_KEYS).size === LABEL_KEYS.length);
  });
});

describe("agreement of raters' files", () => {
  const labels = fc.array(fc.tuple(...[0, 1, 2].map(() => fc.option(fc.constantFrom(...AXIS.labels)))), {
    minLength: 1,
    maxLength: 30
  });

  it("is Krippendorff's alpha of the labels' positions, passed ones missing", () => {
    fc.assert(
      fc.property(labels, (units) => {
        const ratings = units.flatMap((unit, i) => unit.map((label, rater) => rated(`r${rater}`, i, label)));
        const [found] = ratersAgreement(ratings, [AXIS]);
        const judgements = [0, 1, 2].map((rater) =>
          units.map((unit) => (unit[rater] == null ? null : AXIS.labels.indexOf(unit[rater])))
        );
        const wanted = krippendorffAlpha(judgements, "ordinal");
        if (!found) return assert.ok(units.flat().every((label) => label === null));
        assert.equal(found.examples, wanted.units);
        if (wanted.alpha === null) assert.equal(found.alpha, null);
        else assert.ok(Math.abs(found.alpha! - wanted.alpha) < 1e-12);
        if (found.low !== null && found.high !== null) assert.ok(found.low <= found.high);
      }),
      {numRuns: 25}
    );
  });

  it("has an interval that holds it where there are enough examples", () => {
    const ratings = Array.from({length: 40}, (_, i) => [
      rated("Anna", i, String(1 + (i % 5))),
      rated("Ben", i, String(1 + ((i + (i % 7 === 0 ? 1 : 0)) % 5)))
    ]).flat();
    const [{alpha, low, high}] = ratersAgreement(ratings, [AXIS]) as [
      ReturnType<typeof ratersAgreement>[number]
    ];
    assert.ok(low! < alpha! && alpha! < high!, `${low} ${alpha} ${high}`);
  });
});
