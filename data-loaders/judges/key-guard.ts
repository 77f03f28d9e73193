/** Keeps keys out of what is written down: services are known to send them back. */

/**
 * Shortest key that is looked for. Services without keys are given any value (`x`, `1`, `none`, `local`), and that stands
 * in ordinary text, too.
 */
const SHORTEST = 8;
/** From this length on, a key is found within other words, too. */
const ANYWHERE = 16;
/** A word or words, such as `not-needed`: no secret as long as it is short, and to be found in explanations. */
const WORDS = /^(?=.{1,19}$)[a-z]+(?:[-_.][a-z]+)*$/i;

export class KeyGuard {
  readonly #pattern: RegExp | null;
  readonly #isWord: boolean;

  constructor(key: string) {
    this.#pattern = key.length < SHORTEST ? null : patternOf(key);
    this.#isWord = WORDS.test(key);
  }

  /** A body or a message without the key, as it is or as JSON holds it. Never used before a body is parsed. */
  clear(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, "[key]") : text;
  }

  /** An explanation is trained on as it came, so here a key that is an ordinary word stays. */
  clearExplanation(text: string): string {
    return this.#isWord ? text : this.clear(text);
  }
}

/**
 * The key as it is, and as JSON writes quotes, backslashes and slashes. One that is too long and mixed to stand in
 * ordinary text is found anywhere, another only as a word by itself (in JSON, also after an escaped line break).
 */
function patternOf(key: string): RegExp {
  const inJson = JSON.stringify(key).slice(1, -1);
  const forms = [...new Set([key, inJson, inJson.replaceAll("/", "\\/")])]
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
    .join("|");
  const anywhere = key.length >= ANYWHERE && !WORDS.test(key);
  return new RegExp(
    anywhere ? `(?:${forms})` : `(?:(?<![A-Za-z0-9])|(?<=\\\\[bfnrt]))(?:${forms})(?![A-Za-z0-9])`,
    "g"
  );
}
