import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";
import {coloursFor} from "../../data-loaders/setup/colours.js";

const NAMES = ["CI", "NO_COLOR", "FORCE_COLOR"] as const;
const RED = "\u001b[31mx\u001b[39m";

describe("colours", () => {
  const before = {...process.env};
  beforeEach(() => NAMES.forEach((name) => delete process.env[name]));
  afterEach(() => {
    for (const name of NAMES) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("are for terminals: a pipe gets none, not even where CI is set", () => {
    process.env.CI = "true";
    assert.equal(coloursFor({}).red("x"), "x");
    assert.equal(coloursFor({isTTY: true}).red("x"), RED);
  });

  it("follow NO_COLOR and FORCE_COLOR", () => {
    process.env.NO_COLOR = "1";
    assert.equal(coloursFor({isTTY: true}).red("x"), "x");
    delete process.env.NO_COLOR;
    process.env.FORCE_COLOR = "1";
    assert.equal(coloursFor({}).red("x"), RED);
    process.env.FORCE_COLOR = "0";
    assert.equal(coloursFor({isTTY: true}).red("x"), "x");
  });
});
