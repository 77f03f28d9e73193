import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {requirePackages, workerEnvironments} from "../../data-loaders/trainers/devices.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";

const STUDY = `because: 1
title: T
corpora:
  film: {reader: embedded, kind: film}
axes:
  naturalness: {question: q, labels: [1, 2, 3, 4, 5]}
split: {train: 2, test: 1}
`;
const gpus = (count: number) => ({
  cuda: Array.from({length: count}, () => ({name: "NVIDIA H200", memory_bytes: 1.4e11}))
});
const workers = (more: string, count: number, env: NodeJS.ProcessEnv = {}) =>
  workerEnvironments(gpus(count), parseStudy(STUDY + more, "t.yaml"), env, 8);
const numbers = (more: string, count: number, env: NodeJS.ProcessEnv = {}) =>
  workers(more, count, env).map(({CUDA_VISIBLE_DEVICES}) => CUDA_VISIBLE_DEVICES);

describe("what each worker gets of the machine", () => {
  it("a core each without GPUs, as many as a run has processes", () => {
    assert.deepEqual(workers("", 0), Array(8).fill({BECAUSE_DEVICE: "cpu"}));
    assert.equal(workers("execution: {processes: 3}\n", 0).length, 2);
    assert.equal(workers("trainer: {processes: 5}\n", 0).length, 5);
  });

  it("GPUs of its own where there are some", () => {
    assert.deepEqual(numbers("", 3), ["0", "1", "2"]);
    assert.deepEqual(numbers("execution: {processes: 2}\n", 5), ["0,1", "2,3"]);
    assert.ok(workers("", 1).every(({BECAUSE_DEVICE}) => BECAUSE_DEVICE === "cuda"));
  });

  it("those that the environment names, or none where it says so", () => {
    assert.deepEqual(numbers("", 2, {CUDA_VISIBLE_DEVICES: "4, GPU-7f"}), ["4", "GPU-7f"]);
    assert.deepEqual(workers("", 2, {BECAUSE_DEVICE: "cpu"}), Array(8).fill({BECAUSE_DEVICE: "cpu"}));
  });

  it("shared ones where the study asks for more workers than fit", () =>
    assert.deepEqual(numbers("trainer: {processes: 3}\n", 2), ["0", "1", "0"]));

  it("a run with more processes than GPUs is refused", () =>
    assert.throws(
      () => workers("execution: {processes: 4}\n", 2),
      /at most as many processes as there are GPUs \(2\)/
    ));
});

describe("frozen weights of few bits", () => {
  const asked = (bits: number, installed: string | null) => () =>
    requirePackages(
      {
        file: "t.yaml",
        study: parseStudy(`${STUDY}model: {folder: m}\nadapter: {kind: lora, bits: ${bits}}\n`, "t.yaml")
      },
      {bitsandbytes: {pinned: "bitsandbytes==1.2.3", installed}},
      "python"
    );

  it("need a package, which is said with how to install it", () => {
    assert.throws(asked(4, null), /t\.yaml, key adapter\.bits.*python -m pip install bitsandbytes==1\.2\.3/s);
    assert.throws(asked(8, null), /8 bits/);
    asked(16, null)();
    asked(4, "1.2.3")();
  });
});
