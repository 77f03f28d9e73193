/**
 * What stands between `${` and `}` in a report: a name, and arguments that are data. It looks like a call in JavaScript
 * and is none: it is read by the grammar below, and nothing of it is ever run.
 *
 *     ${name("text", {key: "text", other: 3})}
 */
import type {ClaimArguments} from "../claims/claim.js";

export interface Directive {
  name: string;
  /** The first argument; empty where there is none. */
  text: string;
  arguments: ClaimArguments;
}

/** Where and why a directive can't be read. */
export class DirectiveError extends Error {
  override name = "DirectiveError";

  constructor(
    readonly expected: string,
    readonly found: string
  ) {
    super(`expected ${expected}, found ${found}`);
  }
}

/** Reads the directive that begins at `start` with `${`; says where it ends, after its `}`. */
export function readDirective(source: string, start: number): {directive: Directive; end: number} {
  const reader = new Reader(source, start + 2);
  const name = reader.word("a name, such as claim");
  reader.sign("(");
  let text = "";
  let given: ClaimArguments = {};
  if (reader.next() === '"' || reader.next() === "'") {
    text = reader.text();
    if (reader.next() === ",") reader.sign(",");
  }
  if (reader.next() === "{") given = reader.object();
  reader.sign(")");
  reader.sign("}");
  return {directive: {name, text, arguments: given}, end: reader.at};
}

const SPACE = /\s/;
const WORD = /[A-Za-z_][\w-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?![\w.])/y;
const ESCAPES: Record<string, string> = {n: "\n", t: "\t"};

class Reader {
  constructor(
    private readonly source: string,
    public at: number
  ) {}

  /** The next sign that is no space; empty at the end. */
  next(): string {
    while (this.at < this.source.length && SPACE.test(this.source[this.at]!)) this.at++;
    return this.source[this.at] ?? "";
  }

  sign(expected: string): void {
    if (this.next() !== expected) throw this.fault(`“${expected}”`);
    this.at++;
  }

  word(expected: string): string {
    return this.match(WORD) ?? this.refuse(expected);
  }

  text(): string {
    const quote = this.next();
    let text = "";
    for (this.at++; this.at < this.source.length; this.at++) {
      const sign = this.source[this.at]!;
      if (sign === quote) {
        this.at++;
        return text;
      }
      if (sign !== "\\") text += sign;
      else {
        const escaped = this.source[++this.at] ?? "";
        text += ESCAPES[escaped] ?? escaped;
      }
    }
    throw this.fault(`the text's end, ${quote}`);
  }

  object(): ClaimArguments {
    const entries = new Map<string, string | number | boolean>();
    this.sign("{");
    while (this.next() !== "}") {
      const key = /["']/.test(this.next()) ? this.text() : this.word("a key, or “}”");
      if (entries.has(key)) throw new DirectiveError("each key once", `“${key}” twice`);
      this.sign(":");
      entries.set(key, this.value());
      if (this.next() !== "}") this.sign(",");
    }
    this.sign("}");
    return Object.fromEntries(entries);
  }

  private value(): string | number | boolean {
    if (/["']/.test(this.next())) return this.text();
    const number = this.match(NUMBER);
    if (number !== null) return Number(number);
    const word = this.match(WORD);
    if (word === "true" || word === "false") return word === "true";
    if (word !== null) throw new DirectiveError("a text in quotes, a number, true or false", `“${word}”`);
    return this.refuse("a text in quotes, a number, true or false");
  }

  private match(pattern: RegExp): string | null {
    this.next();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private refuse(expected: string): never {
    throw this.fault(expected);
  }

  private fault(expected: string): DirectiveError {
    const rest = this.source.slice(this.at, this.at + 20).split("\n")[0]!;
    return new DirectiveError(expected, this.next() === "" ? "the end" : `“${rest}”`);
  }
}
