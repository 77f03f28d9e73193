/** Numbers typed by hand in prose: each should be a claim, so that it can't part from the data. */

export interface TypedNumber {
  /** As it stands there: `81.3 %`. */
  text: string;
  /** Where it begins in the text. */
  at: number;
}

/** Digits of any script, with what belongs to them. */
const NUMBER =
  /(?<![\p{L}\p{N}_]|\p{N}[.,])[-−+±]?\p{N}[\p{N}.,]*(?:\s?(?:%|per\s?cent\b|points?\b|nats\b|×))?/gu;

/** What stands before a number that is part of a name: `GPT-`, `Qwen2.5-`. */
const NAME = /\p{L}[\p{L}\p{N}_.-]*$/u;

/** Numbers in words, where they count what a study has: `three seeds`, `twenty percent`. */
const WORDS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|million)[\s-]+(?:per\s?cent|percentage|points?|times|fold|seeds?|runs?|arms?|models?|dialogues?|examples?|settings?|corpora|axes|judges|tokens|parameters|layers|hours|minutes|seconds)\b/giu;

/** `Section 3`, `Figure 2a`, `Table 4`: places of a document. */
const PLACE =
  /\b(?:sections?|sect?\.|chapters?|appendix|appendices|figures?|fig\.|tables?|equations?|eq\.|footnotes?|pages?|pp?\.|lines?|steps?|part)\s(?:\d+(?:\.\d+)*[a-z]?(?:,\s|\s(?:and|to|or)\s|[-–])?)*$/iu;

/** A year in brackets, as a citation has it: `(Smith and others, 2024)`, `(2019)`. */
const YEAR = /^(?:1[89]|20)\d\d[a-z]?$/;

/** Numbers in a piece of prose, without those that name a place or the year of a citation. */
export function typedNumbers(text: string): TypedNumber[] {
  const digits = [...text.matchAll(NUMBER)]
    .map((match) => ({text: match[0].replace(/[.,]+$/, ""), at: match.index}))
    .filter((found) => !isNamed(text, found) && !isPlace(text, found) && !isCitedYear(text, found));
  const words = [...text.matchAll(WORDS)].map((match) => ({text: match[0], at: match.index}));
  return [...digits, ...words].sort((a, b) => a.at - b.at);
}

function isNamed(text: string, {text: number, at}: TypedNumber): boolean {
  return NAME.test(text.slice(0, at) + (number.startsWith("-") ? "-" : ""));
}

function isPlace(text: string, {at}: TypedNumber): boolean {
  return PLACE.test(text.slice(Math.max(0, at - 40), at));
}

function isCitedYear(text: string, {text: number, at}: TypedNumber): boolean {
  if (!YEAR.test(number)) return false;
  const before = text.slice(0, at);
  const after = text.slice(at + number.length);
  const isOpen = before.lastIndexOf("(") > before.lastIndexOf(")");
  return isOpen && /^[a-z]?\s*[);,]/.test(after);
}
