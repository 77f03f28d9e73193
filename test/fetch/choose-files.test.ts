import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {chooseFiles, matches} from "../../data-loaders/fetch/choose-files.js";
import {hubSettings} from "../../data-loaders/fetch/hub-settings.js";
import {studyHubs} from "../../data-loaders/fetch/study-hubs.js";
import {BadInput} from "../../src/core/bad-input.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";

const name = fc.stringMatching(/^[a-z0-9.+()[\]^$ -]{1,8}$/);
const path = fc.array(name, {minLength: 1, maxLength: 4}).map((parts) => parts.join("/"));

describe("patterns of files", () => {
  it("a path means itself, whatever signs it has, and nothing else", () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        assert.ok(matches(one, one));
        assert.equal(matches(one, other), one === other);
      })
    );
  });

  it("`*` stays within a name, `**` does not", () => {
    fc.assert(
      fc.property(path, path, (folder, rest) => {
        assert.equal(matches(`${folder}/*`, `${folder}/${rest}`), !rest.includes("/"));
        assert.ok(matches(`${folder}/**`, `${folder}/${rest}`));
        assert.ok(matches("**", `${folder}/${rest}`));
      })
    );
    assert.ok(matches("data/train-*-of-*.parquet", "data/train-00000-of-00001.parquet"));
    assert.ok(!matches("*.parquet", "data/train.parquet"));
  });

  it("each file is chosen once, in the order of the listing", () => {
    const tree = ["b", "a", "c/d"].map((file) => ({
      path: file,
      bytes: 1,
      checksum: {kind: "git-sha1" as const, digest: "0"}
    }));
    assert.deepEqual(
      chooseFiles({dataset: "x/y"}, ["a", "*", "b"], tree).map((file) => file.path),
      ["b", "a"]
    );
  });
});

describe("which hub is asked, and as whom", () => {
  it("as the environment says", () => {
    assert.deepEqual(hubSettings({}), {endpoint: "https://huggingface.co", token: null});
    assert.deepEqual(hubSettings({HF_ENDPOINT: "https://mirror.example/hub//", HF_TOKEN: " hf_abc\n"}), {
      endpoint: "https://mirror.example/hub",
      token: "hf_abc"
    });
  });

  it("what cannot be used is refused without quoting it", () => {
    for (const env of [
      {HF_TOKEN: "hf_secret with space"},
      {HF_TOKEN: "hf_secret\r\nx: y"},
      {HF_TOKEN: "“hf_secret”"},
      {HF_ENDPOINT: "https://me:hf_secret@mirror.example"},
      {HF_ENDPOINT: "https://mirror.example?token=hf_secret"},
      {HF_ENDPOINT: "ftp://mirror.example/hf_secret"},
      {HF_ENDPOINT: "hf_secret"}
    ])
      assert.throws(
        () => hubSettings(env),
        (error: Error) => error instanceof BadInput && !error.message.includes("secret")
      );
  });
});

describe("what a study asks of the hub", () => {
  const revision = "0123456789abcdef0123456789abcdef01234567";
  const corpus = (files: string, more = ""): string =>
    `{reader: mt-bench, hub: {dataset: a/b, revision: "${revision}", files: [${files}]}${more}}`;
  const study = parseStudy(
    `because: 1
title: T
corpora:
  one: ${corpus("x, y")}
  two: ${corpus("y, z")}
  here: ${corpus("w", ", path: folder")}
  small: {reader: embedded, kind: film}
axes: {naturalness: {question: q, labels: [1, 2, 3, 4, 5]}}
split: {train: 2, test: 2}
judges: {one: {model: any, base_url: "http://localhost:1/v1"}}
`,
    "t.yaml"
  );

  it("each revision once, without corpora that have a path", () => {
    assert.deepEqual(studyHubs(study), [
      {hub: {dataset: "a/b", revision, files: ["x", "y", "z"]}, corpora: ["one", "two"]}
    ]);
  });

  it("and the small files of a model on the hub, which no corpus reads", () => {
    const files = ["config.json", "tokenizer.json"];
    assert.deepEqual(studyHubs({...study, model: {hub: "c/d", revision}}).at(-1), {
      hub: {kind: "model", dataset: "c/d", revision, files},
      corpora: []
    });
  });
});
