/** `CITATION.cff`: how to cite a published study, as GitHub, Zenodo and reference managers read it. */
import {stringify} from "yaml";
import type {StudyFacts} from "../../src/core/cubes.js";
import type {Study} from "../../src/core/study.js";

/** What a citation is made from. */
export interface Cited {
  facts: Pick<StudyFacts, "title" | "authors" | "note" | "version">;
  study: Pick<Study, "citation" | "licence">;
  /** Day on which the last run ended, `2026-01-31`; null where none did. */
  date: string | null;
}

/** The file's text. */
export function citationFile({facts, study, date}: Cited): string {
  const {doi, url, date: said} = study.citation ?? {};
  const released = said ?? date;
  return stringify(
    {
      "cff-version": "1.2.0",
      message: "If you use this study, please cite it as below.",
      type: "dataset",
      title: facts.title,
      authors: facts.authors.length > 0 ? facts.authors.map(personOf) : [{name: "The authors of this study"}],
      ...(facts.note ? {abstract: facts.note} : {}),
      version: facts.version.slice(0, 16),
      ...(released ? {"date-released": released} : {}),
      ...(doi ? {doi} : {}),
      ...(url ? {url} : {}),
      ...(study.licence && SPDX.test(study.licence) ? {license: study.licence} : {})
    },
    {lineWidth: 110}
  );
}

/** What CFF takes for a licence; others are named in the metadata alone. */
const SPDX = /^[A-Za-z0-9.+-]+$/;

/** `Ada B. Lovelace` and `Lovelace, Ada B.` by their parts; one word is a name as a whole. */
export function personOf(author: string): Record<string, string> {
  const [family, given] = author.includes(",")
    ? author.split(",", 2).map((part) => part.trim())
    : [author.trim().split(/\s+/).at(-1), author.trim().split(/\s+/).slice(0, -1).join(" ")];
  return family && given
    ? {"family-names": family, "given-names": given}
    : {name: author.trim() || "Unnamed"};
}
