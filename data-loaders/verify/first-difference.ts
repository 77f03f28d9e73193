/** Where two JSON values differ first, in words. */

/** `columns.value[12]: 0.71 was published, 0.69 comes out`; null where they are the same. */
export function firstDifference(published: unknown, again: unknown, path = ""): string | null {
  if (Object.is(published, again)) return null;
  if (!isObject(published) || !isObject(again) || Array.isArray(published) !== Array.isArray(again))
    return `${path || "all of it"}: ${say(published)} was published, ${say(again)} comes out`;
  const keys = [...new Set([...Object.keys(published), ...Object.keys(again)])];
  for (const key of keys) {
    const inner = Array.isArray(published) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
    const found = firstDifference(published[key], again[key], inner);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Longer values are cut. */
const LONGEST = 60;

function say(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
