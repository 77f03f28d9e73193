import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {decodeColumns, encodeColumns} from "../../src/core/columns.js";

const row = fc.record(
  {arm: fc.constantFrom("a", "b", "ü"), n: fc.integer(), low: fc.option(fc.integer()), done: fc.boolean()},
  {noNullPrototype: true}
);

describe("columns", () => {
  it("come back as the rows they were, through JSON", () =>
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const travelled = JSON.parse(JSON.stringify(encodeColumns(rows, 17))) as ReturnType<
          typeof encodeColumns
        >;
        assert.deepEqual(decodeColumns(travelled), rows);
      })
    ));

  it("keep the asked significant digits, and turn what is no number into null", () => {
    const {columns} = encodeColumns([{x: 0.123456789}, {x: NaN}, {x: 123456789}], 4);
    assert.deepEqual(columns.x, [0.1235, null, 123500000]);
  });

  it("store repeated text once", () => {
    const {columns} = encodeColumns([{arm: "shuffled"}, {arm: "shuffled"}, {arm: "filler"}]);
    assert.deepEqual(columns.arm, {values: ["shuffled", "filler"], codes: [0, 0, 1]});
  });
});
