/** Ids met so far and where, in 12 bytes each: enough to find one that comes twice among millions. */

/** First table; it doubles whenever it is half full. */
const INITIAL = 1 << 12;

export class SeenIds {
  private table = new Uint32Array(3 * INITIAL);
  private slots = INITIAL;
  private count = 0;

  /** Notes an id at a place (from 1). Gives the place where it was met before, or null. */
  add(id: string, place: number): number | null {
    if (2 * this.count >= this.slots) this.grow();
    const [high, low] = hash64(id);
    const at = this.slotOf(high, low);
    const before = this.table[at + 2]!;
    if (before !== 0) return before;
    this.table.set([high, low, place], at);
    this.count++;
    return null;
  }

  /** Where a hash stands, or would. */
  private slotOf(high: number, low: number): number {
    for (let slot = low & (this.slots - 1); ; slot = (slot + 1) & (this.slots - 1)) {
      const at = 3 * slot;
      if (this.table[at + 2] === 0 || (this.table[at] === high && this.table[at + 1] === low)) return at;
    }
  }

  private grow(): void {
    const old = this.table;
    this.slots *= 2;
    this.table = new Uint32Array(3 * this.slots);
    for (let at = 0; at < old.length; at += 3)
      if (old[at + 2] !== 0) this.table.set(old.subarray(at, at + 3), this.slotOf(old[at]!, old[at + 1]!));
  }
}

/** Two lanes of multiply-xor with MurmurHash3's finaliser: two ids among a million agree with odds of one in 10⁷. */
function hash64(text: string): [high: number, low: number] {
  let [high, low] = [0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  return [finalise(high ^ (low >>> 15)), finalise(low ^ (high >>> 13))];
}

function finalise(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
