/** Random order of dialogues that depends on their ids alone, not on which others there are. */
import {sha256} from "@noble/hashes/sha2.js";
import {utf8ToBytes} from "@noble/hashes/utils.js";

/** A uniform number of 48 bits: the first of the SHA-256 of the keys. */
export function dialogueRank(...keys: (string | number)[]): number {
  const digest = sha256(utf8ToBytes(JSON.stringify(keys)));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return view.getUint32(0) * 2 ** 16 + view.getUint16(4);
}
