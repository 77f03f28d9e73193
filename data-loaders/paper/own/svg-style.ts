/** Style of an SVG: attributes, rules of its style sheets, and `style`, the later over the earlier. */

/** As much of CSS as programs that draw figures write. */
export interface Sheet {
  /** What holds for an element itself; undefined where nothing does. */
  value(element: Element, property: string): string | undefined;
  byId(id: string): Element | null;
  /** Bytes of the font of a family in the file whose weight is nearest; null where it has none. */
  font(family: string, weight: number): Buffer | null;
  /** Addresses from which style sheets take more. */
  elsewhere: string[];
}

interface Rule {
  selector: string;
  declarations: Map<string, string>;
}

const RULE = /([^{}]+)\{([^{}]*)\}/g;
const ADDRESS = /(?:@import\s+(?:url\()?|url\()\s*["']?([^"')\s;]+)/g;

export function sheetOf(svg: Element): Sheet {
  const css = [...svg.querySelectorAll("style")]
    .map(({textContent}) => textContent ?? "")
    .join("\n")
    .replace(/\/\*[\s\S]*?\*\//g, "");
  const all = [...css.matchAll(RULE)].map(([, selector, body]): Rule => ({
    selector: selector!.trim(),
    declarations: declarationsOf(body!)
  }));
  const rules = all.filter(({selector}) => !selector.startsWith("@"));
  const faces = all.filter(({selector}) => selector.startsWith("@font-face"));
  return {
    value(element, property) {
      const inline = declarationsOf(element.getAttribute("style") ?? "").get(property);
      if (inline !== undefined) return inline;
      const ruled = rules.filter(
        ({selector, declarations}) => declarations.has(property) && matches(element, selector)
      );
      return ruled.at(-1)?.declarations.get(property) ?? element.getAttribute(property) ?? undefined;
    },
    byId: (id) => [...svg.querySelectorAll("[id]")].find((element) => element.id === id) ?? null,
    font(family, weight) {
      const [face] = faces
        .filter(({declarations}) => unquoted(declarations.get("font-family") ?? "") === family)
        .sort((a, b) => Math.abs(weightOf(a) - weight) - Math.abs(weightOf(b) - weight));
      const data = /url\(\s*["']?data:[^,]*;base64,([^"')]+)/.exec(face?.declarations.get("src") ?? "")?.[1];
      return data === undefined ? null : Buffer.from(data, "base64");
    },
    elsewhere: [...css.matchAll(ADDRESS)]
      .map(([, address]) => address!)
      .filter((address) => !/^(?:data:|#)/i.test(address))
  };
}

/** `bold`, a number, or the lower end of a range. */
function weightOf({declarations}: Rule): number {
  return weightIn(declarations.get("font-weight") ?? "") ?? 400;
}

/** A CSS weight as a number; null where it is none, or relative. */
export function weightIn(text: string): number | null {
  if (text === "bold") return 700;
  return text === "normal" ? 400 : parseInt(text, 10) || null;
}

const unquoted = (text: string): string => text.trim().replace(/^["']|["']$/g, "");

/** Declarations of a rule or of `style`. A semicolon within quotes or brackets, as in a data URI, ends none. */
function declarationsOf(body: string): Map<string, string> {
  const parts = body.match(/(?:\([^)]*\)|"[^"]*"|'[^']*'|[^;("'])+/g) ?? [];
  return new Map(
    parts.flatMap((part) => {
      const colon = part.indexOf(":");
      if (colon < 0) return [];
      const value = part
        .slice(colon + 1)
        .replace("!important", "")
        .trim();
      return [[part.slice(0, colon).trim().toLowerCase(), value] as const];
    })
  );
}

/** Selectors that cannot be read match nothing. */
function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}

/** CSS pixels of one unit. */
const PIXELS: Record<string, number> = {
  "": 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96
};

/** A CSS length in pixels; NaN where it is none. `em` and `%` are parts of `whole`. */
export function lengthIn(text: string, whole: number): number {
  const [, number, unit = ""] = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*([a-z%]*)\s*$/i.exec(text) ?? [];
  if (number === undefined) return NaN;
  if (unit === "em") return Number(number) * whole;
  if (unit === "%") return (Number(number) / 100) * whole;
  return Number(number) * (PIXELS[unit.toLowerCase()] ?? NaN);
}
