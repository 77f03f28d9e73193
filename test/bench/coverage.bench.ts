/**
 * Do 95 % intervals hold the truth 95 times in 100? Made studies with known true effects and dialogues whose rows are
 * alike, estimated by the code that makes the tables. Prints; `test/statistics/coverage.test.ts` judges a part of it.
 *
 *     npm run bench coverage -- --studies 2000
 */
import {parseArgs} from "node:util";
import {COVERED, type Covered} from "./coverage-model.js";
import {NULL_TESTS, rejections, type NullTest} from "./coverage-null.js";
import {
  ARM_SKILL,
  BASE_SKILL,
  judgeStudy,
  METHODS,
  TRAINING_SPREAD,
  type Judged,
  type Method
} from "./coverage-study.js";
import {
  manyTrainings,
  measureTables,
  TABLED,
  tableStudy,
  type Tabled,
  type TabledTruth
} from "./coverage-tables.js";
import {meanOverTrainings, measurePopulation, type Truth} from "./coverage-truth.js";

/** Dialogues of a study. */
export const DESIGNS = [20, 50, 200] as const;

/** How many of how many intervals held the truth. */
export interface Tally {
  held: number;
  studies: number;
}

export type Coverage = Record<Covered, Record<Method, Tally>>;

/** Counts over studies 1 to `studies` of one design. */
export function countCoverage(truth: Truth, dialogues: number, studies: number): Coverage {
  const coverage = Object.fromEntries(
    COVERED.map((id) => [id, Object.fromEntries(METHODS.map((method) => [method, {held: 0, studies: 0}]))])
  ) as Coverage;
  const effects = trainingEffects(truth);
  for (let study = 1; study <= studies; ++study)
    for (const judged of judgeStudy(study, dialogues, truth))
      count(coverage[judged.measure], judged, effects);
  return coverage;
}

/** True effects over all trainings. */
export function trainingEffects(truth: Truth): Record<Covered, number> {
  const mean = (id: Covered, skill: number) => meanOverTrainings(truth[id], skill, TRAINING_SPREAD);
  return Object.fromEntries(COVERED.map((id) => [id, mean(id, ARM_SKILL) - mean(id, BASE_SKILL)])) as Record<
    Covered,
    number
  >;
}

function count(
  tallies: Record<Method, Tally>,
  {measure, truth, intervals}: Judged,
  effects: Record<Covered, number>
): void {
  for (const method of METHODS) {
    const interval = intervals[method];
    if (!interval) continue;
    const aim = method === "trainings" ? effects[measure] : truth;
    tallies[method].studies += 1;
    // An interval that a study doesn't give holds nothing.
    if (interval.low !== null && interval.low <= aim && aim <= interval.high!) tallies[method].held += 1;
  }
}

/** Methods of {@link countTables}. */
export const TABLE_METHODS = ["dialogues", "trainings", "naive"] as const;
type TableMethod = (typeof TABLE_METHODS)[number];

/** The same of what the tables hold besides measures. Only intervals that a study gives are counted: a bin may hold too little. */
export function countTables(
  truth: TabledTruth,
  dialogues: number,
  studies: number
): Record<Tabled, Record<TableMethod, Tally>> {
  const none = () => Object.fromEntries(TABLE_METHODS.map((method) => [method, {held: 0, studies: 0}]));
  const tallies = Object.fromEntries(TABLED.map((id) => [id, none()])) as Record<
    Tabled,
    Record<TableMethod, Tally>
  >;
  const ofAll = truth(manyTrainings(ARM_SKILL), manyTrainings(BASE_SKILL));
  for (let study = 1; study <= studies; ++study) {
    const {intervals, skills, baseSkills} = tableStudy(study, dialogues);
    const ofThese = truth(skills, baseSkills);
    for (const id of TABLED)
      for (const method of TABLE_METHODS) {
        const {low, high} = intervals[id][method];
        if (low === null) continue;
        const aim = (method === "trainings" ? ofAll : ofThese)[id];
        tallies[id][method].studies += 1;
        if (low <= aim && aim <= high!) tallies[id][method].held += 1;
      }
  }
  return tallies;
}

/** Share of studies without any effect in which each test rejects. */
export function countRejections(dialogues: number, studies: number): Record<NullTest, Tally> {
  const tallies = Object.fromEntries(NULL_TESTS.map((test) => [test, {held: 0, studies}])) as Record<
    NullTest,
    Tally
  >;
  for (let study = 1; study <= studies; ++study) {
    const rejected = rejections(study, dialogues);
    for (const test of NULL_TESTS) if (rejected[test]) tallies[test].held += 1;
  }
  return tallies;
}

/** `94.9 ± 0.5`: percent, with the binomial standard error. */
function percentText({held, studies}: Tally): string {
  if (studies === 0) return "–";
  const share = held / studies;
  return `${(100 * share).toFixed(1)} ± ${(100 * Math.sqrt((share * (1 - share)) / studies)).toFixed(1)}`;
}

function line(cells: string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(13))).join("");
}

/** Prints coverage by design, measure and method, then rejection rates without an effect. */
export async function main(args: string[]): Promise<void> {
  const {values} = parseArgs({args, options: {studies: {type: "string", default: "2000"}}});
  const studies = Number(values.studies);
  const started = performance.now();
  const truth = measurePopulation();
  const effects = trainingEffects(truth);
  console.log(`Coverage of 95 % intervals of an effect, in percent, over ${studies} studies a design.`);
  for (const dialogues of DESIGNS) {
    const coverage = countCoverage(truth, dialogues, studies);
    console.log(`\n${line([`${dialogues} dialogues`, "true effect", ...METHODS])}`);
    for (const id of COVERED)
      console.log(
        line([id, effects[id].toFixed(4), ...METHODS.map((method) => percentText(coverage[id][method]))])
      );
  }
  const tabled = measureTables();
  const ofAll = tabled(manyTrainings(ARM_SKILL), manyTrainings(BASE_SKILL));
  console.log("\nOf what the tables hold of an arm besides; recall is an effect, everything else a level.");
  for (const dialogues of DESIGNS) {
    const tallies = countTables(tabled, dialogues, studies);
    console.log(`\n${line([`${dialogues} dialogues`, "true value", ...TABLE_METHODS, "with interval"])}`);
    for (const id of TABLED) {
      const own = tallies[id];
      const shares = TABLE_METHODS.map((method) => percentText(own[method]));
      console.log(line([id, ofAll[id].toFixed(4), ...shares, String(own.dialogues.studies)]));
    }
  }
  console.log("\nRejections at 5 % without an effect, in percent (accuracy).");
  console.log(line(["dialogues", ...NULL_TESTS]));
  for (const dialogues of DESIGNS) {
    const rejected = countRejections(dialogues, studies);
    console.log(line([String(dialogues), ...NULL_TESTS.map((test) => percentText(rejected[test]))]));
  }
  console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s`);
}
