/** Scores in text that is no JSON: `Score: 4`, `4/5`, `4 out of 5`, `**4**`. */

const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const NUMBER = String.raw`(?:[-−+]?\d+(?:[.,]\d+)?|\b(?:${WORDS.join("|")})\b)`;
/** What may stand between the word *score* and the number. */
const BETWEEN = String.raw`(?:[\s:=*_"'“”\x60()[\]]|\b(?:is|of|as|would|be|it|this|the|response|reply|a|an|at|given|to)\b|[–—-](?=\s))*`;
/** What makes a number the whole of a score: no range, no fraction of another kind, no unit. */
const AFTER = String.raw`(?!\s*%|\w|[.,]\d)`;

/** `score: 4`, `rating is 4`, `I rate this response a 4`; then, where it stands there, the highest score: `/5`. */
const LABELLED = new RegExp(
  String.raw`\b(?:scores?|rating|rate|rated|grade|graded)\b${BETWEEN}(${NUMBER})${AFTER}${optionalOf()}`,
  "gi"
);
/** `4/5`, `4 out of 5`. */
const OUT_OF = new RegExp(
  String.raw`(?<![\w.,/-])(${NUMBER})\s*(?:/|out\s+of)\s*(\d+)(?:\.0+)?\b(?!/)${AFTER}`,
  "gi"
);
/**
 * The number is all there is, or all of the first or last line, or opens the text: `4 – the reply …`. Not `4. The …`,
 * which may be an item of a list.
 */
const ALONE = new RegExp(String.raw`^[\W_]*(${NUMBER})${AFTER}[\W_]*$`, "i");
const OPENING = new RegExp(
  String.raw`^[\s*_"'(\[]*(${NUMBER})${AFTER}[*_"')\]]*\s*(?:[:;,–—-]\s+|because\b|\n)`,
  "i"
);
/** A score that is all of a value. */
const WHOLE = new RegExp(String.raw`^[*_\s]*(${NUMBER})[*_\s]*(?:(?:/|out\s+of)\s*(\d+)\.?)?[*_\s]*$`, "i");
/** A second number right after the first: `3-4`, `3 or 4`, `3 to 4`. */
const RANGE = new RegExp(
  String.raw`(?<![\w.,/])(\d+)[*_]*\s*(?:[-–—]|\bor\b|\bto\b|\band\b)\s*[*_]*(\d+)\b`,
  "gi"
);

function optionalOf(): string {
  return String.raw`(?:[*_"'”)\]]*\s*(?:/|out\s+of)\s*(\d+))?`;
}

/**
 * The different scores that a text gives: none, one, or several where it contradicts itself or gives a range. A score
 * out of another highest than the scale's counts as `NaN`: a score that the scale has not.
 */
export function scoresIn(text: string, scale: readonly [number, number]): number[] {
  const plain = withoutScale(text, scale);
  const named = [...numbersBy(LABELLED, plain, scale[1]), ...numbersBy(OUT_OF, plain, scale[1])];
  const found = named.length > 0 ? named : standingAlone(plain);
  return [...new Set([...found, ...rangesAround(plain, found)])];
}

/**
 * A score as JSON may hold it: `4`, `"4"`, `"4/5"` and `"four"`; null where it is no number, NaN where it is out of
 * another highest than `highest`.
 */
export function numberOf(value: unknown, highest: number): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const [, number, of] = WHOLE.exec(value.trim()) ?? [];
  if (number === undefined) return null;
  return of !== undefined && Number(of) !== highest ? NaN : parseNumber(number);
}

/** Whether a sentence gives a score, and so is no explanation. */
export function givesScore(sentence: string): boolean {
  return [LABELLED, OUT_OF].some((pattern) => sentence.search(pattern) >= 0) || ALONE.test(sentence);
}

function numbersBy(pattern: RegExp, text: string, highest: number): number[] {
  return [...text.matchAll(pattern)].map(([, number, of]) =>
    of !== undefined && Number(of) !== highest ? NaN : parseNumber(number!)
  );
}

function standingAlone(text: string): number[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line));
  const candidates = [ALONE.exec(lines[0] ?? ""), ALONE.exec(lines.at(-1) ?? ""), OPENING.exec(text)];
  return candidates.flatMap((match) => (match ? [parseNumber(match[1]!)] : []));
}

/** Other ends of ranges that hold a score: with `Score: 3-4`, 4 as well as 3. */
function rangesAround(text: string, found: number[]): number[] {
  return [...text.matchAll(RANGE)]
    .map(([, from, to]) => [Number(from), Number(to)])
    .filter((ends) => ends.some((end) => found.includes(end)))
    .flat();
}

/** Without mentions of the scale itself: `on a scale from 1 to 5`, `(1-5)`, `1–5:`. */
export function withoutScale(text: string, [low, high]: readonly [number, number]): string {
  const ends = String.raw`${low}\s*(?:[-–—]|to|through|and)\s*${high}`;
  const scale = new RegExp(
    String.raw`\b(?:on|using|with)?\s*(?:an?|the|this)?\s*(?:rating\s+)?scale\s*(?:is|of|from|between)?\s*:?\s*${ends}\b,?`,
    "gi"
  );
  const bracketed = new RegExp(String.raw`[([]\s*(?:from\s+|between\s+)?${ends}\s*[)\]]`, "gi");
  const between = new RegExp(String.raw`\b(?:from|between)\s+${ends}\b`, "gi");
  return text.replace(scale, " ").replace(bracketed, " ").replace(between, " ");
}

function parseNumber(text: string): number {
  const word = WORDS.indexOf(text.toLowerCase());
  return word >= 0 ? word : Number(text.replace("−", "-").replace(",", "."));
}
