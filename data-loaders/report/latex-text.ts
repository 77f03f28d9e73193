/** Words, addresses and keys as LaTeX takes them: whatever is in them, it obeys none of it. */
import {latexText} from "../../src/core/paper/latex.js";

/** Scripts whose letters pdfLaTeX's own fonts hold, or compose of a letter and its accent; signs that {@link latexText} sets. */
const SETTABLE = /^[\u0000-\u007f\u00a0-\u017f\u2010-\u2027\u2030\u20ac\u2122]$/;

/** Signs that an argument or a line's end before them would take for its own. */
const BRACED = "[]*";

/** Text with nothing in it that LaTeX would obey. A letter that its fonts lack is named by its code, never lost. */
export function tex(text: string): string {
  return [...text.normalize("NFC")]
    .map((sign) => {
      if (BRACED.includes(sign)) return `{${sign}}`;
      if (sign < " " && !/\s/.test(sign)) return "";
      const set = latexText(sign);
      return set === sign && !SETTABLE.test(sign)
        ? `[U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`
        : set;
    })
    .join("");
}

/** An address as an argument: signs that TeX would read first are escaped, the rest is percent-encoded. */
export function url(address: string): string {
  return encodeURI(decoded(address)).replace(/[%#&_~^\\{}$]/g, (sign) =>
    "%#&_".includes(sign) ? `\\${sign}` : `\\%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  );
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** A key as LaTeX takes it. */
export function citeKey(key: string): string {
  return key.replace(/[^\w:.-]/g, (sign) => `-u${sign.codePointAt(0)!.toString(16)}-`);
}
