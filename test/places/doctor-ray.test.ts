import assert from "node:assert/strict";
import {after, before, beforeEach, describe, it} from "node:test";
import type {RayPlace} from "../../src/core/places/ray-place.js";
import {parsePlaces} from "../../data-loaders/places/places-file.js";
import {rayFindings} from "../../data-loaders/places/ray/examine-ray.js";
import {FakeRay} from "./fake-ray.js";

describe("doctor at a place of Ray", () => {
  let ray: FakeRay;
  before(async () => {
    ray = await FakeRay.start();
  });
  beforeEach(() => {
    ray.lie = (_ask, honest) => honest();
  });
  after(() => ray.stop());

  /** A line a finding: whether it is well, or needed, and what is said. */
  const said = async (keys: string, address = ray.address): Promise<string[]> => {
    const text = `because: 1\nplaces:\n  ray: {kind: ray, address: "${address}", root: /shared${keys}}\n`;
    const findings = await rayFindings("ray", parsePlaces(text, "places.yaml").places.ray as RayPlace);
    return findings.map(
      ({what, ok, needed, found, expected, mend}) =>
        `${ok ? "ok" : needed ? "missing" : "without"} ${what}: ${found}${ok ? "" : ` | ${expected} | ${mend}`}`
    );
  };

  it("names its version and how many jobs fit, and submits nothing", async () => {
    const address = ray.address;
    assert.deepEqual(await said(", gpus: 1, cpus: 2"), [
      `ok Ray: 2.60.0 at ${address}`,
      "ok Nodes: room for 2 jobs of GPU 1, CPU 2 on 1 in all"
    ]);
    assert.ok(ray.asks.every(({method}) => method === "GET"));
  });

  it("what no node has is said with what they have", async () => {
    assert.match(
      (await said(", gpus: 3"))[1]!,
      /^missing Nodes: GPU 2, CPU 4 \| a node with GPU 3, CPU 1 \| Change `gpus`/
    );
    assert.match(
      (await said(", memory_gb: 64"))[1]!,
      /^missing Nodes: .*memory 0\.0 GB \| a node with .*memory 64\.0 GB/
    );
    assert.match((await said(", resources: {a100: 1}"))[1]!, /^missing Nodes: .*a100 0 \|/);
    assert.match(
      (await said(", gpus: 3, workers: 4"))[1]!,
      /^without Nodes:/,
      "a cluster that grows may have them later"
    );
    ray.lie = ({path}, honest) =>
      path.startsWith("/api/v0/nodes") ? {status: 200, body: {data: {result: {result: []}}}} : honest();
    assert.match((await said(""))[1]!, /^missing Nodes: none is alive/);
  });

  it("an API that does not answer, that is another's, or that wants a token", async () => {
    assert.match(
      (await said("", "http://127.0.0.1:9"))[0]!,
      /^missing Ray: .*does not answer.*\| an answer of the Jobs API at .* Check `address`/
    );
    ray.lie = () => ({status: 404, body: "nothing here"});
    assert.match((await said(""))[0]!, /^missing Ray: something else at /);
    ray.lie = () => ({status: 401, body: "who are you"});
    assert.match((await said(""))[0]!, /^missing Ray: it refuses \(401\) .*`token_variable`/);
    assert.match(
      (await said(", token_variable: NO_SUCH_TOKEN"))[0]!,
      /^missing Ray: nothing \| a token \| Set NO_SUCH_TOKEN/
    );
  });
});
