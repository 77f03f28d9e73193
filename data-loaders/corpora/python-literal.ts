/**
 * Python literals, as McAuley's files have them a line each: dicts, lists, tuples, strings, numbers, None, True, False.
 * Follows the Python language reference (Lexical analysis: literals); JSON's true, false and null are read too.
 */

/** Why text is no literal, and where. */
export class NotALiteral extends Error {}

/** Brackets within brackets; deeper text is refused before it exhausts the stack. */
const DEEPEST = 64;
const BLANKS = /\s*/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORDS = new Map<string, unknown>([
  ["None", null],
  ["True", true],
  ["False", false],
  ["null", null],
  ["true", true],
  ["false", false]
]);
const QUOTED = /([uUbBrR]{0,2})("""|'''|"|')/y;
const ESCAPES: Record<string, string> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v"
};
/** Escapes of a fixed number of hex digits. */
const HEX_DIGITS: Record<string, number> = {x: 2, u: 4, U: 8};

/** The value of a literal that is the whole text. Throws {@link NotALiteral}. Dicts become objects, tuples lists. */
export function parsePythonLiteral(text: string): unknown {
  const reader = new LiteralReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class LiteralReader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): unknown {
    if (depth > DEEPEST) throw this.problem("brackets too deep");
    this.match(BLANKS);
    const next = this.text[this.at];
    if (next === "{") return this.dict(depth);
    if (next === "[") return this.items("]", depth);
    if (next === "(") return this.items(")", depth);
    QUOTED.lastIndex = this.at;
    if (QUOTED.test(this.text)) return this.strings();
    const number = this.match(NUMBER);
    if (number !== null) return Number(number.replaceAll("_", ""));
    const word = this.match(WORD);
    if (word !== null && WORDS.has(word)) return WORDS.get(word);
    throw this.problem(word ?? next ?? "the end");
  }

  end(): void {
    this.match(BLANKS);
    if (this.at < this.text.length) throw this.problem(this.text[this.at]!);
  }

  private dict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.at++;
    while (!this.closes("}")) {
      const key = this.value(depth + 1);
      this.expect(":");
      entries.push([String(key), this.value(depth + 1)]);
      this.separate("}");
    }
    return Object.fromEntries(entries);
  }

  private items(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.at++;
    while (!this.closes(close)) {
      items.push(this.value(depth + 1));
      this.separate(close);
    }
    return items;
  }

  /** Strings side by side are one. */
  private strings(): string {
    let text = "";
    for (let opening = this.quote(); opening !== null; opening = this.quote()) {
      text += this.string(opening.quote, opening.raw);
      this.match(BLANKS);
    }
    return text;
  }

  private quote(): {quote: string; raw: boolean} | null {
    QUOTED.lastIndex = this.at;
    const found = QUOTED.exec(this.text);
    if (found === null) return null;
    this.at = QUOTED.lastIndex;
    return {quote: found[2]!, raw: /r/i.test(found[1]!)};
  }

  private string(quote: string, raw: boolean): string {
    const parts: string[] = [];
    for (let from = this.at; ;) {
      if (this.at >= this.text.length) throw this.problem("a string that does not end");
      if (this.text.startsWith(quote, this.at)) {
        parts.push(this.text.slice(from, this.at));
        this.at += quote.length;
        return parts.join("");
      }
      if (this.text[this.at] !== "\\") this.at++;
      else if (raw) this.at += 2;
      else {
        parts.push(this.text.slice(from, this.at), this.escape());
        from = this.at;
      }
    }
  }

  /** The character that an escape stands for; an unknown one stands for itself, backslash and all. */
  private escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    const digits = HEX_DIGITS[letter];
    if (digits !== undefined) return this.hexadecimal(digits);
    const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.at + 1, this.at + 4))?.[0];
    this.at += 1 + (octal ?? letter).length;
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    return ESCAPES[letter] ?? `\\${letter}`;
  }

  private hexadecimal(digits: number): string {
    const code = this.text.slice(this.at + 2, this.at + 2 + digits);
    const point = parseInt(code, 16);
    if (code.length < digits || /[^0-9a-fA-F]/.test(code) || point > 0x10ffff)
      throw this.problem("an escape without its digits");
    this.at += 2 + digits;
    return String.fromCodePoint(point);
  }

  private closes(close: string): boolean {
    this.match(BLANKS);
    if (this.text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  private separate(close: string): void {
    this.match(BLANKS);
    if (this.text[this.at] !== close) this.expect(",");
  }

  private expect(mark: string): void {
    this.match(BLANKS);
    if (this.text[this.at] !== mark) throw this.problem(this.text[this.at] ?? "the end");
    this.at++;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }

  private problem(found: string): NotALiteral {
    return new NotALiteral(`${found} at character ${this.at + 1}`);
  }
}
