/** A file that grows, as text. */
import {open, stat} from "node:fs/promises";
import {setTimeout as sleep} from "node:timers/promises";

const PAUSE = 300;
/** Bytes of its end to begin with. */
const TAIL = 16_384;

/** Hands on the end of a file and what is added to it, until `ended` says that nothing more comes. */
export async function followFile(
  file: string,
  onText: (text: string) => void,
  ended: () => Promise<boolean>
): Promise<void> {
  let at = Math.max(0, (await sizeOf(file)) - TAIL);
  for (;;) {
    const last = await ended(); // asked before reading, so that nothing is missed
    const text = await readFrom(file, at);
    if (text.length > 0) onText(text.toString("utf8"));
    at += text.length;
    if (last) return;
    await sleep(PAUSE);
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({size}) => size,
    () => 0
  );
}

async function readFrom(file: string, at: number): Promise<Buffer> {
  const size = await sizeOf(file);
  if (size <= at) return Buffer.alloc(0);
  const handle = await open(file, "r");
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(size - at), 0, size - at, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
