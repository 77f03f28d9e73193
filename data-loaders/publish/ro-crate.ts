/** `ro-crate-metadata.json`: what is published, by whom and from which runs, as RO-Crate 1.1 (JSON-LD) says it. */
import {extname} from "node:path";
import type {Cited} from "./citation.js";
import {personOf} from "./citation.js";
import type {CorpusFacts, RunRow, StudyFacts} from "../../src/core/cubes.js";

export const METADATA = "ro-crate-metadata.json";

export interface Crate extends Cited {
  facts: Pick<StudyFacts, "title" | "authors" | "note" | "version" | "corpora">;
  /** Version of Because. */
  software: string;
  runs: readonly Pick<RunRow, "run" | "kind" | "system" | "seed" | "status" | "started" | "wall_seconds">[];
  /** Path → bytes, of all that is published. */
  files: Readonly<Record<string, number>>;
}

type Entity = {"@id": string; "@type": string | string[]} & Record<string, unknown>;

/** The metadata as text. */
export function crateFile(crate: Crate): string {
  const {facts, study, date, software, files} = crate;
  const people = facts.authors.map((author, i) => authorEntity(author, i));
  const parts = fileEntities(files);
  const runs = crate.runs.map((run) => runEntity(run, crate));
  const licence = study.licence ? licenceEntity(study.licence) : null;
  const root: Entity = {
    "@id": "./",
    "@type": "Dataset",
    name: facts.title,
    description: facts.note ?? `${facts.title}: a study made with Because.`,
    version: facts.version.slice(0, 16),
    ...(date ? {datePublished: study.citation?.date ?? date} : {}),
    license: licence ? refer(licence) : "No licence is stated.",
    author: people.map(refer),
    hasPart: parts.map(refer),
    mentions: [
      ...runs.map(refer),
      ...facts.corpora.map(({id}) => ({"@id": `#corpus-${encodeURIComponent(id)}`}))
    ],
    ...(study.citation?.doi ? {identifier: `https://doi.org/${study.citation.doi}`} : {}),
    ...(study.citation?.url ? {url: study.citation.url} : {})
  };
  const graph: Entity[] = [
    {
      "@id": METADATA,
      "@type": "CreativeWork",
      conformsTo: {"@id": "https://w3id.org/ro/crate/1.1"},
      about: {"@id": "./"}
    },
    root,
    ...people,
    ...(licence ? [licence] : []),
    {
      "@id": "#because",
      "@type": "SoftwareApplication",
      name: "Because",
      softwareVersion: software,
      version: software
    },
    ...facts.corpora.map(corpusEntity),
    ...runs,
    ...parts
  ];
  return `${JSON.stringify({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}, null, 1)}\n`;
}

const refer = ({"@id": id}: Entity) => ({"@id": id});

function authorEntity(author: string, i: number): Entity {
  const {"family-names": familyName, "given-names": givenName} = personOf(author);
  return {
    "@id": `#author-${i + 1}`,
    "@type": "Person",
    name: author,
    ...(familyName ? {familyName, givenName} : {})
  };
}

function licenceEntity(licence: string): Entity {
  const id = /^https?:\/\//.test(licence) ? licence : `#licence-${encodeURIComponent(licence)}`;
  return {"@id": id, "@type": "CreativeWork", name: licence};
}

function corpusEntity({id, title, licence, withheld, rows_kept}: CorpusFacts): Entity {
  return {
    "@id": `#corpus-${encodeURIComponent(id)}`,
    "@type": "Dataset",
    name: title,
    description: withheld
      ? `Its texts are not published, since ${withheld}.`
      : `${rows_kept} examples were read.`,
    license: licence ?? "No licence is stated."
  };
}

function runEntity(
  {run, kind, system, seed, status, started, wall_seconds}: Crate["runs"][number],
  {files}: Crate
): Entity {
  const logs = Object.keys(files).filter((file) => file.startsWith(`runs/${run}/`));
  const day = (seconds: number) => new Date(1000 * seconds).toISOString();
  return {
    "@id": `#run-${run}`,
    "@type": "CreateAction",
    name: [kind, system, seed && `seed ${seed}`].filter(Boolean).join(", "),
    instrument: {"@id": "#because"},
    actionStatus: {"@id": `http://schema.org/${status === "done" ? "Completed" : "Failed"}ActionStatus`},
    ...(started > 0 ? {startTime: day(started), endTime: day(started + wall_seconds)} : {}),
    result: logs.map((file) => ({"@id": idOf(file)}))
  };
}

const TYPES: Record<string, string> = {
  ".csv": "text/csv",
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".jsonl": "application/jsonl",
  ".parquet": "application/vnd.apache.parquet",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".tex": "application/x-tex",
  ".txt": "text/plain",
  ".wasm": "application/wasm",
  ".yaml": "application/yaml"
};

function fileEntities(files: Crate["files"]): Entity[] {
  return Object.entries(files).map(([file, bytes]) => {
    const type = TYPES[extname(file)];
    return {
      "@id": idOf(file),
      "@type": "File",
      name: file,
      contentSize: String(bytes),
      ...(type ? {encodingFormat: type} : {})
    };
  });
}

/** A path as an address relative to the crate. */
function idOf(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}
