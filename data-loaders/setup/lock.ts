import {open, rename, rm, stat, utimes} from "node:fs/promises";
import {setTimeout as pause} from "node:timers/promises";

/** Milliseconds between two signs of life of a lock's holder. */
const HEARTBEAT = 1_000;
/** Milliseconds without one after which the holder is taken for dead. */
const DEAD_AFTER = 10_000;

/**
 * Waits until a file can be held by this process alone, and holds it: two set-ups in one store would tread on each
 * other. The holder touches the file every second; one that was killed loses it after ten.
 *
 * @param waiting is called once if another holds it
 * @returns gives it back
 */
export async function holdLock(
  file: string,
  waiting: () => void,
  signal?: AbortSignal
): Promise<() => Promise<void>> {
  for (let told = false; !(await created(file)); told = true) {
    if (!told) waiting();
    signal?.throwIfAborted();
    if (await isDead(file)) await takeAway(file);
    else await pause(HEARTBEAT / 4);
  }
  const heart = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined); // the next beat may do better
  }, HEARTBEAT);
  heart.unref();
  return async () => {
    clearInterval(heart);
    await rm(file, {force: true});
  };
}

async function created(file: string): Promise<boolean> {
  try {
    await (await open(file, "wx")).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isDead(file: string): Promise<boolean> {
  const {mtimeMs} = await stat(file).catch(() => ({mtimeMs: Date.now()}));
  return Date.now() - mtimeMs > DEAD_AFTER;
}

/** By a rename, which only one of several waiting processes can do. */
async function takeAway(file: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
    await rm(aside, {force: true});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
