/** YAML files that a schema describes, read so that messages can name lines. */
import {LineCounter, parseDocument} from "yaml";
import type {Document} from "yaml";
import {BadInput} from "../../src/core/bad-input.js";
import type {Place} from "./describe-issue.js";

/**
 * Parses YAML. `file` only names it in messages.
 *
 * @throws BadInput where it is none
 */
export function parseYaml(text: string, file: string): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines});
  const [broken] = document.errors;
  if (broken)
    throw new BadInput({
      where: `${file}, line ${broken.linePos?.[0].line ?? 1}`,
      expected: "YAML",
      found: broken.message.split("\n")[0]!.replace(/[ :]+$/, ""),
      mend: "Mend the YAML there; indentation and quotes are the usual causes."
    });
  return {file, input: document.toJS(), lineOf: (path) => lineOf(document, lines, path)};
}

/** Line of the deepest node on `path` that exists; of the key where the last step is a map's key. */
function lineOf(document: Document, lines: LineCounter, path: PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const items = (parent as {items?: {key?: {value?: unknown; range?: number[]}}[]} | null)?.items;
    const key = items?.find((pair) => pair.key?.value === path[depth - 1])?.key;
    const node = key ?? (document.getIn(path.slice(0, depth), true) as {range?: number[]} | undefined);
    if (node?.range) return lines.linePos(node.range[0]!).line;
  }
  return 1;
}
