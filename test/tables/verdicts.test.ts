/** Hypotheses that a study declares are judged from its run logs: planted effects get the verdicts that they deserve. */
import assert from "node:assert/strict";
import {join} from "node:path";
import {test} from "node:test";
import type {VerdictRow} from "../../src/core/cubes.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {StudySchema, type Study} from "../../src/core/study.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {SMALL} from "./synthetic-plan.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

/** In {@link SMALL}, explanations are planted to help, filler to hurt, and shuffled explanations to do nothing. */
const HYPOTHESES = [
  {id: "explanations-help", arm: "explanation", direction: "better"},
  {
    id: "explanations-help-flips",
    arm: "explanation",
    direction: "better",
    test: "permutation",
    over: "dialogues"
  },
  {id: "filler-helps", arm: "filler", direction: "better"},
  {id: "filler-is-surer-of-gold", arm: "filler", against: "explanation", measure: "nll", direction: "better"},
  {id: "filler-differs", arm: "filler", direction: "different", test: "mcnemar"},
  {id: "shuffled-does-nothing", arm: "shuffled", direction: "equivalent", smallest: 0.15},
  {id: "filler-does-nothing", arm: "filler", direction: "equivalent", smallest: 0.05},
  {id: "in-one-setting", arm: "explanation", direction: "better", corpus: "support", axis: "adherence"},
  {id: "over-four-settings", arm: "explanation", direction: "better", test: "wilcoxon"},
  {id: "never-trained", arm: "mismatched", direction: "better"}
];

function declare(study: Study, hypotheses: object[]): Study {
  const modes = ["label-only", "explanation", "mismatched", "shuffled", "filler"];
  return StudySchema.parse({...study, arms: {modes, reductions: ["part-mean"]}, hypotheses});
}

async function judged(hypotheses: object[]): Promise<AllCubes> {
  return inScratch(async (folder) => {
    const input: TablesInput = await writeSyntheticRuns(join(folder, "runs"), {
      ...SMALL,
      seeds: [1, 2, 3],
      dialogues: 40
    });
    await writeTables({...input, study: declare(input.study, hypotheses)}, join(folder, "tables"));
    return readCubes(join(folder, "tables"));
  });
}

test("declared hypotheses are judged, each as its planted effect deserves", async () => {
  const {verdicts, effects} = await judged(HYPOTHESES);
  const found = Object.fromEntries(verdicts.map(({id, verdict}) => [id, verdict]));
  assert.deepEqual(found, {
    "explanations-help": "supported",
    "explanations-help-flips": "supported",
    "filler-helps": "contradicted",
    "filler-is-surer-of-gold": "contradicted",
    "filler-differs": "supported",
    "shuffled-does-nothing": "supported",
    "filler-does-nothing": "contradicted",
    "in-one-setting": "supported",
    // Four settings that agree have p = 1/8 at best.
    "over-four-settings": "undecided",
    "never-trained": "untestable"
  } satisfies Record<string, VerdictRow["verdict"]>);
  const rows = new Map(verdicts.map((row) => [row.id, row]));
  for (const {id, arm, against, corpus, axis, measure, effect, p, p_adjusted: adjusted} of verdicts) {
    if (id === "never-trained") continue;
    assert.ok(p! <= adjusted! && adjusted! <= 1, id);
    if (!against.startsWith("label-only")) continue;
    const same = effects.find(
      (row) =>
        row.arm === arm &&
        row.seed === "all" &&
        row.corpus === corpus &&
        row.axis === axis &&
        row.measure === measure
    );
    assert.equal(effect, same!.effect, `${id}: the effect that the figures show`);
  }
  assert.deepEqual(
    [rows.get("in-one-setting")!.n, rows.get("explanations-help")!.n],
    [SMALL.examplesPerDialogue * 40, 4 * SMALL.examplesPerDialogue * 40]
  );
  assert.match(rows.get("never-trained")!.reason, /no finished run/);
});

test("more hypotheses leave p as it is, and make the corrected p larger", async () => {
  const [first] = HYPOTHESES;
  const alone = (await judged([first!])).verdicts[0]!;
  const among = (await judged(HYPOTHESES)).verdicts[0]!;
  assert.equal(alone.p, among.p);
  assert.equal(alone.p_adjusted, alone.p);
  assert.ok(among.p_adjusted! > alone.p_adjusted!, JSON.stringify(among));
});
