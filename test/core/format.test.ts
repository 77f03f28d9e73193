import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {
  MISSING,
  bytesUnit,
  formatBytes,
  formatCell,
  formatCount,
  formatCounted,
  formatDuration,
  formatEffectInterval,
  formatLevelInterval,
  formatNumber,
  formatSigned,
  formatTime,
  keepUnits
} from "../../src/core/format.js";

describe("numbers as text", () => {
  it("have a true minus sign, and zero has none", () => {
    assert.equal(formatNumber(-0.456, 2), "−0.46");
    assert.equal(formatNumber(-0.001, 2), "0.00");
    assert.equal(formatSigned(0.5, 1), "+0.5");
    assert.equal(formatSigned(-0.04, 1), "0.0");
  });

  it("say so where there is none", () => {
    for (const none of [null, undefined, NaN, Infinity]) assert.equal(formatNumber(none), MISSING);
    assert.equal(formatEffectInterval(null, 0.2, "accuracy"), "");
  });

  it("give shares as per cent and the rest as it is", () => {
    assert.equal(formatEffectInterval(-0.004, 0.069, "accuracy"), "[−0.4, +6.9]");
    assert.equal(formatLevelInterval(0.4, 0.5, "qwk"), "[0.400, 0.500]");
    assert.equal(formatCell(0.684, "accuracy"), "68");
    assert.equal(formatCell(0.684, "brier"), "0.68");
  });

  it("group digits and count nouns", () => {
    assert.equal(formatCount(1234567), "1,234,567");
    assert.equal(formatCount(999), "999");
    assert.equal(formatCounted(1, "run"), "1 run");
    assert.equal(formatCounted(1200, "run"), "1,200 runs");
  });

  it("choose units of time and size", () => {
    assert.deepEqual([0.25, 4.25, 42, 200, 7500].map(formatDuration), [
      "250 ms",
      "4.3 s",
      "42 s",
      "3 min 20 s",
      "2 h 5 min"
    ]);
    assert.deepEqual([0.9996, 9.97, 59.6, 119.6, 179.6, 3599.6, 3630].map(formatDuration), [
      "1.0 s",
      "10 s",
      "1 min",
      "2 min",
      "3 min",
      "1 h",
      "1 h 1 min"
    ]);
    assert.deepEqual(
      [0, 999, 6.1e8, 2.5e9].map((bytes) => formatBytes(bytes)),
      ["0 B", "999 B", "610 MB", "2.5 GB"]
    );
    assert.equal(formatBytes(2.5e9, bytesUnit(6.1e8)), "2,500 MB");
    assert.equal(formatTime(0), "1970-01-01 00:00 UTC");
  });
});

describe("units", () => {
  it("stay on the line of their number", () => {
    assert.equal(
      keepUnits("81.3 % [79.4, 83.1] and 0.2 nats"),
      "81.3\u00a0% [79.4,\u00a083.1] and 0.2\u00a0nats"
    );
    assert.equal(keepUnits("3 of 4 points"), "3 of 4\u00a0points");
    assert.equal(keepUnits("3 min 20 s a run, 5 steps"), "3\u00a0min 20\u00a0s a run, 5 steps");
  });

  it("hold a number to what it is of", () => {
    assert.equal(
      keepUnits("n = 192 rows, p < .001 or p = .02; b = 3"),
      "n\u00a0=\u00a0192 rows, p\u00a0<\u00a0.001 or p\u00a0=\u00a0.02; b = 3"
    );
  });

  it("hold an interval together, and the words for it", () => {
    assert.equal(keepUnits("−29.5 points [−51.3, −7.6]"), "−29.5\u00a0points [−51.3,\u00a0−7.6]");
    assert.equal(
      keepUnits("[+0.050, +0.150] and [1,200, 1,300]"),
      "[+0.050,\u00a0+0.150] and [1,200,\u00a01,300]"
    );
    assert.equal(keepUnits("its 95 % interval excludes zero"), "its 95\u00a0%\u00a0interval excludes zero");
    assert.equal(keepUnits("modes: [filler, shuffled]"), "modes: [filler, shuffled]");
  });
});
