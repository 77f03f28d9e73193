/** Hashes by which a downloaded file is known to be whole. */
import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";

/**
 * What the hub says a file's hash is: files in LFS (and its successor Xet) have the SHA-256 of their bytes, the others
 * only git's own hash of a blob.
 */
export interface Checksum {
  kind: "sha256" | "git-sha1";
  /** Lower-case hex digits: 64, or 40. */
  digest: string;
}

export interface Hashes {
  bytes: number;
  sha256: string;
  /** SHA-1 of `blob <bytes>\0` and the bytes: the name of a blob in git. */
  gitSha1: string;
}

/** Both hashes of a file, in one streamed pass. */
export async function hashesOf(file: string): Promise<Hashes> {
  const {size} = await stat(file);
  const sha256 = createHash("sha256");
  const git = createHash("sha1").update(`blob ${size}\0`);
  for await (const chunk of createReadStream(file, {highWaterMark: 1 << 20})) {
    sha256.update(chunk as Buffer);
    git.update(chunk as Buffer);
  }
  return {bytes: size, sha256: sha256.digest("hex"), gitSha1: git.digest("hex")};
}

/** Whether a file with these hashes is the one that the hub has. */
export function agrees(hashes: Hashes, {kind, digest}: Checksum): boolean {
  return (kind === "sha256" ? hashes.sha256 : hashes.gitSha1) === digest;
}
