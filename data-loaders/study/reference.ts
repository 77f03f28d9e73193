/** References of files that a schema describes, written from it. */
import {placesJsonSchema} from "../places/places-file.js";
import {studyJsonSchema} from "./schema-walk.js";
import type {SchemaNode} from "./schema-walk.js";

/** One key of the file. `*` stands for a name of one's own. */
export interface ReferenceRow {
  key: string;
  kind: string;
  standard: string;
  description: string;
}

/** Every key, in the schema's order, each once. */
export function referenceRows(schema: SchemaNode = studyJsonSchema()): ReferenceRow[] {
  const rows = new Map<string, ReferenceRow>();
  const visit = (node: SchemaNode, path: string): void => {
    for (const member of node.oneOf ?? node.anyOf ?? []) visit(member, path);
    for (const [name, child] of Object.entries(node.properties ?? {})) enter(name, child, path);
    if (typeof node.additionalProperties === "object") visit(node.additionalProperties, `${path}*.`);
    if (node.items) visit(node.items, path);
  };
  const enter = (name: string, child: SchemaNode, path: string): void => {
    const key = `${path}${name}`;
    const before = rows.get(key);
    const kind =
      before && before.kind.includes(kindOf(child))
        ? before.kind
        : [before?.kind, kindOf(child)].filter(Boolean).join(" or ");
    rows.set(key, {
      key,
      kind,
      standard: standardOf(child),
      description: before?.description || (child.description ?? "")
    });
    visit(child, `${key}.`);
  };
  visit(schema, "");
  return [...rows.values()];
}

/** docs/study-reference.md. */
export function referenceText(): string {
  return `# The study file

Written from the schema by \`npm run generate\`. \`npx because schema\` prints the JSON Schema for editors, \`npx because
explain --study FILE\` a study with every default filled in. \`*\` stands for a name of your own: lower-case letters,
digits and hyphens. An unknown key is an error.

${table(referenceRows())}
`;
}

/** docs/places-reference.md: a table for each kind of place, as kinds have keys of one name with other meanings. */
export function placesReferenceText(): string {
  const schema = placesJsonSchema();
  const place = schema.properties?.places?.additionalProperties;
  const kinds = typeof place === "object" ? (place.oneOf ?? place.anyOf ?? []) : [];
  const sections = kinds.map((kind) => {
    const {const: name, description} = kind.properties!.kind!;
    return `## \`kind: ${String(name)}\`\n\n${description ?? ""}.\n\n${table(referenceRows(kind))}\n`;
  });
  return `# The places file

Written from the schema by \`npm run generate\`. [Places](places.md) says where the file lies and how it is used. It has
\`because: 1\`, the version of its format, and \`places\`: name → a place to train. A name has lower-case letters, digits
and hyphens; \`local\` is always there and cannot be named. An unknown key is an error. Which keys a place has depends on
its \`kind\`.

${sections.join("\n")}`;
}

function table(rows: ReferenceRow[]): string {
  const lines = rows.map(
    ({key, kind, standard, description}) =>
      `| \`${key}\` | ${kind} | ${standard} | ${description.replaceAll("|", "\\|")} |`
  );
  return ["| key | kind | default | what it is |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function kindOf(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  const members = node.oneOf ?? node.anyOf;
  if (members) return [...new Set(members.map(kindOf))].join(" or ");
  if (node.type === "array") return node.items ? `list of ${kindOf(node.items)}` : "list";
  return (
    {object: "map", integer: "whole number", string: "text", boolean: "true or false"}[node.type ?? ""] ??
    node.type ??
    "any"
  );
}

function standardOf({default: standard}: SchemaNode): string {
  if (
    standard === undefined ||
    (typeof standard === "object" && standard !== null && !Array.isArray(standard))
  )
    return "";
  return `\`${JSON.stringify(standard)}\``;
}
