import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {findHits, searchDocument} from "../../src/core/search-index.js";
import type {Hit} from "../../src/core/search-index.js";
import {sampleCubes} from "../figures/sample-cubes.js";

const cubes = sampleCubes();
const index = searchDocument(cubes);
const pages = [
  {title: "Overview", href: "/"},
  {title: "Entropy and accuracy", href: "/entropy-and-accuracy"},
  {title: "Runs", href: "/runs"}
];
const find = (text: string): Hit[] => findHits(index, pages, text);

describe("what the search finds", () => {
  it("is a run by the beginning of its id, first where the id is whole", () => {
    const {run} = cubes.runs.find(({kind}) => kind === "train")!;
    const [whole] = find(run);
    assert.deepEqual([whole!.kind, whole!.page, whole!.query], ["run", "runs", {run}]);
    assert.ok(find(run.slice(0, -1)).some((hit) => hit.query.run === run));
  });

  it("is an example by any part of its id, with a setting that it has", () => {
    const {corpus, example_id} = cubes.examples.items[0]!;
    const hit = find(example_id).find(({kind}) => kind === "example")!;
    assert.equal(hit.page, "examples");
    assert.ok(
      cubes.examples.items.some(
        (item) => hit.query.example === `${item.corpus}/${item.example_id}/${item.axis}`
      )
    );
    assert.ok(find(example_id.slice(1)).some(({query}) => query.example?.startsWith(`${corpus}/`)));
  });

  it("is a page by its name and a setting by its words in any order", () => {
    assert.deepEqual(find("accuracy")[0], {
      kind: "page",
      title: "Entropy and accuracy",
      page: "/entropy-and-accuracy",
      query: {}
    });
    assert.deepEqual(find("naturalness film")[0]!.query, {corpus: "film", axis: "naturalness"});
  });

  it("is nothing for nothing, and for what is nowhere", () => {
    assert.deepEqual(find("  "), []);
    assert.deepEqual(find("nosuchthing"), []);
  });

  it("is never so much of one kind that another is drowned", () => {
    const kinds = find("s").map(({kind}) => kind);
    assert.ok(kinds.length <= 12);
    for (const kind of new Set(kinds)) assert.ok(kinds.filter((each) => each === kind).length <= 6);
  });
});
