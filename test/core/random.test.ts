import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {createRandom} from "../../src/core/random.js";

describe("keyed randomness", () => {
  it("repeats for the same keys and differs for others", () => {
    const draws = (...keys: (string | number)[]) => {
      const random = createRandom(...keys);
      return Array.from({length: 8}, () => random.below(1e9));
    };
    assert.deepEqual(draws(1, "a"), draws(1, "a"));
    assert.notDeepEqual(draws(1, "a"), draws(1, "b"));
    assert.notDeepEqual(draws("1a"), draws("1", "a"));
  });

  it("is uniform enough: mean and range of 20,000 draws", () => {
    const random = createRandom("uniform");
    const draws = Array.from({length: 20_000}, () => random.unit());
    assert.ok(Math.abs(draws.reduce((sum, x) => sum + x, 0) / draws.length - 0.5) < 0.01);
    assert.ok(Math.min(...draws) >= 0 && Math.max(...draws) < 1);
  });

  it("shuffles all permutations about equally often", () => {
    const random = createRandom("shuffle");
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 150, `${count} of 6000`);
  });

  it("refuses to pick from nothing", () => assert.throws(() => createRandom(1).pick([]), /nothing to draw/));
});
