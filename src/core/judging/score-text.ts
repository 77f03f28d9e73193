/**
 * Scores in text that is no JSON. Only forms that cannot be meant otherwise count: `Score: 4`, `My rating is 4`, `4/5`,
 * `I rate it 4`, a number alone. What merely mentions a number beside such a word (`score 3 in the game`) does not.
 */

const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const DIGITS = String.raw`[-−+]?\d{1,9}(?:[.,]\d{1,9})?`;
const NUMBER = String.raw`(${DIGITS}|\b(?:${WORDS.join("|")})\b)`;
/** Emphasis, quotes and brackets around words and numbers; bounded, so that rubbish is read in linear time. */
const MARKS = String.raw`[\s*_"'“”‘’\x60()[\]#>]{0,8}`;
/** The highest score, where it stands there: `/5`, `out of 5`. */
const OF = String.raw`(?:[*_"'”’)\]]{0,4}\s?(?:/|out\s+of)\s?(\d{1,9})(?:\.0)?\b)?`;
const OF_REQUIRED = OF.slice(0, -1);
/** What ends a score: the end of line or clause, or the reason for it. No unit, no noun, no second number. */
const END = String.raw`[*_"'“”’)\]]{0,6}(?=\s*$|\s*\n|[.;,!:)](?![\d\w])(?!\s*\d)|\s*[([–—](?!\s*\d)|\s-\s(?!\d)|\s*\b(?:because|since|as|due to|given that)\b)`;

/** Where a sentence, and where a clause starts. */
const SENTENCE = String.raw`(?:^|[\n.!?]|\b(?:so|thus|therefore|hence|overall)\b,?)${MARKS}-?\s?`;
const CLAUSE = String.raw`(?:^|[\n.!?;,()|–—]|\b(?:so|and|but|thus|therefore|hence|overall)\b)${MARKS}-?\s?`;
/** Words that make a score another's, or none: `not a score: 5`, `it mentions the score: 3`. */
const OTHERS = String.raw`(?:not|no|never|cannot|without|if|it|they|response|reply|mentions?|says?|gives?|names?|states?|has|had|with|\w+n['’]t)`;
const BEFORE = String.raw`(?:(?!${OTHERS}\b)[\p{L}-]{1,24}\s){0,3}`;
const LABEL = String.raw`(?:scores?|rating|grade)`;
const IT = String.raw`(?:it|this|that|(?:the|this|that)\s(?:[\p{L}-]{1,24}\s)?(?:response|reply|answer|one|conversation|dialogue|turn|message))`;
const A_SCORE_OF = String.raw`(?:an?\s|as\s|at\s|with\s|the\s|overall\s|final\s){0,3}(?:(?:score|rating|grade)\s(?:of\s)?)?`;
const WILL = String.raw`(?:['’]d|['’]ll|\swould|\swill|\scan)?(?:\s(?:therefore|thus|hence|only))?`;
const OF_IT = String.raw`(?:\s(?:for|of)\s(?:this|the)\s(?:response|reply|answer))?`;

const FORMS = [
  // Score: 4; **Final rating** = 4/5; Score (clarity): 4
  String.raw`${CLAUSE}${BEFORE}(?:${LABEL}|rate|rated)${OF_IT}[*_"'”\x60)\]]{0,4}\s?(?:\([^()\n]{0,30}\)\s?)?(?:[:=]|[–—-](?=\s))${MARKS}${NUMBER}${OF}${END}`,
  // My score for this response is 4
  String.raw`${SENTENCE}${BEFORE}${LABEL}${OF_IT}\s(?:is|would be|will be):?\s(?:an?\s)?${MARKS}${NUMBER}${OF}${END}`,
  // Score 4; a rating of 4
  String.raw`${SENTENCE}(?:(?:an?|my|the|final|overall)\s){0,3}${LABEL}(?:\sof)?\s${MARKS}${NUMBER}${OF}${END}`,
  // I rate it 4; I would give this response a score of 4; I'd say 4/5
  String.raw`${CLAUSE}(?:I|we)${WILL}\s(?:rate|score|grade|give|assign|award|rated|scored|gave)\s(?:${IT}:?\s${A_SCORE_OF}|(?:an?|the)\s(?:(?:score|rating|grade)\sof\s)?)${MARKS}${NUMBER}${OF}(?:${END}|(?=\sfor\b))`,
  String.raw`${CLAUSE}(?:I|we)(?:['’]d|\swould)\ssay\s(?:an?\s)?${MARKS}${NUMBER}${OF}${END}`,
  // The response deserves a 4
  String.raw`${CLAUSE}${IT}\s(?:deserves|earns|merits|gets|receives)\san?\s(?:(?:score|rating|grade)\sof\s)?${MARKS}${NUMBER}${OF}${END}`,
  // 4/5; 4 out of 5
  String.raw`${CLAUSE}(?:(?:it|this|the response)\s(?:is|scores|gets|deserves)\s(?:an?\s)?)?${MARKS}${NUMBER}${OF_REQUIRED}${END}`
].map((form) => new RegExp(form, "giu"));

/**
 * The number is all there is, or all of the first or last line, or opens the text: `4 – the reply …`. Not `4. The …`,
 * which may be an item of a list, and not `4?`, `4+` or `~4`.
 */
const ALONE = new RegExp(String.raw`^${MARKS}${NUMBER}(?!\s*%|\w)[\s*_"'“”‘’\x60()[\].,;:!]{0,8}$`, "iu");
const OPENING = new RegExp(
  String.raw`^${MARKS}(${DIGITS})(?!\w)[*_"')\]]{0,4}\s{0,2}(?:(?:[:;]|[–—-](?=\s))\s(?!\d)|,?\s?(?:because|since|as)\b)`,
  "iu"
);
/** A score that is all of a value. */
const WHOLE = new RegExp(String.raw`^[*_\s]*${NUMBER}[*_\s]*(?:(?:/|out\s+of)\s*(\d+)\.?)?[*_\s]*$`, "i");
/** A second number right after the first: `3-4`, `3 or 4`, `3 to 4`. */
const RANGE = new RegExp(
  String.raw`(?<![\w.,/])(\d{1,9})[*_]{0,4}\s?(?:[-–—]|\bor\b|\bto\b|\band\b)\s?[*_]{0,4}(\d{1,9})\b`,
  "gi"
);
/** What takes a score back, right after it or at the start of its sentence. */
const DOUBT = new RegExp(
  String.raw`^\W*(?:if|unless|(?:or|maybe|perhaps|possibly|rather|but)\b[^.\n]{0,30}\b(?:\d|${WORDS.join("|")})\b)`,
  "i"
);
const CONDITION = /(?:^|[.!?\n])\W*(?:(?:even|only) )?(?:if|unless|had|were|suppose)\b[^.!?\n]*$/i;

/**
 * The different scores that a text gives: none, one, or several where it contradicts itself or gives a range. A score
 * out of another highest than the scale's counts as `NaN`: a score that the scale has not.
 */
export function scoresIn(text: string, scale: readonly [number, number]): number[] {
  const plain = evenlySpaced(withoutScale(evenlySpaced(text), scale));
  const found = [...formal(plain, scale[1]), ...standingAlone(plain)];
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
  const plain = evenlySpaced(sentence);
  return FORMS.some((form) => plain.search(form) >= 0) || ALONE.test(plain);
}

function formal(text: string, highest: number): number[] {
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].flatMap((match) => {
      const [whole, number, of] = match;
      const before = text.slice(Math.max(0, match.index - 300), match.index + 1);
      if (
        CONDITION.test(before) ||
        DOUBT.test(text.slice(match.index + whole.length, match.index + whole.length + 50))
      )
        return [];
      return of !== undefined && Number(of) !== highest ? NaN : parseNumber(number!);
    })
  );
}

/** Numbers that are a line, where the first or the last line is one, and those that open a line. */
function standingAlone(text: string): number[] {
  const lines = text.split("\n").filter((line) => /\w/.test(line));
  const alone = lines.map((line) => ALONE.exec(line.trim()));
  const counts = (alone[0] ?? alone.at(-1)) !== null;
  const opening = OPENING.test(text) ? lines.map((line) => OPENING.exec(line)) : [];
  const first = /^[^\w\n]*\d+[^\w\n]*\n/.test(text) ? [] : opening;
  return [...(counts ? alone : []), ...first].flatMap((match) => (match ? [parseNumber(match[1]!)] : []));
}

/** Other ends of ranges that hold a score: with `Score: 3-4`, 4 as well as 3. */
function rangesAround(text: string, found: number[]): number[] {
  return [...text.matchAll(RANGE)]
    .map(([, from, to]) => [Number(from), Number(to)])
    .filter((ends) => ends.some((end) => found.includes(end)))
    .flat();
}

/** Without runs of white space: at most one blank, or one line break. */
function evenlySpaced(text: string): string {
  return text
    .replace(/\s+/g, (run) => (run.includes("\n") ? "\n" : " "))
    .replace(/ (?=:)/g, "")
    .trim();
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
