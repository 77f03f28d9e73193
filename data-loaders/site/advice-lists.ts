/** What a page says under “What to try”, as a section that folds: `<div class="try">` in its text, `details` in its HTML. */

/** The little of a markdown-it token that {@link foldAdvice} touches. */
interface Token {
  type: string;
  content: string;
}
interface Markdown {
  core: {ruler: {push(name: string, rule: (state: {tokens: Token[]}) => void): void}};
}

/**
 * Makes every list of advice open and foldable; its title, the paragraph that it begins with, becomes the summary.
 * `src/components/advice.ts` folds it where it is long.
 */
export function foldAdvice(tokens: Token[]): void {
  for (let at = 0; at < tokens.length; at++) {
    if (!isHtml(tokens[at]!, '<div class="try">')) continue;
    const [, title] = tokens.splice(at + 1, 3); // the paragraph: its beginning, its text, its end
    tokens[at]!.content = `<details class="try" open>\n<summary>${title!.content}</summary>\n`;
    const end = tokens.slice(at).find((token) => isHtml(token, "</div>"));
    if (end) end.content = "</details>\n";
  }
}

function isHtml({type, content}: Token, html: string): boolean {
  return type === "html_block" && content.trim() === html;
}

/** A markdown-it plug-in, for Framework's `markdownIt` option. */
export function adviceLists<M>(markdown: M): M {
  (markdown as Markdown).core.ruler.push("advice-lists", ({tokens}) => foldAdvice(tokens));
  return markdown;
}
