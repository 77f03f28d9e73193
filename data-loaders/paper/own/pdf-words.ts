/** Words of a PDF's page, followed operator by operator: pdf.js' own text leaves out what lies beyond the edge. */
import {compose, apply, type Matrix} from "../shapes.js";
import type {Words} from "./file-facts.js";

/** A letter as pdf.js gives it, or a gap in thousandths of the size. */
type Glyph = {unicode: string; width: number; isSpace?: boolean} | number | null;

interface State {
  matrix: Matrix;
  size: number;
  /** Added to each letter and each space, in units of the text. */
  charSpacing: number;
  wordSpacing: number;
  /** Of the width of letters; 1 where unchanged. */
  stretch: number;
  leading: number;
  rise: number;
}

const UNMOVED: Matrix = [1, 0, 0, 1, 0, 0];

/** Operators of PDF that move, size or show text, under pdf.js' names (PDF 32000-1:2008, 8.4.4 and 9.4). */
export class WordPen {
  readonly words: Words[] = [];
  readonly #edges: {left: number; bottom: number; right: number; top: number};
  #state: State;
  #kept: State[] = [];
  #text = UNMOVED;
  #line = UNMOVED;

  /**
   * @param edges of the page, in points
   * @param unit points of the page's unit
   */
  constructor(edges: WordPen["edges"], unit = 1) {
    this.#edges = edges;
    const matrix: Matrix = [unit, 0, 0, unit, 0, 0];
    this.#state = {matrix, size: 0, charSpacing: 0, wordSpacing: 0, stretch: 1, leading: 0, rise: 0};
  }

  get edges(): {left: number; bottom: number; right: number; top: number} {
    return this.#edges;
  }

  /** Does one operator; what concerns no text is passed over. */
  follow(operator: string, args: readonly unknown[]): void {
    const [first, second] = args as [number, number];
    switch (operator) {
      case "save":
        return void this.#kept.push({...this.#state});
      case "restore":
      case "paintFormXObjectEnd":
        return this.#restore();
      case "transform":
        return this.#move(args as unknown as Matrix);
      case "paintFormXObjectBegin":
        this.#kept.push({...this.#state});
        return args[0] ? this.#move(args[0] as Matrix) : undefined;
      case "beginText":
        this.#text = this.#line = UNMOVED;
        return;
      case "setTextMatrix":
        this.#text = this.#line = (args.length === 1 ? args[0] : args) as Matrix;
        return;
      case "moveText":
        return this.#down(first, second);
      case "setLeadingMoveText":
        this.#state.leading = -second;
        return this.#down(first, second);
      case "nextLine":
        return this.#down(0, -this.#state.leading);
      case "setFont":
        this.#state.size = Number(args[1]);
        return;
      case "setCharSpacing":
        this.#state.charSpacing = first;
        return;
      case "setWordSpacing":
        this.#state.wordSpacing = first;
        return;
      case "setHScale":
        this.#state.stretch = first / 100;
        return;
      case "setLeading":
        this.#state.leading = -first; // pdf.js hands it on with its sign turned
        return;
      case "setTextRise":
        this.#state.rise = first;
        return;
      case "showText":
      case "showSpacedText":
        return this.#show(args[0] as Glyph[]);
    }
  }

  #restore(): void {
    this.#state = this.#kept.pop() ?? this.#state;
  }

  #move(by: Matrix): void {
    this.#state.matrix = compose(this.#state.matrix, by);
  }

  #down(x: number, y: number): void {
    this.#text = this.#line = compose(this.#line, [1, 0, 0, 1, x, y]);
  }

  #show(glyphs: readonly Glyph[]): void {
    const {matrix, size, charSpacing, wordSpacing, stretch, rise} = this.#state;
    let [text, width] = ["", 0];
    for (const glyph of glyphs) {
      if (glyph === null) continue;
      if (typeof glyph === "number") width -= (glyph / 1000) * size * stretch;
      else {
        text += glyph.unicode;
        const space = charSpacing + (glyph.isSpace ? wordSpacing : 0);
        width += ((glyph.width / 1000) * size + space) * stretch;
      }
    }
    const onPage = compose(matrix, this.#text);
    if (text.trim() !== "")
      this.words.push({
        text,
        points: Math.abs(size) * Math.hypot(onPage[2], onPage[3]),
        clipped: [0, width].some((along) => this.#isOutside(apply(onPage, along, rise)))
      });
    this.#text = compose(this.#text, [1, 0, 0, 1, width, 0]);
  }

  #isOutside([x, y]: [number, number]): boolean {
    const {left, bottom, right, top} = this.#edges;
    return x < left - SLACK || x > right + SLACK || y < bottom - SLACK || y > top + SLACK;
  }
}

/** Points by which letters may stand out: side bearings, and a baseline that descends a little below the edge. */
const SLACK = 1;
