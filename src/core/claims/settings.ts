/** Claims on what the study file says: hyper-parameters, titles, authors; every default filled in. */
import {parse} from "yaml";
import type {AllCubes} from "../cubes-reader.js";
import type {StudyFacts} from "../cubes.js";
import type {ClaimKind} from "./claim.js";
import {oneOf} from "./parameters.js";
import {stated} from "./provenance.js";

type Setting = string | number | boolean | null;

/** Keys whose values are the user's own places and are said nowhere. */
const PRIVATE = /^(store|report|trainer)(\.|$)|(^|\.)(path|folder|file|key_file|base_url)$/;

const read = new WeakMap<StudyFacts, Map<string, Setting>>();

/** `training.steps` → 500: all single values of the resolved study, lists as one text. */
export function settingsOf(study: StudyFacts): Map<string, Setting> {
  const known =
    read.get(study) ??
    new Map(flat("", parse(study.resolved) as unknown).filter(([key]) => !PRIVATE.test(key)));
  read.set(study, known);
  return known;
}

function flat(path: string, value: unknown): [string, Setting][] {
  if (Array.isArray(value))
    return value.every((one) => typeof one !== "object") ? [[path, value.join(", ")]] : [];
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => flat(path === "" ? key : `${path}.${key}`, inner));
  return [[path, value as Setting]];
}

/** A setting as prose prints it: `0.0012`, `1,000`, `yes`. */
export function settingText(value: Setting): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null || value === "" ? "none" : value;
}

function numberText(value: number): string {
  const [whole = "", rest] = String(Math.abs(value)).split(".");
  const grouped = /^\d{5,}$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return `${value < 0 ? "−" : ""}${grouped}${rest === undefined ? "" : `.${rest}`}`;
}

/** One value of the study file. */
export const HYPER_PARAMETER: ClaimKind = {
  says: "A value of the study file, every default filled in, by its key with dots",
  parameters: {
    key: {says: "a key, such as `training.steps`", choices: ({study}) => [...settingsOf(study).keys()]}
  },
  make({study}, {key}) {
    const value = settingsOf(study).get(key!)!;
    return stated(settingText(value), `Study file, key ${key}`, typeof value === "number" ? value : null);
  }
};

const FACTS: Record<string, (study: AllCubes["study"]) => string> = {
  title: ({title}) => title,
  authors: ({authors}) => authors.join(", "),
  note: ({note}) => note ?? "",
  version: ({version}) => version.slice(0, 16)
};

/** Words of the study itself. */
export const STUDY: ClaimKind = {
  says: "The study's `title`, `authors`, `note`, or the `version` of its tables",
  parameters: {of: oneOf("which", Object.keys(FACTS))},
  make: ({study}, {of}) => stated(FACTS[of!]!(study), `The study's ${of}`)
};

const CORPUS_FACTS: Record<string, (corpus: StudyFacts["corpora"][number]) => string> = {
  title: ({title}) => title,
  licence: ({licence}) => licence ?? "not stated",
  content: ({content}) => content.slice(0, 16)
};

/** Words about a corpus. */
export const CORPUS: ClaimKind = {
  says: "A corpus' `title`, `licence`, or the hash of its `content`",
  parameters: {
    corpus: {says: "a corpus", choices: ({study}) => study.corpora.map(({id}) => id)},
    of: oneOf("which", Object.keys(CORPUS_FACTS))
  },
  make({study}, {corpus, of}) {
    const facts = study.corpora.find(({id}) => id === corpus)!;
    return stated(CORPUS_FACTS[of!]!(facts), `The ${of} of corpus ${facts.title}`);
  }
};
