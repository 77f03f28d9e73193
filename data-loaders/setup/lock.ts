import {randomUUID} from "node:crypto";
import {link, open, readFile, rename, rm, stat, utimes} from "node:fs/promises";
import {hostname} from "node:os";
import {setTimeout as pause} from "node:timers/promises";

/** Milliseconds between two signs of life of a lock's holder. */
const HEARTBEAT = 1_000;
/** Milliseconds without one after which the holder is taken for dead. */
const DEAD_AFTER = 10_000;
/** The same, where the process that the file names is not there any more either. */
const GONE_AFTER = 2_500;

/**
 * Waits until a file can be held by this process alone, and holds it: two set-ups in one store would tread on each
 * other. The holder touches the file every second; one that was killed loses it within three on the same machine,
 * and after ten where its process cannot be looked up.
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
    const holder = await readFile(file, "utf8").catch(() => "");
    if (await isDead(file, holder)) await takeAway(file, holder);
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
    const handle = await open(file, "wx");
    await handle.writeFile(`${process.pid} ${hostname()} ${randomUUID()}`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isDead(file: string, holder: string): Promise<boolean> {
  const {mtimeMs} = await stat(file).catch(() => ({mtimeMs: Date.now()}));
  return Date.now() - mtimeMs > (isGone(holder) ? GONE_AFTER : DEAD_AFTER);
}

/** Whether the process that a lock names is known not to run. */
function isGone(holder: string): boolean {
  const [pid, host] = holder.split(" ");
  if (!pid || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** By a rename, which only one of several waiting processes can do; what another has taken meanwhile goes back. */
async function takeAway(file: string, holder: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== holder) await link(aside, file);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await rm(aside, {force: true});
  }
}
