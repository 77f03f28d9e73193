/** Results that are kept in the store, by a key of everything that they depend on. */
import {mkdir, readFile, rename, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import {deserialize, serialize} from "node:v8";
import {sharedArray} from "./thread-memory.js";

/** Where a result lies, or will. */
export interface Remembering {
  file: string;
}

/** The result in the file, or else a new one, which is then written there. */
export async function remembered<T>(where: Remembering | null, make: () => Promise<T>): Promise<T> {
  const known = await recall<T>(where);
  if (known !== null) return known;
  const made = await make();
  await keep(where, made);
  return made;
}

/** The result in the file; null where there is none. What can't be read counts as none. */
export async function recall<T>(where: Remembering | null): Promise<T | null> {
  const known = where && (await readFile(where.file).catch(() => null));
  if (!known) return null;
  try {
    return withArrays(deserialize(known), toShared) as T;
  } catch {
    // Written by another version of Node, or cut off: only time is lost.
    return null;
  }
}

/** Writes a result. */
export async function keep(where: Remembering | null, result: unknown): Promise<void> {
  if (!where) return;
  await mkdir(dirname(where.file), {recursive: true});
  const part = `${where.file}.${process.pid}.part`;
  await writeFile(part, serialize(withArrays(result, toPlain)));
  await rename(part, where.file);
}

type NumberArray = Float64Array | Float32Array | Uint8Array | Uint16Array | Int32Array;

/** A value whose typed arrays are replaced, however deep they lie. */
function withArrays(value: unknown, replace: (array: NumberArray) => NumberArray): unknown {
  if (ArrayBuffer.isView(value)) return replace(value as NumberArray);
  if (Array.isArray(value))
    return value.length > 0 && typeof value[0] !== "object"
      ? value
      : value.map((item) => withArrays(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withArrays(item, replace)]));
}

/** Node serialises no shared memory. */
function toPlain(array: NumberArray): NumberArray {
  return array.slice();
}

function toShared(array: NumberArray): NumberArray {
  return sharedArray(array.constructor as Float64ArrayConstructor, array as Float64Array);
}
