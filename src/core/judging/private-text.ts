/**
 * Masks e-mail addresses and telephone numbers before text is sent to a service. Telephone numbers are recognised by
 * how they are written (with a plus, with a national prefix, in the North American form, or after a word such as
 * *call*) and checked against the numbering plans of libphonenumber. Years, prices, ISBNs, times, IP addresses and
 * short numbers stay. It finds what is written plainly; it is no proof that nothing private is left.
 */
import {isValidPhoneNumber, parsePhoneNumberFromString} from "libphonenumber-js/min";
import type {CountryCode} from "libphonenumber-js/min";

export interface Masked {
  text: string;
  emails: number;
  telephones: number;
}

const EMAIL =
  /(?:mailto:)?[\p{L}\p{N}](?:[\p{L}\p{N}._%+'-]{0,63})@[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.\p{L}{2,24}(?![\p{L}\p{N}])/giu;
/** `name [at] host [dot] com`, as people write it to hide it from machines. */
const SPELT_EMAIL =
  /[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}\s?[[(]\s?at\s?[\])]\s?[\p{L}\p{N}-]{1,63}(?:\s?(?:[[(]\s?dot\s?[\])]|\.)\s?[\p{L}\p{N}-]{2,24}){1,4}/giu;

/** Digits with what may part them in a telephone number, from seven digits on. */
const CANDIDATE =
  /(?<![\p{L}\p{N}.,/:$€£¥#_-])(?:\+\s?)?\(?\d(?:[ \u00a0().\-–/]{0,3}\d){6,16}(?![\p{L}\p{N}_])(?![.,:/-]\d)/gu;

/** Words after which a number is a telephone number, and words after which it is another. */
const TELEPHONE_WORD =
  /\b(?:call|calls|calling|phone|telephone|tel|mobile|cell|cellphone|fax|whatsapp|sms|contact|text (?:me|us|him|her|them)|dial|hotline|helpline|ring)\b[^\n\d]{0,24}$/i;
/** Digits without any parting are a telephone number only where they are called a number. */
const NUMBER_WORD = /\b(?:number|contact|reach(?:ed)?)\b[^\n\d]{0,16}$/i;
const OTHER_WORD =
  /(?:\b(?:isbn(?:-1[03])?|issn|doi|order|invoice|model|part|item|serial|sku|upc|ean|asin|tracking|account|case|ticket|ref(?:erence)?|version|id|no|nr|patent|population|page|pages|pp)\b|#|№)[^\n\d]{0,16}$/i;

/** Countries whose national numbers start with 0 and are told from other digits by their plan. */
const NATIONAL: CountryCode[] = [
  "GB",
  "DE",
  "FR",
  "NL",
  "BE",
  "IT",
  "AT",
  "CH",
  "SE",
  "IE",
  "AU",
  "NZ",
  "JP",
  "IN",
  "BR",
  "ZA"
];
/** `(212) 555-0123`, `1-212-555-0123`, `212.555.0123`. */
const NORTH_AMERICAN = /^(?:1[-. ]{1,3})?(?:\(\d{3}\)[-. ]{0,2}|\d{3}[-./ ])\d{3}[-. ]\d{4}$/;
/** `555-0123`. */
const LOCAL = /^\d{3}-\d{4}$/;

/** The text with `[e-mail]` and `[telephone]` in place of addresses and numbers, and how many of each there were. */
export function maskPrivate(text: string): Masked {
  let emails = 0;
  let telephones = 0;
  const maskEmail = (): string => {
    emails++;
    return "[e-mail]";
  };
  const withoutEmails = text.includes("@")
    ? text.replace(EMAIL, maskEmail).replace(SPELT_EMAIL, maskEmail)
    : text.replace(SPELT_EMAIL, maskEmail);
  const masked = withoutEmails.replace(CANDIDATE, (candidate: string, offset: number) => {
    if (!isTelephone(candidate, withoutEmails.slice(Math.max(0, offset - 40), offset))) return candidate;
    telephones++;
    return "[telephone]";
  });
  return {text: masked, emails, telephones};
}

function isTelephone(candidate: string, before: string): boolean {
  const digits = candidate.replace(/\D/g, "");
  if (digits.length > 15 || isOtherNumber(candidate)) return false;
  if (candidate.startsWith("+")) return digits.length >= 8;
  if (digits.startsWith("00") && parsePhoneNumberFromString(`+${digits.slice(2)}`)?.isValid()) return true;
  if (TELEPHONE_WORD.test(before)) return true;
  if (OTHER_WORD.test(before)) return false;
  if (NORTH_AMERICAN.test(candidate) || LOCAL.test(candidate)) return true;
  if (/^\(?0/.test(candidate))
    return digits.length >= 9 && NATIONAL.some((country) => isValidPhoneNumber(candidate, country));
  return NUMBER_WORD.test(before) && isValidPhoneNumber(candidate, "US");
}

/** Shapes that are something else: dates, years, IP addresses, ISBNs, cards, decimals, lists of small numbers. */
function isOtherNumber(candidate: string): boolean {
  const groups = candidate.match(/\d+/g)!;
  const years = groups.every((group) => /^(?:1[5-9]|20|21)\d\d$/.test(group));
  const date = /^\(?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\(?\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)/.test(candidate);
  const address = groups.length === 4 && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(candidate);
  const isbn = /^97[89][- ]?\d/.test(candidate) && groups.join("").length === 13;
  const card = groups.length === 4 && groups.every((group) => group.length === 4);
  const decimal = /^\d+\.\d+$/.test(candidate) && groups[1]!.length > 4;
  const list = groups.filter((group) => group.length === 1).length > 3;
  return years || date || address || isbn || card || decimal || list;
}
