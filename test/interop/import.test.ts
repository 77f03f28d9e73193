import assert from "node:assert/strict";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import type {BadInput} from "../../src/core/bad-input.js";
import type {DataRow} from "../../src/core/contract.js";
import {beginnings, tokenPieces, wordPieces} from "../../data-loaders/imports/longer-labels.js";
import {matchPredictions} from "../../data-loaders/imports/match-predictions.js";
import type {PredictedRow} from "../../data-loaders/imports/predicted-row.js";
import {importPredictions} from "../../data-loaders/imports/import-predictions.js";
import {readImports} from "../../data-loaders/imports/import-index.js";
import {staleImports, standIn} from "../../data-loaders/imports/stand-in.js";
import type {PlannedRun} from "../../data-loaders/jobs/plan-jobs.js";
import {removeRun} from "../../data-loaders/jobs/write-jobs.js";
import {planStudy} from "../../data-loaders/jobs/plan-study.js";
import {prepareStudy} from "../../data-loaders/corpora/prepare-corpora.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import {verifyRun} from "../../data-loaders/trainers/run-state.js";
import {because} from "../street/street.js";
import {createElsewhere} from "./small-study.js";
import type {Elsewhere} from "./small-study.js";

const LABELS = ["1", "2", "3", "4", "5"];

let elsewhere: Elsewhere;
before(async () => {
  elsewhere = await createElsewhere();
});
after(() => elsewhere.remove());

/** Probability `p` on the gold label, the rest on the others, which leaves `off` to other tokens. */
function probabilities({gold}: DataRow, p = 0.6, off = 0): Record<string, number> {
  return Object.fromEntries(
    LABELS.map((label) => [label, (1 - off) * (label === gold ? p : (1 - p) / (LABELS.length - 1))])
  );
}

const record = (row: DataRow, off = 0) => {
  const {example_id, corpus, axis, gold} = row;
  return {example_id, corpus, axis, gold, probabilities: probabilities(row, 0.6, off)};
};

async function write(name: string, text: string): Promise<string> {
  const file = join(elsewhere.folder, name);
  await writeFile(file, text);
  return file;
}

const writeLines = (name: string, rows: object[]) =>
  write(name, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

async function importFiles(...files: string[]): Promise<string> {
  const request = {files, arm: "label-only", seed: 1, columns: {}};
  const {records} = await importPredictions(elsewhere.context, request);
  assert.equal(records.length, 1);
  return join(elsewhere.context.store.runs, records[0]!.run);
}

interface Read {
  predicted: string;
  gold: string;
  label_logits: number[];
  off_label_mass: number | null;
  log_sum_exp: number | null;
}

async function readRun(folder: string): Promise<Read[]> {
  const db = await Database.create(":memory:");
  try {
    return (await db.rows(
      `FROM read_parquet(${literal(join(folder, "predictions.parquet"))})`
    )) as unknown as Read[];
  } finally {
    db.discard();
  }
}

describe("predictions of other trainers become run logs", () => {
  it("of JSON Lines, in any order, with the manifest that the contract asks for", async () => {
    const file = await writeLines("predicted.jsonl", elsewhere.test.map((row) => record(row)).reverse());
    const folder = await importFiles(file);
    const {status, manifest} = await verifyRun(folder);
    assert.equal(status, "done");
    assert.equal(manifest!.reason, "imported from predicted.jsonl");
    assert.equal(manifest!.device.kind, "imported");
    assert.equal(manifest!.files["predictions.parquet"]!.rows, elsewhere.test.length);
    const rows = await readRun(folder);
    assert.deepEqual(
      rows.map(({gold}) => gold),
      elsewhere.test.map(({gold}) => gold)
    );
    for (const {predicted, gold, label_logits} of rows) {
      assert.equal(predicted, gold);
      assert.ok(Math.abs(Math.exp(label_logits[LABELS.indexOf(gold)]!) - 0.6) < 1e-12);
    }
  });

  it("without off-label mass where probabilities are of the labels alone, with it where they are not", async () => {
    const alone = await readRun(
      await importFiles(
        await writeLines(
          "a.jsonl",
          elsewhere.test.map((row) => record(row))
        )
      )
    );
    assert.ok(
      alone.every(({off_label_mass, log_sum_exp}) => off_label_mass === null && log_sum_exp === null)
    );
    const whole = await readRun(
      await importFiles(
        await writeLines(
          "b.jsonl",
          elsewhere.test.map((row) => record(row, 0.25))
        )
      )
    );
    assert.ok(
      whole.every(
        ({off_label_mass, log_sum_exp}) => Math.abs(off_label_mass! - 0.25) < 1e-12 && log_sum_exp === 0
      )
    );
  });

  it("of CSV and Parquet, with a column a label", async () => {
    const head = ["example_id", "corpus", "axis", ...LABELS.map((label) => `logp_${label}`)];
    const lines = elsewhere.test.map((row) => {
      const all = probabilities(row);
      return [row.example_id, row.corpus, row.axis, ...LABELS.map((label) => Math.log(all[label]!))].join(
        ","
      );
    });
    const csv = await write("predicted.csv", `${[head.join(","), ...lines].join("\n")}\n`);
    const fromCsv = await readRun(await importFiles(csv));
    const parquet = join(elsewhere.folder, "predicted.parquet");
    const db = await Database.create(":memory:");
    await db.run(
      `COPY (FROM read_csv(${literal(csv)}, all_varchar = true)) TO ${literal(parquet)} (FORMAT parquet)`
    );
    db.discard();
    assert.deepEqual(await readRun(await importFiles(parquet)), fromCsv);
    assert.ok(fromCsv.every(({predicted, gold}) => predicted === gold));
  });

  it("of lm-eval's sample logs, whose numbers are text", async () => {
    const sample = (row: DataRow, doc_id: number) => ({
      doc_id,
      doc: {...record(row), choices: LABELS, gold_index: LABELS.indexOf(row.gold)},
      target: String(LABELS.indexOf(row.gold)),
      resps: LABELS.map((label) => [[String(Math.log(probabilities(row, 0.6, 0.5)[label]!)), "False"]]),
      filtered_resps: LABELS.map((label) => [
        String(Math.log(probabilities(row, 0.6, 0.5)[label]!)),
        "False"
      ]),
      acc: 1
    });
    const half = elsewhere.test.length / 2;
    const files = await Promise.all(
      [elsewhere.test.slice(0, half), elsewhere.test.slice(half)].map((rows, i) =>
        writeLines(`samples_because_${i}.jsonl`, rows.map(sample))
      )
    );
    const rows = await readRun(await importFiles(...files));
    assert.ok(rows.every(({predicted, gold}) => predicted === gold));
    assert.ok(rows.every(({off_label_mass}) => Math.abs(off_label_mass! - 0.5) < 1e-12));
  });
});

describe("labels that begin others", () => {
  const WORDS = ["good", "good enough", "bad", "not good"];
  const [row] = [{example_id: "a", corpus: "c", axis: "quality", gold: "good enough"} as DataRow];
  const match = async (p: number[], wholeVocabulary: boolean, labels = WORDS, pieces = wordPieces) => {
    async function* one(): AsyncGenerator<PredictedRow> {
      const logProbabilities = new Map(labels.map((label, i) => [label, Math.log(p[i]!)]));
      const {example_id, corpus, axis} = row;
      yield {where: "line 1", example_id, corpus, axis, gold: null, logProbabilities, wholeVocabulary};
    }
    const [matched] = await matchPredictions([row], {quality: labels}, one(), pieces);
    return {...matched!, probabilities: matched!.logits.map((logit) => Number(Math.exp(logit).toFixed(12)))};
  };

  it("lose what belongs to the longer ones, in lm-eval's logs alone", async () => {
    const exact = await match([0.7, 0.45, 0.1, 0.1], true);
    assert.deepEqual(exact.probabilities, [0.25, 0.45, 0.1, 0.1]);
    assert.equal(exact.predicted, "good enough");
    assert.ok(Math.abs(exact.offLabel! - 0.1) < 1e-12);
    assert.deepEqual((await match([0.3, 0.45, 0.1, 0.1], false)).probabilities, [0.3, 0.45, 0.1, 0.1]);
  });

  it("lose each share once where labels begin one another in turn", async () => {
    const labels = ["good", "good enough", "good enough now"];
    assert.deepEqual((await match([0.9, 0.6, 0.5], true, labels)).probabilities, [0.3, 0.1, 0.5]);
  });

  it("are told by the model's own tokens where its tokenizer is there", async () => {
    const pieces = await tokenPieces(join(elsewhere.folder, "model", "tokenizer.json"));
    assert.deepEqual(beginnings(["1", "2", "10"], pieces), [["1", "10"]]); // one token a byte
    assert.deepEqual(beginnings(["1", "2", "10"], wordPieces), []);
    assert.deepEqual(
      (await match([0.5, 0.2, 0.3], true, ["1", "2", "10"], pieces)).probabilities,
      [0.2, 0.2, 0.3]
    );
    await assert.rejects(
      match([0.3, 0.2, 0.5], true, ["1", "2", "10"], pieces),
      /“1” at least as likely as “10”/
    );
  });

  it("are named where a table's probabilities add up to more than one", async () => {
    await assert.rejects(match([0.9, 0.4, 0.02, 0.02], false), ({message}: BadInput) => {
      assert.match(message, /“good” begins “good enough”/);
      assert.doesNotMatch(message, /[Dd]ivide by/);
      return true;
    });
    await assert.rejects(match([0.9, 0.4], false, ["good", "bad"]), /Divide by their sum/);
  });
});

describe("what does not fit the study is refused, with file and row", () => {
  const refused = async (change: (rows: ReturnType<typeof record>[]) => object[], ...patterns: RegExp[]) => {
    const file = await writeLines("bad.jsonl", change(elsewhere.test.map((row) => record(row))));
    await assert.rejects(importFiles(file), ({message, detail}: BadInput) => {
      assert.ok(detail, message);
      for (const pattern of patterns) assert.match(message, pattern);
      return true;
    });
  };

  it("missing rows", () => refused((rows) => rows.slice(2), /none for 2, the first example/));
  it("doubled rows", () =>
    refused((rows) => [...rows, rows[0]!], /bad\.jsonl, line 25: .*again, after .*line 1/));
  it("unknown rows", () =>
    refused(
      ([first, ...rest]) => [{...first!, example_id: "nowhere"}, ...rest],
      /bad\.jsonl, line 1: .*example nowhere/
    ));
  it("other gold labels", () =>
    refused(
      ([first, ...rest]) => [{...first!, gold: first!.gold === "1" ? "2" : "1"}, ...rest],
      /line 1: expected gold label/
    ));
  it("labels that the axis lacks", () =>
    refused(
      ([first, ...rest]) => [{...first!, probabilities: {...first!.probabilities, 6: 0.1}}, ...rest],
      /a probability for each label of naturalness: 1, 2, 3, 4, 5, found one for “6”/
    ));
  it("labels without a probability", () =>
    refused(([first, ...rest]) => [{...first!, probabilities: {1: 0.5}}, ...rest], /found none for 2/));
  it("probabilities that add up to more than one", () =>
    refused(
      ([first, ...rest]) => [{...first!, probabilities: {1: 0.9, 2: 0.9, 3: 0, 4: 0, 5: 0}}, ...rest],
      /line 1: expected probabilities that add up to one at most, found 1\.8/
    ));
  it("logarithms among probabilities, and logits among logarithms", async () => {
    await refused(
      ([first, ...rest]) => [{...first!, probabilities: {...first!.probabilities, 1: -2}}, ...rest],
      /between 0 and 1, found -2/
    );
    await refused(
      ([first, ...rest]) => [
        {...first!, probabilities: undefined, log_probabilities: {...first!.probabilities, 1: 4.5}},
        ...rest
      ],
      /at most 0/
    );
  });
  it("rows without axis, where the study has two", () =>
    refused(
      ([first, ...rest]) => [{...first!, axis: undefined}, ...rest],
      /column axis, since the study has/
    ));
  it("files that are not there, or empty", async () => {
    await assert.rejects(importFiles("nofile.csv"), ({message}: BadInput) => {
      assert.match(message, /^nofile\.csv: expected a file with predictions, found nothing at .*nofile\.csv/);
      assert.doesNotMatch(message, /corpora|--data/);
      return true;
    });
    await assert.rejects(importFiles(await write("empty.csv", "")), /found the file is empty/);
    await assert.rejects(importFiles(await write("blank.jsonl", "\n\n")), /found the file is empty/);
  });
  it("NaN, which Python writes into JSON", async () => {
    const file = await write("nan.jsonl", '{"example_id": "NaN", "probabilities": {"1": NaN}}\n');
    await assert.rejects(importFiles(file), /line 1.*found NaN, which JSON doesn't have.*json\.dumps/s);
  });
  it("columns that --column names and the file lacks", async () => {
    const files = [await write("ids.csv", "id,axis,p_1\nx,naturalness,1\n")];
    const ask = (columns: Record<string, string>) =>
      importPredictions(elsewhere.context, {files, arm: "label-only", seed: 1, columns});
    await assert.rejects(
      ask({example_id: "di"}),
      /column “di”.*found the columns id, axis, p_1.*--column example_id=id\?/s
    );
    await assert.rejects(ask({}), /no such column, among id, axis, p_1/);
  });
  it("arms and seeds that the study lacks", async () => {
    const {context} = elsewhere;
    const ask = (arm: string, seed: number) =>
      importPredictions(context, {files: ["none.jsonl"], arm, seed, columns: {}});
    await assert.rejects(ask("explanation", 1), /a mode of 2 arms/);
    await assert.rejects(ask("shuffled", 1), /an arm of the study: label-only/);
    await assert.rejects(ask("label-only", 3), /a seed of the study: 1, 2/);
  });
});

describe("imports in the plan", () => {
  const plan = async () => {
    const {context} = elsewhere;
    const {corpora} = await prepareStudy(context);
    return planStudy(context.file, corpora, {
      tokenizer: null,
      tokenizerJson: null,
      trainerVersion: "1",
      imports: await readImports(context)
    });
  };

  it("stand for the run of their arm and seed, replaced by the next and forgotten with their log", async () => {
    const rows = elsewhere.test.map((row) => record(row));
    await importFiles(await writeLines("first.jsonl", rows));
    const second = await importFiles(await writeLines("second.jsonl", rows.toReversed()));
    const {training} = await plan();
    const imported = training.filter((run) => run.imported);
    assert.deepEqual(
      imported.map(({job, run, imported: from}) => [job.arm.mode, job.seed, run, from]),
      [["label-only", 1, second.slice(-16), "second.jsonl"]]
    );
    const changed: PlannedRun<(typeof training)[number]["job"]> = {
      ...training[0]!,
      imported: undefined,
      job: {
        ...training[0]!.job,
        data: {...training[0]!.job.data, test: {file: "", rows: 0, content: "0".repeat(64)}}
      }
    };
    const imports = await readImports(elsewhere.context);
    assert.equal(standIn(changed, imports).imported, undefined);
    assert.equal(staleImports([changed], imports).length, 1);
    await removeRun(second.slice(-16), elsewhere.context.store);
    assert.ok((await plan()).training.every((run) => run.imported === undefined));
  });

  it("are made by the command", async () => {
    const file = await writeLines(
      "command.jsonl",
      elsewhere.test.map((row) => record(row))
    );
    const {code, stdout, stderr} = await because(
      ...["import", elsewhere.study, file, "--as", "label-only", "--seed", "2"]
    );
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /24 predictions imported as label-only, seed 2: 100\.0 % right\.\nThey add up to one/
    );
    const place = ["--as", "label-only", "--seed", "2"];
    const removed = await because("import", elsewhere.study, "--remove", ...place);
    assert.equal(removed.code, 0, removed.stderr);
    assert.match(
      removed.stdout,
      /command\.jsonl no longer stands for label-only, seed 2: `because run` trains/
    );
    assert.ok((await readImports(elsewhere.context)).every(({seed}) => seed !== 2));
    const again = await because("import", elsewhere.study, "--remove", ...place);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /none for it/);
    assert.equal((await because("import", elsewhere.study, file, "--remove", ...place)).code, 2);
    assert.equal((await because("import", elsewhere.study, ...place)).code, 2);
    const wrong = await because("import", elsewhere.study, file, "--as", "label-only", "--seed", "two");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /whole number/);
  });
});
