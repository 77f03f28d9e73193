/** A figure taken out of the page: one SVG file, with every colour written in. */

/** Values of CSS variables by name, without the dashes: `{paper: "#ffffff"}`. */
export type Colours = Readonly<Record<string, string>>;

const VARIABLE = /var\(--([\w-]+),\s*((?:[^()]|\([^()]*\))*)\)/g;

/** Text with every CSS variable replaced: by its value in `colours`, else by its fallback, which is the light palette. */
export function withColours(text: string, colours: Colours = {}): string {
  return text.includes("var(")
    ? text.replace(VARIABLE, (_, name: string, fallback: string) => colours[name] ?? fallback.trim())
    : text;
}

/** The figure's text in the light palette, whatever the page shows, or in `colours`. */
export function standalone(svg: SVGSVGElement, colours?: Colours): string {
  return xmlOf(svg, colours);
}

/** An element as XML. What a page's own serialisation writes is HTML, where “<” and no-break spaces are no XML. */
function xmlOf(element: Element, colours: Colours | undefined): string {
  const attributes = [...element.attributes].map(
    ({name, value}) => ` ${name}="${escaped(withColours(value, colours))}"`
  );
  const inside = [...element.childNodes].map((node) =>
    node.nodeType === 1 ? xmlOf(node as Element, colours) : escaped(node.textContent ?? "")
  );
  const open = `<${element.localName}${attributes.join("")}`;
  return inside.length === 0 ? `${open}/>` : `${open}>${inside.join("")}</${element.localName}>`;
}

const ESCAPES: Record<string, string> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}
