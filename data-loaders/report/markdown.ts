/**
 * A report's Markdown: CommonMark with tables, without HTML and images, and with two things more: directives
 * (`${claim(…)}`) and citations (`[@key]`). Whatever is written, nothing of it runs.
 */
import MarkdownIt from "markdown-it";
import type StateInline from "markdown-it/lib/rules_inline/state_inline.mjs";
import {DirectiveError, readDirective} from "../../src/core/report/directives.js";
import type {Directive} from "../../src/core/report/directives.js";

/** What the token of a directive holds: what it says, or why it can't be read. */
export interface DirectiveMeta {
  directive: Directive | null;
  fault: DirectiveError | null;
  /** As it is written. */
  raw: string;
}

/** What the token of a citation holds. */
export interface CitationMeta {
  cited: {key: string; locator: string}[];
  raw: string;
}

const CITATION = /\[@[^\s\];,@]+(?:,[^\];]*)?(?:;\s*@[^\s\];,@]+(?:,[^\];]*)?)*\]/y;

/** A parser of reports. */
export function reportMarkdown(): MarkdownIt {
  const markdown = new MarkdownIt({html: false, linkify: false, typographer: false, breaks: false});
  markdown.disable("image");
  markdown.validateLink = isHarmless;
  markdown.inline.ruler.before("escape", "directive", directiveRule);
  markdown.inline.ruler.before("link", "citation", citationRule);
  return markdown;
}

/** Links lead to the web, or to something beside the report; nothing else is a link. */
export function isHarmless(link: string): boolean {
  const target = link.trim();
  if (/^https?:\/\/[^/\\]/i.test(target)) return true;
  return !/^(?:[a-z][\w+.-]*:|[/\\]{2}|\\|\/\\)/i.test(target) && ![...target].some((sign) => sign < " ");
}

function directiveRule(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith("${", state.pos)) return false;
  const start = state.pos;
  let meta: DirectiveMeta;
  try {
    const {directive, end} = readDirective(state.src, start);
    if (end > state.posMax) return false;
    meta = {directive, fault: null, raw: state.src.slice(start, end)};
  } catch (error) {
    if (!(error instanceof DirectiveError)) throw error;
    const end = state.src.indexOf("}", start);
    meta = {directive: null, fault: error, raw: state.src.slice(start, end < 0 ? state.posMax : end + 1)};
  }
  if (!silent) state.push("directive", "", 0).meta = meta;
  state.pos = start + meta.raw.length;
  return true;
}

function citationRule(state: StateInline, silent: boolean): boolean {
  CITATION.lastIndex = state.pos;
  const raw = CITATION.exec(state.src)?.[0];
  if (raw === undefined || state.pos + raw.length > state.posMax) return false;
  const cited = raw
    .slice(1, -1)
    .split(";")
    .map((part) => {
      const [key = "", ...locator] = part.trim().slice(1).split(",");
      return {key, locator: locator.join(",").trim()};
    });
  if (!silent) state.push("citation", "", 0).meta = {cited, raw} satisfies CitationMeta;
  state.pos += raw.length;
  return true;
}
