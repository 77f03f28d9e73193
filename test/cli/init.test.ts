import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {type BadInput} from "../../src/core/bad-input.js";
import {build} from "../../data-loaders/cli/build.js";
import {init} from "../../data-loaders/cli/init.js";
import type {InitOptions} from "../../data-loaders/cli/init.js";
import {askForColumns, type Prompter} from "../../data-loaders/cli/init-questions.js";
import {readStudy} from "../../data-loaders/study/read-study.js";

const ROWS = `id,context,reply,tone,help,why_tone,why_help
1,hello,hi there,warm,3,it greets,it answers
2,hello,go away,curt,1,it is rude,it refuses
3,hello,well,neutral,2,it is flat,it stalls
`;

describe("because init", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-init-"));
    await writeFile(join(folder, "mails.csv"), ROWS);
    await writeFile(
      join(folder, "mails.jsonl"),
      `${JSON.stringify({reply: "hi", ratings: {tone: "warm"}})}\n${JSON.stringify({reply: "no", ratings: {tone: "curt"}})}\n`
    );
  });
  after(() => rm(folder, {recursive: true}));

  const write = async (change: Partial<InitOptions>, out = "study.yaml"): Promise<string> => {
    const given = {
      from: join(folder, "mails.csv"),
      response: "reply",
      label: ["tone=tone"],
      explanation: [],
      nominal: []
    };
    await init({...given, out: join(folder, out), force: true, ...change});
    return join(folder, out);
  };
  const refused = (change: Partial<InitOptions>, part: keyof BadInput["detail"], text: RegExp) =>
    assert.rejects(
      write(change),
      (error: BadInput) => text.test(error.detail[part]) || assert.fail(error.message)
    );

  it("writes a study that can be read, with every axis, its labels and its explanations", async () => {
    const file = await write({
      label: ["tone=tone", "help=help"],
      explanation: ["tone=why_tone", "help=why_help"],
      nominal: ["tone"],
      turns: "context"
    });
    const {study} = await readStudy(file);
    assert.deepEqual(study.axes.help!.labels, ["1", "2", "3"]);
    assert.deepEqual([study.axes.tone!.kind, study.axes.help!.kind], ["nominal", "ordinal"]);
    assert.ok(study.arms.modes.includes("explanation"));
    const corpus = study.corpora.mails!;
    assert.ok("columns" in corpus && corpus.columns.turns === "context");
    assert.match(await readFile(file, "utf8"), /edit: what a rater is asked/);
  });

  it("without explanations only label-only can be trained", async () => {
    const {study} = await readStudy(await write({}));
    assert.deepEqual(study.arms.modes, ["label-only"]);
  });

  it("reaches nested values by dots", async () => {
    const file = await write(
      {from: join(folder, "mails.jsonl"), label: ["tone=ratings.tone"]},
      "nested.yaml"
    );
    assert.deepEqual((await readStudy(file)).study.axes.tone!.labels, ["curt", "warm"]);
  });

  it("refuses what it would have to drop or guess", async () => {
    await refused(
      {label: ["tone=tone", "help=help"], explanation: ["help=why_help"]},
      "found",
      /none for tone/
    );
    await refused({explanation: ["help=why_help"]}, "where", /--explanation help/);
    await refused({nominal: ["tonne"]}, "found", /tonne/);
    await refused({label: ["tone=tone", "tone=help"]}, "found", /“tone” again/);
    await refused({label: ["tone"]}, "mend", /--label tone=COLUMN/);
    await refused({label: ["tone=tonne"]}, "mend", /Did you mean “tone”/);
    await refused({force: false}, "mend", /--force/);
    await refused({from: join(folder, "none.csv")}, "found", /none/);
  });
});

describe("because init's questions", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-questions-"));
    const rows = Array.from(
      {length: 30},
      (_, i) => `reply ${i},${["poor", "fair", "good"][i % 3]},reason ${i}`
    );
    await writeFile(join(folder, "mails.csv"), `reply,tone,why\n${rows.join("\n")}\n`);
    await writeFile(join(folder, "notes.txt"), "no data");
  });
  after(() => rm(folder, {recursive: true}));

  /** Gives these answers in turn; fails where one is no choice, or where there are too few. */
  function answering(answers: (string | symbol)[]): Prompter & {reasons: string[]; left: () => number} {
    const rest = [...answers];
    const reasons: string[] = [];
    const next = (): string | symbol => rest.shift() ?? assert.fail("asked more than was expected");
    return {
      reasons,
      left: () => rest.length,
      text: async ({validate}) => {
        const answer = next();
        if (typeof answer === "string") assert.equal(validate?.(answer), undefined);
        return answer;
      },
      select: async ({options}) => {
        const answer = next();
        assert.ok(typeof answer === "symbol" || options.some(({value}) => value === answer));
        return answer;
      },
      again: (reason) => void reasons.push(reason)
    };
  }
  const none: InitOptions = {label: [], explanation: [], nominal: []};

  it("asks again after a wrong file and a column without labels, and keeps the other answers", async () => {
    const data = join(folder, "mails.csv");
    const prompter = answering([
      ...[join(folder, "none.csv"), join(folder, "notes.txt"), data],
      ...["reply", "", "", "tone", "why", "tone", "why", ""]
    ]);
    const chosen = await askForColumns(none, prompter);
    assert.equal(prompter.left(), 0);
    assert.deepEqual(
      [chosen.from, chosen.response, chosen.label, chosen.explanation],
      [data, "reply", ["tone=tone"], ["tone=why"]]
    );
    assert.equal(prompter.reasons.length, 3);
    assert.match(prompter.reasons[0]!, /none\.csv: expected a file, found none\.$/);
    assert.match(prompter.reasons[1]!, /ends in \.jsonl, \.csv or \.parquet/);
    assert.match(prompter.reasons[2]!, /column why: expected 2 to 20 different labels, found more/);
    assert.ok(prompter.reasons.every((reason) => !reason.includes("--from")));
  });

  it("asks for further axes, whose explanations may be left out for all or for none", async () => {
    const data = join(folder, "two.csv");
    await writeFile(
      data,
      "reply,tone,help,why,why_help\nhi,good,1,it greets,it does\nno,poor,2,it is curt,it stalls\n"
    );
    const both = answering([
      ...[data, "reply", "", "", "tone", "tone", "why", "yes"],
      ...["help", "help", "why_help", ""]
    ]);
    const explained = await askForColumns(none, both);
    assert.deepEqual(
      [explained.label, explained.explanation],
      [
        ["tone=tone", "help=help"],
        ["tone=why", "help=why_help"]
      ]
    );
    const neither = answering([data, "reply", "", "", "tone", "tone", "", "yes", "help", "help", ""]);
    const bare = await askForColumns(none, neither);
    assert.deepEqual([bare.label, bare.explanation], [["tone=tone", "help=help"], []]);
    assert.deepEqual([both.left(), neither.left()], [0, 0]);
    const again = answering([data, "reply", "", "", "tone", "tone", "why", "yes", "tone"]);
    await assert.rejects(askForColumns(none, again), /That is asked already/);
  });

  it("a file in another encoding, and an axis that no study can name, are told with the mend", async () => {
    const latin = join(folder, "latin.csv");
    await writeFile(latin, Buffer.from("reply,tone\nné,good\nété,poor\n", "latin1"));
    await assert.rejects(
      askForColumns({...none, from: latin}, answering([])),
      ({detail}: BadInput) => /line 2$/.test(detail.where) && /iconv -f latin1/.test(detail.mend)
    );
    const from = join(folder, "mails.csv");
    await assert.rejects(
      init({...none, from, response: "reply", label: ["Tön of Voice=tone"]}),
      ({detail}: BadInput) => detail.mend.startsWith('Write it as --label "ton-of-voice=tone"')
    );
  });

  it("a wrong flag is not asked for again, and Ctrl-C ends the questions", async () => {
    await assert.rejects(
      askForColumns({...none, from: join(folder, "none.csv")}, answering([])),
      /given with --from/
    );
    await assert.rejects(askForColumns(none, answering([Symbol("cancel")])), /Stopped before anything/);
  });

  it("says that labels in alphabetical order have to be put right", async (t) => {
    const written: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    t.mock.method(process.stdout, "write", (text: string) => {
      written.push(text);
      return write(text); // the test runner's own reports pass here, too
    });
    const out = join(folder, "study.yaml");
    await init({...none, from: join(folder, "mails.csv"), response: "reply", label: ["tone=tone"], out});
    t.mock.restoreAll();
    assert.match(written.join(""), /note: axes\.tone: .*\(fair, good, poor\)\. Put them in ascending order/);
  });
});

describe("because build --output", () => {
  it("does not replace a folder that holds anything but a notebook", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "because-output-"));
    t.after(() => rm(folder, {recursive: true}));
    await writeFile(join(folder, "thesis.tex"), "years of work");
    await assert.rejects(
      build({study: "studies/demo.yaml", output: folder}),
      /a notebook as .* wrote it, found thesis\.tex, which it didn't write/
    );
    await symlink(folder, `${folder}-link`);
    t.after(() => rm(`${folder}-link`));
    for (const output of [`${folder}-link`, join(folder, "thesis.tex")])
      await assert.rejects(build({study: "studies/demo.yaml", output}), /found a (file|symbolic link)/);
    assert.equal(await readFile(join(folder, "thesis.tex"), "utf8"), "years of work");
  });
});
