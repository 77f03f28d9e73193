/**
 * Keys of votes, numbered: 32 hex digits each, kept as 16 bytes in one array and found by hashing. A set of strings would
 * take five times the memory, and grow with every vote that a study asks for.
 */

/** 32-bit words of a key. */
const WORDS = 4;
const DIGITS_A_WORD = 8;
const EMPTY = -1;

export class KeyTable {
  #words = new Uint32Array(WORDS * 1024);
  /** Number of the key in each slot. Keys are hashes already, so their first word says where to look. */
  #slots = new Int32Array(4096).fill(EMPTY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** All keys, in their order. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, this.#size * WORDS * this.#words.BYTES_PER_ELEMENT);
  }

  /** Number of a key, from 0 in the order in which they first come; adds those that are new. */
  add(key: string): number {
    const words = wordsOf(key);
    const slot = this.#slotOf(words);
    if (this.#slots[slot]! !== EMPTY) return this.#slots[slot]!;
    if (this.#size * WORDS === this.#words.length) this.#words = grown(this.#words);
    this.#words.set(words, this.#size * WORDS);
    this.#slots[slot] = this.#size;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return this.#size - 1;
  }

  /** Number of a key; −1 where it was never added. */
  find(key: string): number {
    return this.#slots[this.#slotOf(wordsOf(key))]!;
  }

  /** The slot that holds a key, or where it would go. */
  #slotOf([a, b, c, d]: readonly number[]): number {
    const mask = this.#slots.length - 1;
    for (let slot = a! & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]!;
      if (number === EMPTY) return slot;
      const at = number * WORDS;
      const words = this.#words;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot;
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    for (let number = 0; number < this.#size; ++number) {
      const words = Array.from(this.#words.subarray(number * WORDS, (number + 1) * WORDS));
      this.#slots[this.#slotOf(words)] = number;
    }
  }
}

function wordsOf(key: string): number[] {
  return Array.from({length: WORDS}, (_, word) =>
    Number.parseInt(key.slice(word * DIGITS_A_WORD, (word + 1) * DIGITS_A_WORD), 16)
  );
}

function grown(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}
