/** How models say that they will not, or cannot, give a score. */
const REFUSALS = [
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
  return REFUSALS.some((pattern) => pattern.test(text));
}
