/** Typed arrays in memory that all threads see. */

type TypedArray =
  Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;
interface ArrayType<T extends TypedArray> {
  new (buffer: SharedArrayBuffer): T;
  BYTES_PER_ELEMENT: number;
}

/** A new array of that length, zeros, or with the content given. */
export function sharedArray<T extends TypedArray>(
  type: ArrayType<T>,
  content: number | ArrayLike<number>
): T {
  const length = typeof content === "number" ? content : content.length;
  const array = new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
  if (typeof content !== "number") array.set(content);
  return array;
}
