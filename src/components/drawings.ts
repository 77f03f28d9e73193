/**
 * Drawings of figures, kept by what they depend on: a figure notes which keys of the selection it reads, and two
 * selections that agree on those have the same drawing. A toggle flipped back then costs a swap, not a drawing.
 */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Selection} from "../core/selection.js";
import type {DrawingSize, Figure, FigureOptions} from "../figures/figure.js";
import {drawing} from "../figures/static.js";

type Link = NonNullable<FigureOptions["link"]>;
type LinkTarget = Parameters<Link>[0];

export interface Drawing {
  /** The box that stands in the figure's place. */
  box: Element;
  /** Links of the drawing, which carry the whole selection and so change with any toggle. */
  links: {element: Element; to: LinkTarget}[];
  /** Elements inside. */
  size: number;
}

/** What is drawn: a registered figure at one size. */
export interface Drawn {
  name: string;
  figure: Figure;
  size: DrawingSize;
}

/** Elements that all kept drawings have together; beyond, the longest unused are dropped. */
const ROOM = 120_000;

/** The drawings of a page. Figures are pure, so that a kept drawing is what drawing anew would give. */
export class Drawings {
  readonly #kept = new Map<string, Drawing>();
  /** Keys of the selection that a figure has read, by figure and size. */
  readonly #reads = new Map<string, Set<keyof Selection>>();
  #elements = 0;

  constructor(
    private readonly linkFor: (selection: Selection) => Link,
    private readonly document?: Document
  ) {}

  /** The drawing for a selection, if it is kept, with its links set for the selection. */
  kept(drawn: Drawn, selection: Selection): Drawing | undefined {
    const key = this.#key(drawn, selection);
    const found = key === undefined ? undefined : this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key!); // to the end: used last
    this.#kept.set(key!, found);
    const link = this.linkFor(selection);
    for (const {element, to} of found.links) setHref(element, link(to));
    return found;
  }

  /** Whether {@link kept} would find it. */
  has(drawn: Drawn, selection: Selection): boolean {
    const key = this.#key(drawn, selection);
    return key !== undefined && this.#kept.has(key);
  }

  /** Whether there is room for more without dropping any. */
  get room(): boolean {
    return this.#elements < ROOM * 0.75;
  }

  /** Draws, and keeps the drawing. Throws what the figure throws. */
  draw(drawn: Drawn, cubes: AllCubes, selection: Selection): Drawing {
    const targets = new Map<string, LinkTarget>();
    const link = this.linkFor(selection);
    const name = `${drawn.name} ${drawn.size}`;
    const reads = this.#reads.get(name) ?? new Set();
    this.#reads.set(name, reads);
    const box = drawing(drawn.size, drawn.figure, cubes, {
      selection: watched(selection, reads),
      link: (to) => {
        const href = link(to);
        targets.set(href, to);
        return href;
      },
      ...(this.document ? {document: this.document} : {})
    });
    const made: Drawing = {box, links: linksOf(box, targets), size: box.querySelectorAll("*").length};
    this.#keep(this.#key(drawn, selection)!, made);
    return made;
  }

  #key({name, size}: Drawn, selection: Selection): string | undefined {
    const reads = this.#reads.get(`${name} ${size}`);
    return (
      reads && [name, size, ...[...reads].sort().map((key) => `${key}=${String(selection[key])}`)].join("\n")
    );
  }

  #keep(key: string, made: Drawing): void {
    this.#elements += made.size - (this.#kept.get(key)?.size ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, made);
    for (const [oldest, {size}] of this.#kept) {
      if (this.#elements <= ROOM || oldest === key) return;
      this.#kept.delete(oldest);
      this.#elements -= size;
    }
  }
}

/** The selection, noting in `reads` which of its keys are read. */
function watched(selection: Selection, reads: Set<keyof Selection>): Selection {
  const getters = (Object.keys(selection) as (keyof Selection)[]).map((key) => [
    key,
    {
      enumerable: true,
      get: () => {
        reads.add(key);
        return selection[key];
      }
    }
  ]);
  return Object.defineProperties({}, Object.fromEntries(getters) as PropertyDescriptorMap) as Selection;
}

const XLINK = "http://www.w3.org/1999/xlink";

function hrefOf(element: Element): string | null {
  return element.getAttribute("href") ?? element.getAttributeNS(XLINK, "href");
}

function setHref(element: Element, href: string): void {
  if (hrefOf(element) === href) return;
  if (element.hasAttribute("href")) element.setAttribute("href", href);
  else element.setAttributeNS(XLINK, "xlink:href", href);
}

function linksOf(box: Element, targets: Map<string, LinkTarget>): Drawing["links"] {
  if (targets.size === 0) return [];
  return [...box.querySelectorAll("a")].flatMap((element) => {
    const to = targets.get(hrefOf(element) ?? "");
    return to ? [{element, to}] : [];
  });
}
