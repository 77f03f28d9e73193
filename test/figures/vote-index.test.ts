import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {findVotes, indexVotes, positionOf, votesText} from "../../src/components/vote-index.js";
import type {VoteQuery} from "../../src/components/vote-index.js";
import {cubes} from "./drawn-figure.js";

const all = indexVotes(cubes);
const ANY = {corpus: "all", axis: "all"};
const query = (change: Partial<VoteQuery> = {}): VoteQuery => ({
  which: "any",
  sort: "corpus",
  search: "",
  ...change
});

describe("judged examples", () => {
  it("are all that the page has the text of", () => {
    assert.equal(all.length, cubes.votes.items.length);
    const {study, examples, votes} = cubes;
    const fewer = {...examples, examples: examples.examples.slice(1)};
    assert.equal(indexVotes({study, votes, examples: fewer}).length, all.length - study.axes.length);
  });

  it("have votes on the labels' positions: 1 to 4 is stretched over five labels", () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((score) => Math.round(100 * positionOf(score, [1, 4], 5)) / 100),
      [1, 2.33, 3.67, 5]
    );
    for (const {positions, spread} of all) {
      const known = positions.filter((position) => position !== null);
      assert.ok(known.every((position) => position >= 1 && position <= 5));
      assert.equal(spread, Math.max(...known) - Math.min(...known));
    }
  });

  it("are found by how far votes part, by people, by words, and by corpus and axis", () => {
    const far = findVotes(all, ANY, query({which: "far"}));
    assert.ok(far.length > 0 && far.length < all.length);
    assert.ok(far.every(({spread}) => spread >= 2));
    assert.equal(far.length, all.filter(({spread}) => spread >= 2).length);
    const people = findVotes(all, ANY, query({which: "people"}));
    assert.ok(
      people.length > 0 && people.every(({item}) => item.golden !== null && item.golden !== item.merged)
    );
    const words = findVotes(all, ANY, query({search: "ROUTER lamp"}));
    assert.ok(words.length > 0 && words.every(({text}) => text.includes("router") && text.includes("lamp")));
    const cell = findVotes(all, {corpus: "film", axis: "adherence"}, query());
    assert.ok(cell.length > 0 && cell.every(({item}) => item.corpus === "film" && item.axis === "adherence"));
  });

  it("are sorted by how far votes lie apart", () => {
    const spreads = findVotes(all, ANY, query({sort: "spread"})).map(({spread}) => spread);
    assert.deepEqual(
      spreads,
      [...spreads].sort((a, b) => b - a)
    );
  });

  it("say their votes in words", () => {
    const [first] = all;
    assert.equal(votesText({...first!, positions: [null, null]}), "no usable vote");
    assert.equal(votesText({...first!, positions: [3, null, 3]}), "all votes 3");
    assert.equal(votesText({...first!, positions: [2, 3.6666]}), "votes 2 to 3.7");
  });
});
