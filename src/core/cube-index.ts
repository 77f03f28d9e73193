/** Rows of a cube by key, found without reading the whole cube at every toggle. */

type Key = string | number;

/** Cube → names of the key columns → key → rows. Cubes are never changed, so an index once made holds. */
const indices = new WeakMap<readonly object[], Map<string, Map<string, object[]>>>();

/**
 * The rows whose columns equal all of `where`, in the cube's order; the same array for the same question. The first
 * question over a set of columns reads the cube once, later ones cost one look-up.
 */
export function rowsWhere<R extends object>(
  rows: readonly R[],
  where: Partial<Record<keyof R, Key>>
): readonly R[] {
  const columns = Object.keys(where).sort() as (keyof R)[];
  if (columns.length === 0) return rows;
  const ofCube = indices.get(rows) ?? new Map<string, Map<string, object[]>>();
  indices.set(rows, ofCube);
  const name = columns.join("\0");
  const index = ofCube.get(name) ?? indexBy(rows, columns);
  ofCube.set(name, index);
  return (index.get(columns.map((column) => String(where[column])).join("\0")) ?? NONE) as R[];
}

const NONE: object[] = [];

function indexBy<R extends object>(rows: readonly R[], columns: (keyof R)[]): Map<string, object[]> {
  const index = new Map<string, object[]>();
  for (const row of rows) {
    const key = columns.map((column) => String(row[column])).join("\0");
    const found = index.get(key);
    if (found) found.push(row);
    else index.set(key, [row]);
  }
  return index;
}
