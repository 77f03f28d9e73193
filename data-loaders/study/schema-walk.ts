/** Looks into a JSON Schema, the study's unless another is given, for what may stand at a place: for suggestions, and for the reference. */
import {z} from "zod";
import {StudySchema} from "../../src/core/study.js";

/** The part of JSON Schema that zod writes. */
export interface SchemaNode {
  type?: string;
  description?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
}

/** The study file's JSON Schema, for editors (`because schema`). */
export function studyJsonSchema(): SchemaNode & Record<string, unknown> {
  return z.toJSONSchema(StudySchema, {io: "input"}) as SchemaNode & Record<string, unknown>;
}

/** Keys that may stand in the map at `path` of `document`, given the values beside them. */
export function keysAt(path: PropertyKey[], document: unknown, schema?: SchemaNode): string[] {
  return [...new Set(keySetsAt(path, document, schema).flat())];
}

/** Keys that may stand together in the map at `path` of `document`: a list for each kind of map that it may be. */
export function keySetsAt(path: PropertyKey[], document: unknown, schema?: SchemaNode): string[][] {
  return nodesAt(path, document, schema).map(({properties}) => Object.keys(properties ?? {}));
}

/** Constants that may stand at `path`: the values of an enumeration, or the kinds of a union. */
export function valuesAt(path: PropertyKey[], document: unknown, schema?: SchemaNode): unknown[] {
  const constants = nodesAt(path, document, schema).flatMap(
    ({const: constant, enum: values}) => values ?? (constant === undefined ? [] : [constant])
  );
  return [...new Set(constants)];
}

/** What else than constants may stand at `path`, in words: `a whole number from 0`, `a list of them`. */
export function kindsAt(path: PropertyKey[], document: unknown, schema?: SchemaNode): string[] {
  const others = nodesAt(path, document, schema).filter(
    ({const: constant, enum: values}) => constant === undefined && values === undefined
  );
  return [...new Set(others.flatMap((node) => kindInWords(node) ?? []))];
}

function kindInWords({type, minimum, exclusiveMinimum}: SchemaNode): string | null {
  if (type === "integer") {
    const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
    return least === undefined || least <= Number.MIN_SAFE_INTEGER
      ? "a whole number"
      : `a whole number from ${least}`;
  }
  return (
    {number: "a number", string: "some text", array: "a list of them", object: "a map"}[type ?? ""] ?? null
  );
}

function nodesAt(
  path: PropertyKey[],
  document: unknown,
  schema = studyJsonSchema() as SchemaNode
): SchemaNode[] {
  let nodes = variants(schema, document);
  let value = document;
  for (const key of path) {
    value = isMap(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined;
    nodes = nodes.flatMap((node) => children(node, key)).flatMap((node) => variants(node, value));
  }
  return nodes;
}

function children(node: SchemaNode, key: PropertyKey): SchemaNode[] {
  if (typeof key === "number") return node.items ? [node.items] : [];
  const own = node.properties?.[String(key)];
  if (own) return [own];
  return typeof node.additionalProperties === "object" ? [node.additionalProperties] : [];
}

/** A union's members that do not contradict the constants of `value` (such as its `reader`); else all of them. */
function variants(node: SchemaNode, value: unknown): SchemaNode[] {
  const members = node.oneOf ?? node.anyOf;
  if (!members) return [node];
  const fitting = members.filter(({properties}) =>
    Object.entries(properties ?? {}).every(([key, {const: constant, enum: values}]) => {
      const found = isMap(value) ? value[key] : undefined;
      if (found === undefined) return true;
      if (constant !== undefined) return found === constant;
      return values === undefined || values.includes(found);
    })
  );
  return (fitting.length > 0 ? fitting : members).flatMap((member) => variants(member, value));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
