/** Results that are kept in the store, by a key of everything that they depend on. */
import {mkdir, readFile, rename, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import {deserialize, serialize} from "node:v8";
import {sharedArray} from "./thread-memory.js";

/** Where a result lies, or will. */
export interface Remembering {
  file: string;
}

/** The result in the file, or else a new one, which is then written there. What can't be read is made anew. */
export async function remembered<T>(where: Remembering | null, make: () => Promise<T>): Promise<T> {
  if (!where) return make();
  const known = await readFile(where.file).catch(() => null);
  if (known) {
    try {
      return withArrays(deserialize(known), toShared) as T;
    } catch {
      // Written by another version of Node, or cut off: only time is lost.
    }
  }
  const made = await make();
  await mkdir(dirname(where.file), {recursive: true});
  const part = `${where.file}.${process.pid}.part`;
  await writeFile(part, serialize(withArrays(made, toPlain)));
  await rename(part, where.file);
  return made;
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
