/**
 * Figures and sentences drawn when the site is built, so that a page says what it has to say before any script has
 * run. A page holds `<div data-figure="NAME"></div>`, `<p data-sentence="NAME"></p>` or
 * `<div data-report="text"></div>`; this fills them in.
 */
import {parseHTML} from "linkedom";
import {BadInput} from "../../src/core/bad-input.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";

/** Draws one element from the cubes, in the document that it is given. */
export type Draw = (cubes: AllCubes, document: Document) => Element;

export interface StaticContent {
  figures: Record<string, Draw>;
  sentences: Record<string, Draw>;
  /** The study's report, as HTML. */
  report?: ((cubes: AllCubes) => string) | undefined;
}

const PLACE = /<(div|p)((?:\s[^>]*)?)\sdata-(figure|sentence|report)="([^"]*)"([^>]*)>\s*<\/\1>/g;
const NO_REPORT = `<p class="no-study">This notebook was built without its report.</p>`;
const NOTHING = `<span class="no-study">There is no study yet.</span>`;

/** Fills every place of `html`. `page` names the page in messages. Without cubes, each place says so. */
export function fillPlaces(
  html: string,
  page: string,
  content: StaticContent,
  cubes: AllCubes | undefined
): string {
  return html.replace(PLACE, (_, tag: string, before: string, kind: string, name: string, after: string) => {
    const drawn = cubes ? draw({kind, name, page}, content, cubes) : NOTHING;
    return `<${tag}${before} data-${kind}="${name}"${after}>${drawn}</${tag}>`;
  });
}

function draw(
  place: {kind: string; name: string; page: string},
  content: StaticContent,
  cubes: AllCubes
): string {
  if (place.kind === "report") return content.report?.(cubes) ?? NO_REPORT;
  const known = place.kind === "figure" ? content.figures : content.sentences;
  const paint = Object.hasOwn(known, place.name) ? known[place.name] : undefined;
  if (!paint) throw unknownPlace(place, Object.keys(known));
  const {document} = parseHTML("<!doctype html><html><body></body></html>");
  const element = paint(cubes, document);
  return place.kind === "figure" ? element.outerHTML : element.innerHTML;
}

function unknownPlace(
  {kind, name, page}: {kind: string; name: string; page: string},
  known: string[]
): BadInput {
  return new BadInput({
    where: `src${page}.md`,
    expected: `a static ${kind} of src/figures/static.ts (${known.join(", ") || "it has none"})`,
    found: `“${name}”`,
    mend: `Correct the name in data-${kind}, or add it to src/figures/static.ts.`
  });
}

/** The little of markdown-it that {@link staticContent} touches. */
interface Markdown {
  core: {ruler: {push(name: string, rule: (state: MarkdownState) => void): void}};
}
interface MarkdownState {
  tokens: MarkdownToken[];
  env?: {path?: string};
}
interface MarkdownToken {
  type: string;
  content: string;
  children: MarkdownToken[] | null;
}

/** A markdown-it plug-in, for Framework's `markdownIt` option, that fills the places of each page. */
export function staticContent<M>(markdown: M, content: StaticContent, cubes: AllCubes | undefined): M {
  (markdown as Markdown).core.ruler.push("static-content", ({tokens, env}) => {
    for (const token of tokens.flatMap((token) => [token, ...(token.children ?? [])])) {
      if (token.type === "html_block")
        token.content = fillPlaces(token.content, env?.path ?? "", content, cubes);
    }
  });
  return markdown;
}
