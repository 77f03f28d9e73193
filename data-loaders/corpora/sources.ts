/** Which files a corpus is read from: the one that `path` names, those of a folder or pattern, or fetched ones. */
import {readdir, stat} from "node:fs/promises";
import {join, relative, sep} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {SourceFacts} from "../../src/core/cubes.js";
import type {CorpusConfig, PublishedCorpusConfig} from "../../src/core/study.js";
import {matches} from "../fetch/choose-files.js";
import {fetchedFiles, fetchedFolder} from "../fetch/fetched-folder.js";
import {hashFile} from "../stages/content-hash.js";
import type {Store} from "../stages/store.js";
import {locate, notThere, oneSource} from "./source-file.js";
import type {Source} from "./source-file.js";

/** Where the files of corpora lie. */
export interface Places {
  /** What `--data` names, else the folder of the study file; paths of corpora are relative to it. */
  folder: string;
  /** Holds what `because fetch` downloads; needed by corpora that name no `path`. */
  store?: Store;
}

/** Which files of a folder are a published corpus' own; paths are relative to the folder, with `/`. */
const WANTED: Record<PublishedCorpusConfig["reader"], RegExp> = {
  "chatbot-arena": /\.parquet$/,
  "hh-rlhf": /\.jsonl(\.gz)?$/,
  amazonqa: /\.jsonl?(\.gz)?$/,
  coqa: /\.json(\.gz)?$/,
  "cornell-movie": /(^|\/)(movie_lines\.txt|movie_conversations\.txt|[^/]+\.zip)$/,
  "mt-bench": /((^|\/)question\.jsonl|(^|\/)model_answer\/[^/]+\.jsonl|\.parquet)$/
};

/**
 * The files that the corpus is read from, sorted by name; none where it is generated. Throws BadInput where there are
 * none, or where they have not been fetched.
 */
export async function sourcesOf(id: string, config: CorpusConfig, places: Places): Promise<Source[]> {
  if (config.reader === "embedded") return [];
  if (!isPublished(config)) return [await oneSource(config.path, places.folder)];
  const found = await published(id, config, places);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names, sizes and SHA-256 of files, as the card shows them. */
export async function sourceFacts(sources: Source[]): Promise<SourceFacts[]> {
  const facts: SourceFacts[] = [];
  for (const {file, name} of sources)
    facts.push({file: name, bytes: (await stat(file)).size, sha256: await hashFile(file)});
  return facts;
}

function isPublished(config: CorpusConfig): config is PublishedCorpusConfig {
  return Object.hasOwn(WANTED, config.reader);
}

async function published(id: string, config: PublishedCorpusConfig, places: Places): Promise<Source[]> {
  if (config.path !== undefined) return atPath(config.path, WANTED[config.reader], places.folder);
  if (config.hub === undefined) throw nowhere(id);
  const {store} = places;
  if (store === undefined) throw new Error("a corpus without a path is read from a store");
  const base = fetchedFolder(store, config.hub);
  const {dataset} = config.hub;
  return (await fetchedFiles(store, config.hub, id)).map((file) => ({
    file,
    name: `${dataset}/${slashed(relative(base, file))}`
  }));
}

/** A file as it is; of a folder or pattern the files that the reader can want. */
async function atPath(path: string, wanted: RegExp, folder: string): Promise<Source[]> {
  const found = await stat(locate(path, folder)).catch(() => null);
  if (found?.isFile()) return [{file: locate(path, folder), name: path}];
  if (!found && !path.includes("*")) throw notThere(path, folder, "a file or folder", "nothing");
  const steps = path.split("/");
  const fixed = found
    ? steps
    : steps.slice(
        0,
        steps.findIndex((step) => step.includes("*"))
      );
  const base = fixed.join("/") || (path.startsWith("/") ? "/" : ".");
  const names = await filesBelow(locate(base, folder));
  const pattern = steps.slice(fixed.length).join("/");
  const chosen = names.filter((name) => (found ? wanted.test(name) : matches(pattern, name)));
  if (chosen.length === 0)
    throw notThere(path, folder, `files that end as the reader's do (${wanted.source})`, inWords(names));
  return chosen.map((name) => ({
    file: join(locate(base, folder), name),
    name: base === "." ? name : `${base}/${name}`
  }));
}

/** Paths of all files in a folder and below, hidden ones aside; none where there is no folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => slashed(relative(folder, join(entry.parentPath, entry.name))))
    .filter((name) => !/(^|\/)(\.|__MACOSX)/.test(name));
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}

function inWords(names: string[]): string {
  if (names.length === 0) return "no files";
  return `${names.length} others (${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""})`;
}

function nowhere(id: string): BadInput {
  return new BadInput({
    where: `corpus ${id}`,
    expected: "`path`, or `hub` to download it from",
    found: "neither",
    mend: "Name where its files lie under `path`."
  });
}
