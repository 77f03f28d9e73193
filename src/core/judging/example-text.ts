/** What a rater saw of an example, as a short name: ids can come to stand for another text, this can't. */
import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex, utf8ToBytes} from "@noble/hashes/utils.js";
import type {Example} from "../conversation.js";

const DIGITS = 12;

/** The first 12 hex digits of the SHA-256 over roles and texts of the turns, and the response, in their order. */
export function exampleText({turns, response}: Pick<Example, "turns" | "response">): string {
  const said = [turns.map(({role, text}) => [role, text]), response];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(said)))).slice(0, DIGITS);
}
