/**
 * Randomness as a pure function of named keys: the same keys give the same draws on every machine, in Node and in
 * the browser, and no draw depends on how many came before it elsewhere.
 */
import {sha256} from "@noble/hashes/sha2.js";
import {utf8ToBytes} from "@noble/hashes/utils.js";
import {uniformInt} from "pure-rand/distribution/uniformInt";
import {xoroshiro128plusFromState} from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** Uniform real in [0, 1), with 32 bits. */
  unit(): number;
  /** A uniformly drawn item. Throws a RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** The items in uniformly random order (Fisher–Yates), as a new list. */
  shuffle<T>(items: readonly T[]): T[];
}

/** A generator (xoroshiro128+) seeded with the SHA-256 of its keys. */
export function createRandom(...keys: (string | number)[]): Random {
  const digest = new DataView(sha256(utf8ToBytes(JSON.stringify(keys))).buffer);
  const state = [0, 4, 8, 12].map((offset) => digest.getInt32(offset));
  state[0]! |= 1; // the generator's one forbidden state is all zeros
  const generator = xoroshiro128plusFromState(state);
  const below = (n: number) => uniformInt(generator, 0, n - 1);
  return {
    below,
    unit: () => (generator.next() >>> 0) / 2 ** 32,
    pick: (items) => {
      if (items.length === 0) throw new RangeError("nothing to draw from");
      return items[below(items.length)]!;
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
      }
      return shuffled;
    }
  };
}
