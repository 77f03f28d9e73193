/** From a study's tables to what is published: the site, its manifest and metadata, and the bundle behind it. */
import {mkdir, mkdtemp, readFile, rm, stat} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {writeFile} from "node:fs/promises";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import type {StudyFacts} from "../../src/core/cubes.js";
import {withheldCorpora, type WithheldCorpus} from "../../src/core/licences.js";
import {VENUES} from "../../src/core/paper/paper-size.js";
import {FIGURES} from "../../src/figures/registry.js";
import {exportFigures} from "../paper/export-figures.js";
import type {PaperOptions} from "../paper/formats.js";
import {buildSite} from "../site/build-site.js";
import {readCubes, readStudyFacts} from "../site/study-tables.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson, codeVersion} from "../stages/content-hash.js";
import {PROJECT} from "../stages/store.js";
import {pathsBelow} from "../stages/written-folder.js";
import type {TablesInput} from "../tables/tables-input.js";
import {writeTables, type TablesOptions} from "../tables/write-tables.js";
import {fillBundle, packFolder} from "./bundle.js";
import {citationFile} from "./citation.js";
import {writeHostFiles} from "./host-files.js";
import {writeIntegrity, type Integrity} from "./integrity.js";
import type {PrivateText} from "./private-texts.js";
import {publishedRuns, type AlteredFile} from "./published-runs.js";
import {crateFile, METADATA} from "./ro-crate.js";
import {scanPrivate} from "./scan-private.js";
import {withholdTexts} from "./withhold-texts.js";

export interface Publishing {
  input: TablesInput;
  /** The study's tables, which are published where no text is held back. */
  tables?: string;
  study: {name: string; text: string};
  privates: readonly PrivateText[];
  /** Texts that the scan lets pass. */
  allowed?: readonly string[];
  bundle?: {file: string; hashesOnly: boolean};
  /** Files of the site that weigh more bytes are left out: some hosts refuse them. */
  largest?: number;
  memory?: TablesOptions["memory"];
  log?: (line: string) => void;
  signal?: AbortSignal;
}

export interface Published {
  withheld: WithheldCorpus[];
  altered: AlteredFile[];
  files: number;
  bytes: number;
  /** Files of the site that were too large. */
  left_out: string[];
  /** SHA-256 of the site's integrity manifest. */
  integrity: string;
  /** Of the bundle's. */
  bundle?: string;
}

/** Figures of a bundle: all of them, as `because figures` makes them unless asked otherwise. */
export const BUNDLED_FIGURES: PaperOptions = {
  names: Object.keys(FIGURES),
  formats: ["pdf", "png", "svg"],
  mm: VENUES.neurips,
  dpi: 300,
  variant: "colour",
  wide: false
};

/** Code on which numbers and figures depend. */
const CODE = ["data-loaders/tables", "data-loaders/paper", "src/core", "src/figures", "package-lock.json"];

/** Fills the empty folder `output` with the site, and packs the bundle. Throws BadInputs where anything private is in either. */
export async function publishStudy(publishing: Publishing, output: string): Promise<Published> {
  const {bundle, privates, allowed} = publishing;
  const work = await mkdtemp(join(tmpdir(), "because-publish-"));
  try {
    const withheld = withheldCorpora(publishing.input.corpora, saidOf(publishing.input));
    const kept = withholdTexts(publishing.input, withheld);
    const {runs, altered} = await publishedRuns(kept.runs, withheld, join(work, "runs"));
    const input = {...kept, runs};
    const tables = await tablesOf(publishing, input, withheld, join(work, "tables"));
    const {log, signal} = publishing;
    await buildSite({tables, output, ...(log ? {log} : {}), ...(signal ? {signal} : {})});
    const left_out = await leaveOutLarge(output, publishing.largest ?? Infinity);
    await writeHostFiles(output);
    const facts = await manifestFacts(input, tables);
    await describeFolder(output, input, tables, facts.software);
    await refusePrivate(output, privates, allowed);
    const integrity = await writeIntegrity(output, {...facts, kind: "site"});
    const published = {withheld, altered, left_out, integrity, ...(await sizeOf(output))};
    if (!bundle) return published;
    const folder = join(work, "bundle");
    const figures = join(work, "figures");
    await mkdir(figures);
    const list = await exportFigures(readCubes(tables), BUNDLED_FIGURES, figures);
    await writeAtomically(
      join(figures, "figures.json"),
      `${canonicalJson({...list, asked: BUNDLED_FIGURES})}\n`
    );
    const {hashesOnly} = bundle;
    await fillBundle(folder, {
      site: output,
      tables,
      figures,
      input,
      altered,
      study: publishing.study,
      hashesOnly
    });
    await describeFolder(folder, input, tables, facts.software);
    await refusePrivate(folder, privates, allowed, /^site\//);
    const whole = await writeIntegrity(folder, {...facts, kind: "bundle"});
    await packFolder(folder, bundle.file, `${input.study_id}-bundle`);
    return {...published, bundle: whole};
  } finally {
    await rm(work, {recursive: true, force: true});
  }
}

function saidOf({study}: TablesInput): Record<string, string | false | undefined> {
  return Object.fromEntries(
    Object.entries(study.corpora).map(([id, {publish_texts}]) => [id, publish_texts])
  );
}

async function tablesOf(
  {tables, memory}: Publishing,
  input: TablesInput,
  withheld: readonly WithheldCorpus[],
  into: string
): Promise<string> {
  if (tables !== undefined && withheld.length === 0) return tables;
  await writeTables(input, into, memory ? {memory} : {});
  return into;
}

async function manifestFacts(
  input: TablesInput,
  tables: string
): Promise<Omit<Integrity, "because" | "kind" | "files">> {
  const {title, version} = readStudyFacts(tables);
  return {
    study: input.study_id,
    title,
    software: await softwareVersion(),
    code: await codeOf(),
    tables: version
  };
}

/** Hash of the code that makes tables and figures here. */
export function codeOf(): Promise<string> {
  return codeVersion(PROJECT, CODE);
}

async function softwareVersion(): Promise<string> {
  const {version} = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8")) as {version: string};
  return version;
}

/** Citation and metadata, of all that is in the folder besides. */
async function describeFolder(
  folder: string,
  input: TablesInput,
  tables: string,
  software: string
): Promise<void> {
  const facts: StudyFacts = readStudyFacts(tables);
  const {runs} = readCubes(tables);
  const ended = Math.max(
    0,
    ...runs.map(({started, wall_seconds}) => (started > 0 ? started + wall_seconds : 0))
  );
  const date = ended > 0 ? new Date(1000 * ended).toISOString().slice(0, 10) : null;
  const cited = {facts, study: input.study, date};
  await writeFile(join(folder, "CITATION.cff"), citationFile(cited));
  const files: Record<string, number> = {};
  for (const path of await pathsBelow(folder)) files[path] = (await stat(join(folder, path))).size;
  await writeFile(join(folder, METADATA), crateFile({...cited, software, runs, files}));
}

async function refusePrivate(
  folder: string,
  texts: readonly PrivateText[],
  allowed: readonly string[] = [],
  besides?: RegExp
): Promise<void> {
  const found = await scanPrivate(folder, texts, {allowed, besides});
  if (found.length === 0) return;
  throw new BadInputs(
    found.map(
      ({file, place, kind}) =>
        new BadInput({
          where: `${file}, ${place}`,
          expected: "nothing private in what is published",
          found: kind,
          mend: "Take it out of the study, its data or its run logs; --allow TEXT lets a harmless text pass."
        })
    )
  );
}

async function leaveOutLarge(site: string, largest: number): Promise<string[]> {
  const left: string[] = [];
  for (const path of await pathsBelow(site))
    if ((await stat(join(site, path))).size > largest) left.push(path);
  for (const path of left) await rm(join(site, path));
  return left;
}

async function sizeOf(folder: string): Promise<{files: number; bytes: number}> {
  const paths = await pathsBelow(folder);
  let bytes = 0;
  for (const path of paths) bytes += (await stat(join(folder, path))).size;
  return {files: paths.length, bytes};
}
