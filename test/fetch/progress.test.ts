import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {DownloadPace} from "../../data-loaders/cli/fetch-display.js";

describe("progress of a download", () => {
  it("counts what was here, and takes the pace from what arrived", () => {
    let now = 0;
    const pace = new DownloadPace(10e6, 4e6, () => now);
    assert.equal(pace.describe(), "4.0 MB of 10 MB");
    now = 2_000;
    pace.advance(2e6);
    assert.equal(pace.describe(), "6.0 MB of 10 MB · 1.0 MB/s · about 4.0 s left");
    pace.advance(-1e6);
    assert.equal(pace.have, 5e6);
  });
});
