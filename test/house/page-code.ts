/** The code of a page: its fenced blocks and its inline expressions, found as Observable Framework finds them. */
import {parsePlaceholder} from "@observablehq/framework/dist/placeholder.js";

/** A stretch of a page's text, in characters from its start. */
export interface Stretch {
  kind: "block" | "inline";
  start: number;
  end: number;
}

const FENCE = /^(`{3,}|~{3,})[ \t]*([a-z]*)([^\n]*)\n([\s\S]*?)^\1[ \t]*$/gm;
/** Where `${…}` is text: code in backticks, comments, front matter. */
const INERT = /(`+)[^`]+?\1|<!--[\s\S]*?-->|(?<![\s\S])---\n[\s\S]*?\n---\n/g;

/** All code that runs when the page `text` is opened, in the order in which it stands. */
export function findCode(text: string): Stretch[] {
  const blocks: Stretch[] = [];
  let prose = text.replace(
    FENCE,
    (fence, _ticks: string, language: string, info: string, code: string, offset: number) => {
      const start = offset + fence.indexOf("\n") + 1;
      if (/^[jt]sx?$/.test(language) && !/run=(["']?)false\1/.test(info)) {
        blocks.push({kind: "block", start, end: start + code.length});
      }
      return blank(fence);
    }
  );
  prose = prose.replace(INERT, blank);
  return [...blocks, ...inlineExpressions(prose)].sort((a, b) => a.start - b.start);
}

function inlineExpressions(prose: string): Stretch[] {
  return [...parsePlaceholder(prose)]
    .filter(({type}) => type === "placeholder")
    .map(({content, pos}) => ({kind: "inline", start: pos - 1 - content.length, end: pos - 1}));
}

/**
 * The page as one TypeScript module in which every piece of code stands on its own line of the page; all else is
 * blank. Inline expressions become functions, since Framework runs code in the order of its dependencies.
 */
export function pageModule(text: string): string {
  let module = "";
  let at = 0;
  for (const {kind, start, end} of findCode(text)) {
    const code = text.slice(start, end);
    module += blank(text.slice(at, start)) + (kind === "block" ? `${code};` : `;(async () => (${code}));`);
    at = end;
  }
  return `${module}${blank(text.slice(at))}\nexport {};\n`;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
