/** A part of `npm run bench coverage`, judged: 95 % intervals hold the truth, those that forget dialogues don't. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {countCoverage, countTables, type Tally} from "../bench/coverage.bench.js";
import {measureTables, TABLED} from "../bench/coverage-tables.js";
import {measurePopulation} from "../bench/coverage-truth.js";

const STUDIES = 250;

/** Of 250 studies 95 % ± 3.3 binomial standard errors. */
const LEAST = 0.904;
const MOST = 0.996;
const share = ({held, studies}: Tally) => held / studies;

test("intervals of effects cover: the notebook's do, row-wise ones don't", () => {
  const coverage = countCoverage(measurePopulation(5000), 50, STUDIES);
  for (const measure of ["accuracy", "nll", "macro_f1", "qwk", "aurc", "auroc"] as const)
    for (const method of ["ours", "trainings"] as const) {
      const held = share(coverage[measure][method]);
      assert.ok(held >= LEAST && held <= MOST, `${measure}, ${method}: ${held}`);
    }
  // Calibration errors are biased in small samples, so that their intervals may cover more, not less.
  for (const measure of ["ece", "smooth_ece"] as const)
    assert.ok(share(coverage[measure].ours) >= LEAST, `${measure}: ${share(coverage[measure].ours)}`);
  for (const method of ["percentile", "bca"] as const)
    assert.ok(share(coverage.accuracy[method]) >= 0.88, `accuracy, ${method}`);
  assert.ok(share(coverage.accuracy.naive) < 0.85, `row-wise: ${share(coverage.accuracy.naive)}`);
  assert.ok(share(coverage.nll.naive) < 0.75, `row-wise: ${share(coverage.nll.naive)}`);
});

test("intervals of what tables hold besides measures cover; where rows are taken apart, they don't", () => {
  const studies = 200;
  const coverage = countTables(measureTables(5000), 50, studies);
  // 95 % less 3.7 binomial standard errors of 200 studies; over trainings they may cover more.
  for (const id of TABLED)
    for (const method of ["dialogues", "trainings"] as const) {
      const tally = coverage[id][method];
      assert.ok(tally.studies > 0.9 * studies, `${id}, ${method}: ${tally.studies} intervals`);
      assert.ok(share(tally) >= 0.893, `${id}, ${method}: ${share(tally)}`);
    }
  assert.ok(share(coverage["fifth 1"].naive) < 0.87, `row-wise: ${share(coverage["fifth 1"].naive)}`);
});
