/** Truth from manifests: what a run folder says of itself. */
import {open, readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {Manifest, ProgressLine} from "../../src/core/contract.js";
import {describeFailure} from "../../src/core/run-failures.js";
import {hashFile} from "../stages/content-hash.js";

export interface RunVerdict {
  status: "done" | "failed" | "missing";
  /** Why it is not done; `finished` when it is. */
  reason: string;
  manifest: Manifest | null;
}

/** A run is done when its manifest says so and the hashes of all its files hold; nothing else counts. */
export async function verifyRun(folder: string): Promise<RunVerdict> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => null);
  if (text === null) return {status: "missing", reason: "not finished", manifest: null};
  const manifest = parseManifest(text);
  if (!manifest) return {status: "missing", reason: "its manifest cannot be read", manifest: null};
  if (manifest.status === "failed") return {status: "failed", reason: describeFailure(manifest), manifest};
  for (const [name, {sha256}] of Object.entries(manifest.files)) {
    const found = await hashFile(join(folder, name)).catch(() => null);
    if (found !== sha256)
      return {
        status: "missing",
        reason: `${name} ${found ? "is not what its manifest says" : "is gone"}`,
        manifest: null
      };
  }
  return {status: "done", reason: "finished", manifest};
}

function parseManifest(text: string): Manifest | null {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The last whole line of `progress.jsonl`, or null where there is none yet. Reads only the file's end. */
export async function lastProgress(folder: string): Promise<ProgressLine | null> {
  const lines = (await tailOf(join(folder, "progress.jsonl"), 4096)).split("\n").slice(0, -1);
  for (const line of lines.reverse()) {
    const parsed = parseProgress(line);
    if (parsed) return parsed;
  }
  return null;
}

function parseProgress(line: string): ProgressLine | null {
  try {
    return ProgressLine.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** The last `bytes` of a file as text; empty where there is none. */
export async function tailOf(file: string, bytes: number): Promise<string> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0
  );
  if (size === 0) return "";
  const handle = await open(file, "r");
  try {
    const start = Math.max(0, size - bytes);
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
