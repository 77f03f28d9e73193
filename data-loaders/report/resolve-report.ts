/** From a report's Markdown and the tables to the report as it is read: claims made, sections filled, figures found. */
import Token from "markdown-it/lib/token.mjs";
import {BadInput} from "../../src/core/bad-input.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {NOT_KNOWN} from "../../src/core/claims/claim.js";
import {makeClaim, unknown} from "../../src/core/claims/registry.js";
import {keepUnits} from "../../src/core/format.js";
import type {Directive} from "../../src/core/report/directives.js";
import {SECTIONS} from "../../src/core/report/sections.js";
import {typedNumbers} from "../../src/core/report/typed-numbers.js";
import {readBibliography} from "./bibliography.js";
import type {Reference} from "./bibliography.js";
import {findFigure} from "./find-figure.js";
import {reportMarkdown} from "./markdown.js";
import type {CitationMeta, DirectiveMeta} from "./markdown.js";
import type {Report, ReportSource} from "./report.js";
import {markdownText, replaceInOrder} from "./resolved-markdown.js";

/** What a directive can be called. */
const DIRECTIVES = ["claim", "section", "figure", "typed"];

/** Throws BadInput where a directive, a claim, a figure or a citation can't be understood; names file and line. */
export function resolveReport(source: ReportSource, cubes: AllCubes): Report {
  return new Resolver(source, cubes).resolve();
}

class Resolver {
  private readonly markdown = reportMarkdown();
  private readonly report: Report;
  private readonly references: Map<string, Reference>;
  /** The line that is read, from 1. */
  private line = 1;
  /** Whether what is read is a section that fills itself: its line stays that of its directive. */
  private isGenerated = false;

  constructor(
    private readonly source: ReportSource,
    private readonly cubes: AllCubes
  ) {
    const {bibliography} = source;
    this.references = bibliography
      ? readBibliography(bibliography.text, bibliography.file)
      : new Map<string, Reference>();
    this.report = {
      ...{
        source,
        cubes,
        title: cubes.study.title,
        heading: [],
        tokens: [],
        claims: [],
        figures: [],
        references: []
      },
      ...{typed: [], findings: [], replaced: []}
    };
  }

  resolve(): Report {
    const tokens = this.blocks(this.markdown.parse(this.source.text, {}));
    const {heading, rest} = takeTitle(tokens);
    if (heading.length === 0) {
      const title = new Token("text", "", 0);
      title.content = this.report.title;
      return {...this.report, heading: [title], tokens: rest};
    }
    const title = heading.map(textOf).join("").trim() || this.report.title;
    return {...this.report, title, heading, tokens: rest};
  }

  private get where(): string {
    return `${this.source.file}, line ${this.line}`;
  }

  private blocks(tokens: Token[]): Token[] {
    const resolved: Token[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token.map && !this.isGenerated) this.line = token.map[0] + 1;
      const alone = token.type === "paragraph_open" ? onlyDirective(tokens[i + 1]!) : null;
      if (alone && ["section", "figure"].includes(alone.directive?.name ?? "")) {
        resolved.push(...this.block(alone));
        i += 2;
      } else {
        if (token.type === "inline") token.children = this.inline(token.children ?? []);
        resolved.push(token);
      }
    }
    return resolved;
  }

  /** A section or a figure in the place of a paragraph. */
  private block(meta: DirectiveMeta): Token[] {
    const {text, arguments: given, name} = meta.directive!;
    if (name === "section") return this.section(meta, text);
    const figure = findFigure(this.cubes, text, given, this.report.figures, this.where);
    if (!figure) {
      const mend = "Leave the figure out, or name another.";
      this.warn(`the study has nothing to draw in figure “${text}”, so it is left out`, mend);
      this.replace(meta.raw, "");
      return [];
    }
    this.lint(figure.caption);
    this.report.figures.push(figure);
    const alt = markdownText(`${figure.drawn.title}. ${figure.drawn.alt}`);
    this.replace(meta.raw, `![${alt}](figures/${figure.id}.svg)`);
    const token = new Token("figure", "", 0);
    token.meta = figure;
    return [token];
  }

  private section(meta: DirectiveMeta, name: string): Token[] {
    const fill = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (!fill) throw unknown(this.where, "a section", name, Object.keys(SECTIONS));
    const text = fill(this.cubes);
    const outer = this.report.replaced;
    this.report.replaced = [];
    this.isGenerated = true;
    const tokens = this.blocks(this.markdown.parse(text, {}));
    this.isGenerated = false;
    const inner = this.report.replaced.map((one) => ({...one, line: 1}));
    this.report.replaced = outer;
    this.replace(meta.raw, replaceInOrder(text, inner));
    return tokens;
  }

  private inline(children: Token[]): Token[] {
    const resolved: Token[] = [];
    for (const token of children) {
      if (token.type === "text") this.lint(token.content);
      if (token.type === "directive") resolved.push(this.directive(token));
      else if (token.type === "citation") resolved.push(this.citation(token));
      else resolved.push(token);
      const breaks = token.type === "softbreak" || token.type === "hardbreak" ? 1 : 0;
      const raw = (token.meta as {raw?: string} | null)?.raw ?? "";
      if (!this.isGenerated) this.line += breaks + raw.split("\n").length - 1;
    }
    return resolved;
  }

  private directive(token: Token): Token {
    const {directive, fault, raw} = token.meta as DirectiveMeta;
    if (fault)
      throw new BadInput({
        where: this.where,
        expected: `${fault.expected} in ${raw.split("\n")[0]}`,
        found: fault.found,
        mend: 'Write it as ${claim("effect", {arm: "shuffled"})}, or \\${ for the signs themselves.'
      });
    const made = new Token(directive!.name, "", 0);
    if (directive!.name === "claim") made.meta = this.claim(directive!, raw);
    else if (directive!.name === "typed") made.meta = this.typed(directive!, raw);
    else if (DIRECTIVES.includes(directive!.name))
      throw new BadInput({
        where: this.where,
        expected: `${directive!.name} in a paragraph of its own`,
        found: "other text beside it",
        mend: "Put an empty line before and after it."
      });
    else throw unknown(this.where, "claim, section, figure or typed", directive!.name, DIRECTIVES);
    return made;
  }

  private claim({text: name, arguments: given}: Directive, raw: string): Report["claims"][number] {
    const result = makeClaim(this.cubes, {name, arguments: given}, this.where);
    const claim = {
      id: String(this.report.claims.length + 1),
      name,
      arguments: given,
      ...result,
      text: keepUnits(result.text)
    };
    if (claim.text === NOT_KNOWN && !this.isGenerated)
      this.warn(
        `claim “${name}” is not known: ${claim.provenance.query}`,
        "Finish the runs that are missing (npx because status), or ask for another cell or measure."
      );
    this.report.claims.push(claim);
    this.replace(raw, markdownText(claim.text));
    return claim;
  }

  private typed(
    {text, arguments: {why = "", ...others}}: Directive,
    raw: string
  ): {text: string; why: string} {
    const [stranger] = Object.keys(others);
    if (stranger !== undefined) throw unknown(this.where, "an argument", stranger, ["why"]);
    if (text === "" || String(why).trim() === "")
      throw new BadInput({
        where: this.where,
        expected: "a number and why it is no claim",
        found: raw,
        mend: 'Write it as ${typed("5", {why: "labels run to 5 by design"})}.'
      });
    this.report.typed.push({line: this.line, text, why: String(why)});
    this.replace(raw, markdownText(text));
    return {text, why: String(why)};
  }

  private citation(token: Token): Token {
    const {cited, raw} = token.meta as CitationMeta;
    const numbers = cited.map(({key, locator}) => ({number: this.cite(key), locator, key}));
    const made = new Token("cited", "", 0);
    made.meta = numbers;
    const texts = numbers.map(({number, locator}) => [number, locator].filter(Boolean).join(", "));
    this.replace(raw, `\\[${markdownText(texts.join("; "))}\\]`);
    return made;
  }

  /** The number of a cited work. */
  private cite(key: string): number {
    const reference = this.references.get(key);
    if (!reference) {
      const {bibliography} = this.source;
      if (bibliography)
        throw unknown(this.where, `a key of ${bibliography.file}`, key, [...this.references.keys()]);
      throw new BadInput({
        where: this.where,
        expected: "a bibliography, since works are cited",
        found: `[@${key}], and none in the study file`,
        mend: "Name a BibTeX file: report: {file: …, bibliography: refs.bib}."
      });
    }
    const {references} = this.report;
    if (!references.includes(reference)) references.push(reference);
    return references.indexOf(reference) + 1;
  }

  /** Warns of numbers in prose; what a section says by itself is made from the study. */
  private lint(text: string): void {
    if (this.isGenerated) return;
    for (const number of typedNumbers(text))
      this.warn(
        `“${number.text}” is typed by hand`,
        'Make it a claim, such as ${claim("effect", {arm: "explanation"})}; or say why it is none: ${typed("' +
          `${number.text}", {why: "…"})}.`
      );
  }

  private warn(found: string, mend: string): void {
    this.report.findings.push({line: this.line, found, mend});
  }

  private replace(raw: string, by: string): void {
    this.report.replaced.push({line: this.line, raw, by});
  }
}

/** The directive that a paragraph consists of; null where there is more, or none. */
function onlyDirective({children}: Token): DirectiveMeta | null {
  const [first, second] = (children ?? []).filter(
    ({type, content}) => type !== "text" || content.trim() !== ""
  );
  return first?.type === "directive" && second === undefined ? (first.meta as DirectiveMeta) : null;
}

/** A first heading of the first level is the report's title; what is left are its blocks. */
function takeTitle(tokens: Token[]): {heading: Token[]; rest: Token[]} {
  const [open, inline] = tokens;
  if (open?.type !== "heading_open" || open.tag !== "h1") return {heading: [], rest: tokens};
  return {heading: inline!.children ?? [], rest: tokens.slice(3)};
}

function textOf({type, content, meta}: Token): string {
  return type === "claim" || type === "typed" ? (meta as {text: string}).text : content;
}
