import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {agreementDifference} from "../../src/core/statistics/agreement-difference.js";
import {pairAgreement, PAIR_MEASURES} from "../../src/core/statistics/agreement.js";
import {clusteredRows} from "../../src/core/statistics/clustered.js";

const LABELS = 4;
const place = fc.integer({min: -1, max: LABELS - 1});
const tables = fc.array(fc.tuple(place, place, place), {minLength: 6, maxLength: 60});

/** Rows of three raters, two to a dialogue, all of one corpus. */
function tableOf(rows: [number, number, number][]) {
  const [a, b, third] = [0, 1, 2].map((rater) => Int16Array.from(rows, (row) => row[rater]!));
  const clusters = Int32Array.from(rows, (_, i) => i >> 1);
  const strata = new Array<number>(Math.ceil(rows.length / 2)).fill(0);
  return {a: a!, b: b!, third: third!, cell: clusteredRows(Int32Array.from(rows.keys()), clusters, strata)};
}

test("the difference is that of both agreements on the rows that all three rated; turned round, its negative", () => {
  fc.assert(
    fc.property(tables, (rows) => {
      const {a, b, third, cell} = tableOf(rows);
      const shared = tableOf(rows.filter((row) => row.every((one) => one >= 0)));
      for (const measure of PAIR_MEASURES) {
        const found = agreementDifference({a, b, with: third}, measure, cell, LABELS);
        const turned = agreementDifference({a: b, b: a, with: third}, measure, cell, LABELS);
        const [own, other] = [shared.a, shared.b].map(
          (rater) => pairAgreement(rater, shared.third, shared.cell, LABELS)[measure].value
        );
        if (own == null || other == null) assert.equal(found.value, null);
        else assert.ok(Math.abs(found.value! - (own - other)) < 1e-12, measure);
        if (found.low !== null) assert.ok(Math.abs(found.low + turned.high!) < 1e-9, measure);
      }
    }),
    {numRuns: 100}
  );
});

test("its interval is the paired one, far narrower than the single ones where both err on the same rows", () => {
  const rows = Array.from({length: 200}, (_, i): [number, number, number] => {
    const own = i % LABELS;
    const wrong = i % 3 === 0 ? (own + 1) % LABELS : own;
    return [i === 5 ? (wrong + 1) % LABELS : wrong, wrong, own];
  });
  const {a, b, third, cell} = tableOf(rows);
  const paired = agreementDifference({a, b, with: third}, "mae", cell, LABELS);
  const single = pairAgreement(a, third, cell, LABELS).mae;
  assert.ok(paired.high! - paired.low! < (single.high! - single.low!) / 4);
  assert.ok(paired.low! <= 0 && paired.high! >= 0);
});
