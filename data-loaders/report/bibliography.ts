/** BibTeX in, references out: as plain text, since a bibliography is somebody else's text. */
import {plugins} from "@citation-js/core";
import type {CslEntry, CslName} from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import {BadInput} from "../../src/core/bad-input.js";
import {listOf} from "../../src/core/sentences/phrases.js";

export interface Reference {
  key: string;
  /** `Smith, J. and Berg, A. (2024). Title. Journal 3(2), 1–10.` */
  text: string;
  /** Where it can be read; null where the entry names no place on the web. */
  link: string | null;
}

/** All entries of a BibTeX file by key. Throws BadInput where it can't be read. */
export function readBibliography(text: string, file: string): Map<string, Reference> {
  const references = new Map<string, Reference>();
  for (const entry of entriesOf(text, file)) {
    if (references.has(entry.id))
      throw new BadInput({
        where: file,
        expected: "each key once",
        found: `“${entry.id}” twice`,
        mend: "Give one of the entries another key."
      });
    references.set(entry.id, {key: entry.id, text: referenceText(entry), link: linkOf(entry)});
  }
  return references;
}

function entriesOf(text: string, file: string): CslEntry[] {
  try {
    return plugins.input.chain(text, {generateGraph: false, forceType: "@bibtex/text"});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, expected, found, line] = /expected (.*?), got (.*?) at line (\d+)/.exec(message) ?? [];
    throw new BadInput({
      where: line ? `${file}, line ${line}` : file,
      expected: expected ? `BibTeX: ${expected}` : "BibTeX",
      found: found ?? message.split("\n")[0]!,
      mend: "Correct the entry; a bibliography program can export it anew."
    });
  }
}

function referenceText(entry: CslEntry): string {
  const {title, publisher, volume, issue, page} = entry;
  const names = listOf((entry.author ?? entry.editor ?? []).map(nameOf));
  const year = entry.issued?.["date-parts"]?.[0]?.[0];
  const place = [
    [
      entry["container-title"],
      volume === undefined ? "" : `${volume}${issue === undefined ? "" : `(${issue})`}`
    ]
      .filter(Boolean)
      .join(" "),
    page?.replace(/-+/g, "–"),
    entry["container-title"] ? "" : publisher
  ];
  return [
    `${names}${year === undefined ? "" : `${names ? " " : ""}(${year})`}`,
    title,
    place.filter(Boolean).join(", ")
  ]
    .filter(Boolean)
    .map((part) => part!.replace(/[.?!]?$/, (end) => end || "."))
    .join(" ");
}

function nameOf({given, family, literal, suffix, ...particles}: CslName): string {
  const last = [particles["dropping-particle"], particles["non-dropping-particle"], family ?? literal]
    .filter(Boolean)
    .join(" ");
  const initials = (given ?? "")
    .split(/[\s.]+/)
    .filter(Boolean)
    .map((part) => `${[...part][0]}.`)
    .join(" ");
  return [last, initials, suffix].filter(Boolean).join(", ");
}

function linkOf({DOI, URL: url}: CslEntry): string | null {
  if (DOI) return `https://doi.org/${encodeURI(DOI.replace(/^https?:\/\/(?:dx\.)?doi\.org\//, ""))}`;
  return url && /^https?:\/\//i.test(url) ? encodeURI(url) : null;
}
