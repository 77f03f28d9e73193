import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {describe, it} from "node:test";
import {explainHint, slurmHint} from "../../src/core/slurm-states.js";
import {ranges, readSacct, readSqueue} from "../../data-loaders/places/slurm/ask-slurm.js";
import {sbatchOptions} from "../../data-loaders/places/slurm/sbatch-options.js";
import {taskScript} from "../../data-loaders/places/slurm/task-script.js";
import type {Site} from "../../data-loaders/places/site.js";
import {slurmPlace} from "./slurm-place.js";

const WHERE = {root: "/scratch/me", environment: "/opt/venv"};
const place = (keys: string) => slurmPlace(WHERE, keys);
const site = (keys: string): Site => ({
  name: "cluster",
  config: place(keys),
  transport: null as never, // a script asks nobody
  root: "/scratch/me",
  python: "/opt/venv/bin/python",
  package: "/scratch/me/trainer/0",
  version: "1"
});

describe("what is said to sbatch", () => {
  it("every key becomes one argument", () => {
    const keys =
      "partition: 'gpu,long', account: lab-1, qos: high, time: '1-12:00:00', gpus: 'a100:2', cpus: 8, memory: 64G, warning: 300, options: {constraint: 'a100&nvlink', exclusive: true, nice: 10}";
    assert.deepEqual(sbatchOptions(place(keys)), [
      "--partition=gpu,long",
      "--account=lab-1",
      "--qos=high",
      "--time=1-12:00:00",
      "--cpus-per-task=8",
      "--mem=64G",
      "--gres=gpu:a100:2",
      "--nodes=1",
      "--ntasks=1",
      "--signal=B:USR1@300",
      "--requeue",
      "--constraint=a100&nvlink",
      "--exclusive",
      "--nice=10"
    ]);
    assert.ok(sbatchOptions(place("gpus: 2, gpus_by: gpus-per-task")).includes("--gpus-per-task=2"));
    assert.ok(!sbatchOptions(place("")).some((option) => /gpu|gres|mem|time/.test(option)));
  });

  for (const [keys, key] of [
    ["partition: 'a b'", "partition"],
    ["partition: '--wrap=reboot'", "partition"],
    ["account: 'x;reboot'", "account"],
    ["qos: '$(reboot)'", "qos"],
    ["time: '1h'", "time"],
    ["memory: '4 G'", "memory"],
    ["gpus: 'a100'", "gpus"],
    ["modules: ['cuda; reboot']", "modules"],
    ["modules: ['-x']", "modules"],
    ["options: {wrap: reboot}", "options"],
    ["options: {array: 0-9}", "options"],
    ["options: {'-p': x}", "options"],
    ['options: {constraint: "a\\nb"}', "options"],
    ['container: ["a\\0b"]', "container"],
    ["commands: '/opt/$(reboot)'", "commands"],
    ["root_: x", "root_"]
  ] as const)
    it(`refuses ${keys}`, () =>
      assert.throws(() => place(keys), new RegExp(`key places\\.cluster\\.${key}`)));
});

describe("the script of an array", () => {
  it("reaches the task with every argument as it stands, whatever a shell would make of it", () => {
    const hostile = `$(touch /tmp/because-pwned) \`id\` "; exit 7 # ' \\ !`;
    const keys = `variables: {HF_HOME: ${JSON.stringify(hostile)}}, container: [printf, '%s\\n', ${JSON.stringify(hostile)}], commands: /opt/slurm/bin`;
    const script = taskScript(site(keys), place(keys));
    const {stdout, status, stderr} = spawnSync("bash", ["-s", "--", "0123456789ab"], {
      input: script,
      encoding: "utf8",
      env: {PATH: process.env.PATH, SLURM_ARRAY_JOB_ID: "12", SLURM_ARRAY_TASK_ID: "3"}
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      hostile,
      "env",
      "BECAUSE_DEVICE=cpu",
      `HF_HOME=${hostile}`,
      "BECAUSE_MODELS=/scratch/me/models",
      "PYTHONPATH=/scratch/me/trainer/0",
      "PYTHONDONTWRITEBYTECODE=1",
      "/opt/venv/bin/python",
      "-m",
      "because_fleet",
      "--root",
      "/scratch/me",
      "task",
      "--bin",
      "/opt/slurm/bin",
      "--requeues",
      "20",
      "0123456789ab",
      "12",
      "3",
      "0"
    ]);
  });

  it("loads modules first, and ends where one cannot be loaded", () => {
    const keys = "modules: [cuda/12.4, python], container_python: /venv/bin/python, gpus: 1";
    const script = taskScript(site(keys), place(keys));
    assert.match(
      script,
      /^#!\/bin\/bash -l\nmodule load cuda\/12\.4 \|\| exit\nmodule load python \|\| exit\nexec env /
    );
    assert.match(script, / \/venv\/bin\/python -m because_fleet .* --python \/venv\/bin\/python /);
    const {status, stdout} = spawnSync("bash", ["-c", `module() { return 1; }\n${script}`], {
      encoding: "utf8"
    });
    assert.deepEqual({status, stdout}, {status: 1, stdout: ""});
  });
});

describe("what Slurm says", () => {
  it("is read line by line, and what is none is passed over", () => {
    const {tasks, jobs} = readSqueue(
      "because-0123456789ab|12|0|PENDING|Resources\nbecause-0123456789ab|12|1-9%4|PENDING|\nother|1|0|RUNNING|\n\x00{}\nbecause-0123456789ab|12|7|FAILED|a|b\n"
    );
    assert.deepEqual([...jobs], [["0123456789ab", "12"]]);
    assert.deepEqual(
      [...tasks],
      [
        ["0123456789ab_0", {state: "PENDING", reason: "Resources"}],
        ["0123456789ab_7", {state: "FAILED", reason: "a|b"}]
      ]
    );
    assert.deepEqual(
      [
        ...readSacct(
          "because-0123456789ab|12_3|CANCELLED by 1000|0:15\nbecause-0123456789ab|12_[4-9]|PENDING|0:0\n"
        ).tasks
      ],
      [["0123456789ab_3", {state: "CANCELLED", reason: "exit 0:15"}]]
    );
  });

  it("a state that nobody knows says nothing", () => {
    assert.equal(slurmHint({state: "TRANSCENDED", reason: ""}), null);
    assert.equal(slurmHint({state: "constructor", reason: ""}), null);
    assert.deepEqual(slurmHint({state: "REQUEUED", reason: "None"}), {state: "waiting", words: "REQUEUED"});
    assert.deepEqual(
      ["TIMEOUT", "NODE_FAIL", "PREEMPTED"].map((state) => slurmHint({state, reason: ""})?.cause),
      ["timeout", "node-lost", "preempted"]
    );
    assert.deepEqual(slurmHint({state: "DEADLINE", reason: ""}), {
      state: "ended",
      cause: "timeout",
      words: "DEADLINE"
    });
  });

  it("the last words in a task's log tell what Slurm only calls failed", () => {
    const failed = slurmHint({state: "FAILED", reason: "NonZeroExitCode"})!;
    const said = (text: string) => explainHint(failed, text).cause;
    assert.equal(said("slurmstepd: error: Exceeded job memory limit"), "out-of-memory");
    assert.equal(said("slurmstepd: error: Detected 1 oom_kill event in StepId=1.batch."), "out-of-memory");
    assert.equal(
      said("error: *** JOB 1 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***"),
      "timeout"
    );
    assert.equal(
      said("*** JOB 1 CANCELLED AT x DUE TO PREEMPTION ***\nExceeded job memory limit"),
      "out-of-memory"
    );
    assert.equal(said("module: command not found"), undefined);
    assert.equal(
      explainHint(failed, "bash: python3: command not found\n").words,
      "FAILED (NonZeroExitCode): bash: python3: command not found"
    );
  });

  it("indices are written as ranges", () => assert.equal(ranges([7, 0, 1, 2, 2, 9, 8]), "0-2,7-9"));
});
