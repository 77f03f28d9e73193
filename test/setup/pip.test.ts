import assert from "node:assert/strict";
import {describe, test} from "node:test";
import {largeDownload, PipFailed, pipProblem} from "../../data-loaders/setup/pip.js";

describe("pip", () => {
  test("shows large downloads and nothing else", () => {
    assert.equal(
      largeDownload("  Downloading https://index.example/a/torch-2.13.0-cp311.whl (191.8 MB)"),
      "  downloading torch-2.13.0-cp311.whl (191.8 MB)"
    );
    assert.equal(largeDownload("  Downloading cuda.whl (1.2 GB)"), "  downloading cuda.whl (1.2 GB)");
    assert.equal(largeDownload("  Downloading ruff-0.17.6.whl (10.6 MB)"), undefined);
    assert.equal(largeDownload("  Downloading six.whl.metadata (1.6 kB)"), undefined);
    assert.equal(largeDownload("Collecting torch==2.13.0"), undefined);
  });

  test("tells a version that is not offered from an index that does not answer", () => {
    const failed = (from: string): PipFailed =>
      new PipFailed(
        [
          `ERROR: Could not find … (from versions: ${from})`,
          "ERROR: No matching distribution found for torch"
        ],
        1
      );
    assert.equal(failed("2.12.0, 2.13.0").notOffered, true);
    assert.equal(failed("none").notOffered, false);
    assert.equal(new PipFailed(["ERROR: something else"], 1).notOffered, false);
  });

  const causes: [string, RegExp, RegExp][] = [
    ["OSError: [Errno 28] No space left on device", /full disk/, /TMPDIR/],
    ["ProxyError('Cannot connect to proxy.')", /no connection/, /mirror/],
    ["SSLError(SSLCertVerificationError(1, …))", /no connection/, /proxy/],
    ["No matching distribution found for pyarrow==26.0.1", /does not offer/, /BECAUSE_PYTHON/],
    ["THESE PACKAGES DO NOT MATCH THE HASHES", /not what the index promised/, /pip cache purge/],
    ["Segmentation fault", /an error of pip/, /read its message/]
  ];
  for (const [output, found, mend] of causes)
    test(`explains: ${output}`, () => {
      const {detail} = pipProblem(
        new PipFailed(["Collecting x", output], 1),
        "torch",
        "/s/logs/python-setup.log"
      );
      assert.match(detail.found, found);
      assert.ok(detail.found.includes(output), "pip's last words are there");
      assert.match(detail.mend, mend);
      assert.match(detail.mend, /\/s\/logs\/python-setup\.log/);
    });
});
