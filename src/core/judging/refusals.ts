/** How models say that they will not, or cannot, give a score. */
import {withoutScale} from "./score-text.js";

/** In a text without any score: whatever sounds like declining. */
const SCORELESS = [
  /\bas an? (?:ai|artificial intelligence|language model|large language model|assistant)\b/i,
  /\b(?:i|we)(?:['’]m| am| are)? (?:cannot|can['’]t|can not|could ?n['’]t|won['’]t|will not|do ?n['’]t|would rather not|must decline|decline|(?:not|un) ?able to|unable to|refuse)\b/i,
  /\b(?:i|we)(?:['’]m| am| are|['’]re) (?:sorry|afraid|not able|not comfortable|not going)\b/i,
  /\b(?:my|our) (?:apologies|apology)\b|\bi apologi[sz]e\b/i,
  /^\W*(?:sorry|apologies|unfortunately)\b/i,
  /\b(?:blocked|filtered|flagged) by (?:our|the|a) (?:content|safety|guardrail)/i,
  /\b(?:unable|not possible|impossible) to (?:rate|score|judge|assess|evaluate|provide|give|answer)\b/i,
  /\bcannot be (?:rated|scored|judged|assessed|evaluated)\b/i
];

/** Whether a text without a score declines to give one. */
export function isRefusal(text: string): boolean {
  return SCORELESS.some((pattern) => pattern.test(text));
}

const CANNOT = String.raw`(?:(?:cannot|can ?not|can['’]?t|could(?: not| ?n['’]t)|won['’]t|will not|would(?: not| ?n['’]t| rather not)|do(?: not| ?n['’]t) feel comfortable|(?:['’]m|['’]re|am|are)? ?(?:unable|not (?:able|allowed|permitted|going|willing|qualified|comfortable|in a position))(?: to)?|(?:must|have to|need to)? ?(?:decline|refuse)(?: to)?)\b)`;
/** `I cannot`, `we’re unable to`, where a sentence or a clause starts. */
const SPEAKER = String.raw`^\W*(?:(?:sorry|unfortunately|regrettably|however|well|no|therefore|(?:i['’]?m|i am) (?:afraid|sorry)(?: that)?)\b,? )?(?:i|we) ?(?:simply |really |just |still )?`;
const RATE = String.raw`(?:rat(?:e|ing)|scor(?:e|ing)|grad(?:e|ing)|judg(?:e|ing)|assess(?:ing)?|evaluat(?:e|ing))\b`;
const A_RATING = String.raw`(?:giv(?:e|ing)|provid(?:e|ing)|assign(?:ing)?|offer(?:ing)?) (?:[\w’']+ ){0,4}?(?:rating|score|grade|judge?ment|assessment|evaluation|opinion)s?\b`;

/** Where any clause says so, as in `it is harmful, so I cannot rate it`. */
const IN_CLAUSE = [
  new RegExp(`${SPEAKER}${CANNOT} (?:\\w+ly )?(?:${RATE}|${A_RATING})`, "i"),
  new RegExp(`^\\W*(?:unable|not able|impossible|not possible) to (?:${RATE}|${A_RATING})`, "i")
];
/** Where a whole sentence starts so. Of others than the judge (`it cannot …`, `the response refuses …`) none matches. */
const IN_SENTENCE = [
  new RegExp(
    `${SPEAKER}${CANNOT} (?:assist|help(?! (?:but|\\w+ing))|comply|fulfil|engage|participate|proceed|continue|respond|answer|do (?:that|this|so)|provide|process|complete|discuss)`,
    "i"
  ),
  /^\W*(?:i|we) (?:(?:must|have to|need to|would) )?(?:respectfully )?(?:decline|refuse)\b/i,
  /^\W*as an? (?:[\w-]+ ){0,3}?(?:ai|artificial intelligence|language model|llm|assistant|chatbot)\b[^.;]{0,30}?\b(?:i|we)(?:['’]m| am| are)? (?:\w+ly )?(?:do(?: not| ?n['’]t)|cannot|can['’]?t|can not|not|unable|lack|have no|must not|should not)\b/i,
  /^\W*(?:this|it|(?:this|the|such)(?: \w+)? (?:response|reply|answer|content|conversation|dialogue|text|message|request)) (?:cannot|can not|can['’]t) be (?:(?:rated|scored|graded)\b|(?:judged|assessed|evaluated)\W*$)/i,
  /^\W*no (?:rating|score|grade) (?:can|could|will) be (?:given|provided|assigned)\b/i,
  /\b(?:blocked|filtered|flagged) by (?:our|the|a) (?:content|safety|guardrail)/i,
  /\b(?:against|violates?) (?:my|our) (?:\w+ )?(?:polic|guideline|principle|programming)/i
];
/** Where the whole text starts so. */
const AT_START =
  /^\W*(?:because )?(?:(?:(?:i|we)(?:['’]m|['’]re| am| are) (?:very |so |really |truly )?(?:sorry|afraid)|(?:my |our )?apologies|i apologi[sz]e)\b(?! for (?:the|any|my) (?:confusion|delay|mistake|error|inconvenience))|sorry(?:[,.!]| but\b))/i;
/** `I cannot give it a 5`, `I can’t rate it higher`: no declining, but a reason for a lower score. */
const BOUND =
  /\b(?:higher|lower|above|below|better|more|full|top|perfect|highly|fully|highest|lowest)\b|(?<!scale )\b(?:as|an?|of|at|it|this|response|reply|answer)\s+(?:\d+|one|two|three|four|five)\b/i;

/**
 * Whether the judge itself declines, so that a score beside it is none: a sentence or clause in the first person, or an
 * apology at the very start. What is quoted, or said of the response (`it refuses to answer`), is no declining.
 *
 * @param scale mentions of which (`on a scale of 1 to 5`) are passed over
 */
export function declines(text: string, scale: readonly [number, number]): boolean {
  const own = withoutScale(withoutQuotations(text), scale).replace(/\s+/g, " ").trim();
  if (AT_START.test(own)) return true;
  return own.split(/[.!?;]+(?=\s|$)/).some((sentence) => {
    if (says(IN_SENTENCE, sentence)) return true;
    return sentence
      .split(/,|\b(?:so|and|but|because|therefore|thus|hence|since)\b/i)
      .some((clause) => says(IN_CLAUSE, clause));
  });
}

function says(patterns: RegExp[], text: string): boolean {
  return patterns.some((pattern) => {
    const match = pattern.exec(text);
    return match !== null && !BOUND.test(text.slice(match.index, match.index + match[0].length + 60));
  });
}

/** Quotations of more than a word, since they are another's words. */
export function withoutQuotations(text: string): string {
  return text.replace(
    /(?<=[\p{L}\p{N},:(]\s?)(?:"[^"\n]{0,600}"|“[^“”]{0,600}”|‘[^‘’\n]{0,600}’(?!\p{L})|«[^«»]{0,600}»|(?<=\s)'[^'\n]{2,300}'(?!\p{L}))/gu,
    (quoted) => (/\S\s+\S/.test(quoted) ? " … " : quoted)
  );
}
