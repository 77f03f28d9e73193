/** What the search field in every page's head finds, and how it ranks: pages, runs, examples and settings. Pure. */
import type {AllCubes} from "./cubes-reader.js";
import {BASELINE_TITLES, armTitle} from "./palette.js";

/** `search.json`: ids and names only, so that it stays small beside the cubes that it points into. */
export interface SearchDocument {
  runs: {id: string; title: string}[];
  /** Examples that the notebook shows, by corpus; each is judged on all of `axes`. */
  examples: {corpus: string; axes: string[]; ids: string[]}[];
  settings: {corpus: string; axis: string; title: string}[];
}

/** A page as the head's links name it. */
export interface SearchPage {
  title: string;
  href: string;
}

/** One thing found, and where it is. */
export interface Hit {
  kind: "page" | "run" | "example" | "setting";
  title: string;
  /** Page of the notebook, and the keys of its address. */
  page: string;
  query: Record<string, string>;
}

export const EMPTY_SEARCH: SearchDocument = {runs: [], examples: [], settings: []};

/** Ids and names of a study. */
export function searchDocument({
  study,
  runs,
  examples
}: Pick<AllCubes, "study" | "runs" | "examples">): SearchDocument {
  const title = (facts: {id: string; title: string}[], id: string) =>
    facts.find((each) => each.id === id)?.title ?? id;
  const byCorpus = new Map<string, {corpus: string; axes: Set<string>; ids: Set<string>}>();
  for (const {corpus, example_id, axis} of examples.items) {
    const known = byCorpus.get(corpus) ?? {corpus, axes: new Set(), ids: new Set()};
    byCorpus.set(corpus, known);
    known.axes.add(axis);
    known.ids.add(example_id);
  }
  return {
    runs: runs.map(({run, kind, system, seed}) => ({id: run, title: runName(kind, system, seed)})),
    examples: [...byCorpus.values()].map(({corpus, axes, ids}) => ({corpus, axes: [...axes], ids: [...ids]})),
    settings: study.settings.map(({corpus, axis}) => ({
      corpus,
      axis,
      title: `${title(study.corpora, corpus)}, ${title(study.axes, axis)}`
    }))
  };
}

function runName(kind: string, system: string, seed: string): string {
  if (kind === "train") return `${armTitle(system)}, seed ${seed}`;
  return BASELINE_TITLES[system as keyof typeof BASELINE_TITLES] ?? kind;
}

/** Hits listed at most, and of one kind. */
const LISTED = 12;
const OF_KIND = 6;

/** What matches a text, best first: whole ids, then beginnings of ids and names, then what holds all its words. */
export function findHits(document: SearchDocument, pages: SearchPage[], text: string): Hit[] {
  const asked = text.trim().toLowerCase();
  if (asked === "") return [];
  const ranked: {hit: Hit; rank: number}[] = [];
  const consider = (names: string[], hit: () => Hit) => {
    const rank = rankOf(names, asked);
    if (rank !== null) ranked.push({hit: hit(), rank});
  };
  for (const {title, href} of pages) consider([title], () => ({kind: "page", title, page: href, query: {}}));
  for (const {id, title} of document.runs)
    consider([id, title], () => ({
      kind: "run",
      title: `${id.slice(0, 12)} · ${title}`,
      page: "runs",
      query: {run: id}
    }));
  for (const {corpus, axes, ids} of document.examples)
    for (const id of ids)
      consider([id], () => ({
        kind: "example",
        title: `${id} · ${corpus}`,
        page: "examples",
        query: {example: `${corpus}/${id}/${axes[0] ?? ""}`}
      }));
  for (const {corpus, axis, title} of document.settings)
    consider([title, `${corpus} ${axis}`], () => ({kind: "setting", title, page: "", query: {corpus, axis}}));
  return best(ranked);
}

/** 0 for the whole name, 1 for its beginning, 2 for a word's beginning, 3 where all words are in; null for none. */
function rankOf(names: string[], asked: string): number | null {
  const lower = names.map((name) => name.toLowerCase());
  if (lower.includes(asked)) return 0;
  if (lower.some((name) => name.startsWith(asked))) return 1;
  if (lower.some((name) => name.includes(` ${asked}`))) return 2;
  const all = lower.join(" ");
  return asked.split(/\s+/).every((word) => all.includes(word)) ? 3 : null;
}

/** Best first, those of one kind in their order, and no kind drowns the others. */
function best(ranked: {hit: Hit; rank: number}[]): Hit[] {
  const counts = new Map<Hit["kind"], number>();
  return ranked
    .map((each, i) => ({...each, i}))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .filter(({hit: {kind}}) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= OF_KIND;
    })
    .slice(0, LISTED)
    .map(({hit}) => hit);
}
