import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {decodeColumns} from "../../src/core/columns.js";
import type {Columns} from "../../src/core/columns.js";
import type {NoiseRow, StudyFacts} from "../../src/core/cubes.js";
import {because, createStreet, SMALL_STUDY} from "./street.js";
import type {RunReport, Street} from "./street.js";

const STUDY = SMALL_STUDY.replace(/modes: .*/, "modes: [label-only, explanation]")
  .replace(/ +reductions: .*\n/, "")
  .replace("steps: 40", "steps: 6");
const ARMS = ["label-only", "explanation.label-first.token-mean"];

describe("the noise floor of a small study, end to end", () => {
  let street: Street;
  let study: string;
  before(async () => {
    street = await createStreet();
    study = await street.writeStudy(STUDY);
  });
  after(() => street.remove());

  it("is zero on the CPU, where the same job gives the same bits", async () => {
    const {code, stdout, stderr} = await because("noise", study, "--times", "3", "--json");
    assert.equal(code, 0, stderr);
    const rows = JSON.parse(stdout) as NoiseRow[];
    assert.deepEqual([...new Set(rows.map(({arm}) => arm))], ARMS);
    for (const {identical, largest, repetitions, device} of rows) {
      assert.deepEqual([identical, largest, repetitions], [true, 0, 3]);
      assert.match(device, /^cpu/);
    }
    assert.ok(rows.some(({measure, largest}) => measure === "layer_entropy" && largest === 0));
  });

  it("is measured once, and no repetition is a run of the study", async () => {
    const before = (await readdir(street.store.runs)).sort();
    const again = await because("noise", study);
    assert.equal(again.code, 0, again.stderr);
    assert.match(
      again.stdout,
      /The same two jobs \(label only; explanation, .*\), each run 3 times on .*gave the same bits/
    );
    const ran = await because("run", "--json", "--study", study);
    assert.equal(ran.code, 0, ran.stderr);
    const runs = JSON.parse(ran.stdout) as RunReport[];
    assert.equal(runs.filter(({title}) => /seed 1/.test(title)).length, ARMS.length);
    assert.ok(runs.every(({title}) => !title.includes("repetition")));
    assert.deepEqual((await readdir(street.store.runs)).sort(), before);
    const status = await because("status", "--json", "--study", study);
    const lines = JSON.parse(status.stdout) as {stage: string; status: string; why: string}[];
    assert.ok(lines.filter(({stage}) => stage === "runs").every((line) => line.status === "done"));
  });

  it("is in the tables, which count the study's runs alone", async () => {
    const {code, stdout, stderr} = await because("tables", "--json", "--study", study);
    assert.equal(code, 0, stderr);
    const {folder} = JSON.parse(stdout) as {folder: string};
    const read = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8")) as unknown;
    const noise = decodeColumns((await read("noise.json")) as Columns) as unknown as NoiseRow[];
    assert.deepEqual([...new Set(noise.map(({arm}) => arm))], ARMS);
    const {counts} = (await read("study.json")) as StudyFacts;
    assert.equal(counts.runs, ARMS.length + 5);
  });

  it("is refused for arms that the study lacks, and for a single repetition", async () => {
    const arm = await because("noise", study, "--arm", "filler");
    assert.equal(arm.code, 2);
    assert.match(arm.stderr, /an arm of the study: label-only/);
    const once = await because("noise", study, "--times", "1");
    assert.equal(once.code, 2);
    assert.match(once.stderr, /whole number from 2/);
  });
});
