/** Turns what the schema found wrong into messages that a user can act on. */
import {SECRET_NAME} from "../../src/core/places/place-keys.js";
import {distance} from "fastest-levenshtein";
import type {z} from "zod";
import {BadInput} from "../../src/core/bad-input.js";
import {nearest} from "../../src/core/nearest.js";
import {keySetsAt, keysAt, kindsAt, valuesAt} from "./schema-walk.js";
import type {SchemaNode} from "./schema-walk.js";

export {nearest};

/** A study file, or another that a schema describes, as messages need it. */
export interface Place {
  file: string;
  input: unknown;
  /** Default: the study file's. */
  schema?: SchemaNode;
  /** Where its keys are described; default: the study file's reference. */
  reference?: string;
  lineOf(path: PropertyKey[]): number;
}

/** One schema issue as one or more messages (one for each unknown key). */
export function describeIssue(issue: z.core.$ZodIssue, place: Place): BadInput[] {
  if (issue.code === "unrecognized_keys") {
    const clash = clashAt(issue.path, issue.keys, place);
    return clash ? [clash] : issue.keys.map((key) => unknownKey(issue.path, key, place));
  }
  const nested = issue.code === "invalid_union" ? likeliestVariant(issue, place) : null;
  if (nested)
    return nested.flatMap((inner) => describeIssue({...inner, path: [...issue.path, ...inner.path]}, place));
  const found = valueAt(place.input, issue.path);
  const values =
    issue.code === "invalid_value" ? [...issue.values] : valuesAt(issue.path, place.input, place.schema);
  const kinds = values.length > 0 && !isLength(issue) ? kindsAt(issue.path, place.input, place.schema) : [];
  return [
    new BadInput({
      where: whereIs(issue.path, place),
      expected: isLength(issue) ? expectation(issue) : (alternatives(values, kinds) ?? expectation(issue)),
      found:
        found === undefined
          ? "nothing"
          : isSecret(issue.path)
            ? "a value, which is not repeated here"
            : shown(found),
      mend: suggestion(values, found, place)
    })
  ];
}

/** A variable that may be a secret: its value is in no message, which ends up in terminals and logs of others. */
function isSecret(path: readonly PropertyKey[]): boolean {
  return path.at(-2) === "variables" && SECRET_NAME.test(String(path.at(-1)));
}

/** Whether a list is of the wrong length: then it is no matter of what may stand there. */
function isLength(issue: z.core.$ZodIssue): boolean {
  return (issue.code === "too_small" || issue.code === "too_big") && issue.origin === "array";
}

/** `one of “a”, “b”`, or `“free”, “matched” or a whole number from 0`; null where there is nothing to choose from. */
function alternatives(values: unknown[], kinds: string[]): string | null {
  if (kinds.length === 0) return values.length > 1 ? `one of ${values.map(shown).join(", ")}` : null;
  const all = [...values.map(shown), ...kinds];
  return `${all.slice(0, -1).join(", ")}${all.length > 2 ? "," : ""} or ${all.at(-1)}`;
}

/** `study.yaml, line 12, corpora.mine.reader`. */
export function whereIs(path: PropertyKey[], place: Place): string {
  const key = path.length > 0 ? `, key ${path.join(".")}` : "";
  return `${place.file}, line ${place.lineOf(path)}${key}`;
}

/** Keys that stand together, though each is of another kind of map; null where there are none. */
function clashAt(path: PropertyKey[], unknown: string[], place: Place): BadInput | null {
  const value = valueAt(place.input, path) as Record<string, unknown>;
  const sets = keySetsAt(path, place.input, place.schema);
  for (const key of unknown) {
    const beside = Object.keys(value).find((other) => !unknown.includes(other));
    if (beside === undefined || ![key, beside].every((name) => sets.some((set) => set.includes(name))))
      continue;
    return new BadInput({
      where: whereIs([...path, key], place),
      expected: `only one of “${beside}” and “${key}”`,
      found: "both",
      mend: "Remove one of them, with what belongs to it."
    });
  }
  return null;
}

/** Everything that is as near to a word as the nearest. */
function allNearest(word: string, known: readonly string[]): string[] {
  const best = nearest(word, known);
  return best === null ? [] : known.filter((other) => distance(word, other) === distance(word, best));
}

function unknownKey(path: PropertyKey[], key: string, place: Place): BadInput {
  const known = keysAt(path, place.input, place.schema).filter((other) => other !== key);
  const near = nearest(key, known);
  return new BadInput({
    where: whereIs([...path, key], place),
    expected: `one of the keys ${known.join(", ")}`,
    found: `“${key}”`,
    mend: near
      ? `Did you mean “${near}”?`
      : `Remove it, or see ${referenceOf(place)} for what may stand here.`
  });
}

/**
 * The union member with the fewest complaints that concern more than its kind, if one stands out. For a list, members
 * that take no list at all are passed over where another does.
 */
function likeliestVariant(issue: z.core.$ZodIssueInvalidUnion, place: Place): z.core.$ZodIssue[] | null {
  const value = valueAt(place.input, issue.path);
  if (typeof value !== "object" || value === null) return null;
  const within = issue.errors.filter((errors) => errors.every(({path}) => path.length > 0));
  const members = Array.isArray(value) && within.length > 0 ? within : issue.errors;
  const unknown = (errors: z.core.$ZodIssue[]) =>
    errors.filter(({code}) => code === "unrecognized_keys").length;
  const [best] = [...members].sort((a, b) => a.length - b.length || unknown(a) - unknown(b));
  return best && best.length > 0 ? best : null;
}

/** The schema's names of kinds, as people say them. */
const KINDS = new Map<string, string>([
  ["int", "a whole number"],
  ["record", "a map of names"],
  ["object", "a map"],
  ["array", "a list"]
]);

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      if (!issue.message.startsWith("Invalid")) return issue.message;
      return KINDS.get(issue.expected) ?? `a ${issue.expected}`;
    case "invalid_value":
      return shown(issue.values[0]);
    case "too_small":
      if (issue.origin === "array") return `at least ${issue.minimum} of them`;
      return issue.origin === "string"
        ? "some text"
        : `a number ${issue.inclusive ? "of at least" : "above"} ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `at most ${issue.maximum} of them`
        : `a number ${issue.inclusive ? "of at most" : "below"} ${issue.maximum}`;
    case "invalid_key":
      return keyExpectation(issue);
    case "invalid_union":
      return "another kind of value";
    default:
      return issue.message.replace(/^Invalid.*?: /, "");
  }
}

/** What a key of one's own must be: a name, unless its schema says more. */
function keyExpectation({issues: [first]}: z.core.$ZodIssueInvalidKey): string {
  const said = first?.message ?? "";
  return said === "" || said.startsWith("lower-case")
    ? "a name of lower-case letters, digits and hyphens"
    : said;
}

const referenceOf = ({reference = "docs/study-reference.md"}: Place): string => reference;

function suggestion(values: unknown[], found: unknown, place: Place): string {
  const near = typeof found === "string" ? allNearest(found, values.map(String)) : [];
  if (near.length > 0) return `Did you mean ${near.map(shown).join(" or ")}?`;
  if (found === undefined) return "Add it.";
  return `See ${referenceOf(place)} for what may stand here.`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return "an empty list";
  const text = typeof value === "string" ? `“${value}”` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
