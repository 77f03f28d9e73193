/** A lock between processes: a file that names its holder. A holder that is no longer alive holds nothing. */
import {mkdir, open, readFile, rm} from "node:fs/promises";
import {dirname} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {BadInput} from "../../src/core/bad-input.js";
import {isAlive} from "../stages/process-alive.js";

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds. */
  patience?: number;
  /** Called once when another process holds the lock. */
  onWait?: (holder: number) => void;
}

/** Runs `work` while this process alone holds the lock `file`. Throws BadInput when another holds it too long. */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {}
): Promise<T> {
  await acquire(file, options);
  try {
    return await work();
  } finally {
    await rm(file, {force: true});
  }
}

async function acquire(file: string, {patience = 600_000, onWait}: LockOptions): Promise<void> {
  await mkdir(dirname(file), {recursive: true});
  const deadline = Date.now() + patience;
  for (let told = false; !(await claim(file)); await wait(100)) {
    const holder = await readHolder(file);
    if (holder !== undefined && !isAlive(holder)) {
      await rm(file, {force: true});
      continue;
    }
    if (Date.now() > deadline) throw stillHeld(file, holder);
    if (!told && holder !== undefined) onWait?.(holder);
    told = true;
  }
}

async function claim(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The process that holds the lock; undefined while it is being written or has just been released. */
async function readHolder(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function stillHeld(file: string, holder: number | undefined): BadInput {
  return new BadInput({
    where: file,
    expected: "no other build of the notebook at the same time",
    found: holder === undefined ? "a lock without a holder" : `a build by process ${holder}`,
    mend: "Wait for it to end, or delete the file if no build is running."
  });
}
