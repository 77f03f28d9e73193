/** Memory of merging follows the questions, at some tens of bytes each; not the log, however long its replies are. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {measureMerge} from "../bench/merge.bench.js";

const VOTES = 12_000;

test("a log of ten times the length takes no more memory", async () => {
  const short = (await measureMerge(VOTES, ["merge"], 700)).merge!;
  const long = (await measureMerge(VOTES, ["merge"], 10_000)).merge!;
  const ratio = long.peakMegabytes / short.peakMegabytes;
  // The longer log is 110 MB longer; held whole, as text or objects, it would more than double the process.
  assert.ok(ratio < 1.3, `${short.peakMegabytes} MB, then ${long.peakMegabytes} MB`);
});

test("four times the votes take no more than what their questions take", async () => {
  const few = await measureMerge(VOTES, ["nothing", "merge"]);
  const many = await measureMerge(4 * VOTES, ["nothing", "merge"]);
  const ratio =
    (many.merge!.peakMegabytes - many.nothing!.peakMegabytes + few.nothing!.peakMegabytes) /
    few.merge!.peakMegabytes;
  assert.ok(ratio < 1.4, `${JSON.stringify(few)}, then ${JSON.stringify(many)}`);
});
