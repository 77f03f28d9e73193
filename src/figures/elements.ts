/** SVG elements made one by one: what is drawn anew at every toggle has no time for a drawing library's bookkeeping. */

const NAMESPACE = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | number | null | undefined>;

/** Appends an element to `parent`; attributes that are null or undefined are left out. */
export function add<Name extends keyof SVGElementTagNameMap>(
  parent: Element,
  name: Name,
  attributes: Attributes,
  text?: string
): SVGElementTagNameMap[Name] {
  const element = parent.ownerDocument.createElementNS(NAMESPACE, name);
  for (const key in attributes) {
    const value = attributes[key];
    if (value != null) element.setAttribute(key, String(value));
  }
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

/** An empty panel to draw in and to nest in a frame. */
export function sheet(
  width: number,
  height: number,
  document: Document = globalThis.document
): SVGSVGElement {
  const svg = document.createElementNS(NAMESPACE, "svg");
  for (const [key, value] of Object.entries({width, height: Math.round(height)}))
    svg.setAttribute(key, String(value));
  svg.setAttribute("text-anchor", "middle");
  svg.setAttribute("overflow", "visible");
  return svg;
}
