/**
 * SHA-256 of files. A file that was hashed before and whose size, time of change and inode are the same isn't read
 * again: run logs never change after their manifest, and hashing gigabytes takes as long as reading them.
 */
import {createHash} from "node:crypto";
import {mkdir, open, readFile, rename, stat, writeFile} from "node:fs/promises";
import {dirname} from "node:path";

interface Known {
  size: number;
  modified: number;
  inode: number;
  sha256: string;
}

export class FileHashes {
  private known: Record<string, Known> = {};
  private changed = false;

  private constructor(
    private readonly file: string | null,
    private readonly hash: (path: string) => Promise<string | null>
  ) {}

  /**
   * @param file - Where hashes are kept; null keeps none.
   * @param hash - Who hashes a file's content, if not this thread.
   */
  static async open(file: string | null, hash = hashContent): Promise<FileHashes> {
    const hashes = new FileHashes(file, hash);
    const text = file ? await readFile(file, "utf8").catch(() => "{}") : "{}";
    try {
      hashes.known = JSON.parse(text) as Record<string, Known>;
    } catch {
      // Cut off: files are hashed anew.
    }
    return hashes;
  }

  /** In hexadecimal; null where there is no such file. */
  async of(path: string): Promise<string | null> {
    const found = await stat(path).catch(() => null);
    if (!found) return null;
    const {size, mtimeMs: modified, ino: inode} = found;
    const before = this.known[path];
    if (before?.size === size && before.modified === modified && before.inode === inode) return before.sha256;
    const sha256 = await this.hash(path);
    if (sha256 === null) return null;
    this.known[path] = {size, modified, inode, sha256};
    this.changed = true;
    return sha256;
  }

  /** Keeps what was hashed. */
  async save(): Promise<void> {
    if (!this.file || !this.changed) return;
    await mkdir(dirname(this.file), {recursive: true});
    const part = `${this.file}.${process.pid}.part`;
    await writeFile(part, JSON.stringify(this.known));
    await rename(part, this.file);
  }
}

/** Large reads: small ones would cost as much as the hashing. */
const BYTES_AT_ONCE = 2 ** 22;

/** SHA-256 of a file in hexadecimal; null where it can't be read. */
export async function hashContent(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  const handle = await open(path).catch(() => null);
  if (!handle) return null;
  try {
    const buffer = Buffer.allocUnsafe(BYTES_AT_ONCE);
    for (;;) {
      const {bytesRead} = await handle.read(buffer, 0, BYTES_AT_ONCE);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
