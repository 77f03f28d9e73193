/** Reads a study file: YAML, validated, every message with line, key, what was expected and the nearest spelling. */
import {readFile} from "node:fs/promises";
import {basename, dirname, extname, resolve} from "node:path";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import type {Axis, Setting} from "../../src/core/conversation.js";
import {readPromptTemplate} from "../../src/core/prompt-template.js";
import type {PromptTemplate} from "../../src/core/prompt-template.js";
import {StudySchema} from "../../src/core/study.js";
import type {Study} from "../../src/core/study.js";
import {describeIssue} from "./describe-issue.js";
import {findContradictions} from "./contradictions.js";
import {axesOfCorpus} from "./corpus-axes.js";
import {parseYaml} from "./parse-yaml.js";
import {readTemplate} from "./read-template.js";

/** A study that has been read, and where it stands. */
export interface StudyFile {
  /** The file's name without ending: names the study in the store. */
  id: string;
  file: string;
  /** What relative corpus paths start from. */
  folder: string;
  study: Study;
  axes: Axis[];
  /** Corpus × axis, as far as the study's corpora are judged on its axes. */
  settings: Setting[];
  /** The study's own wording of its prompts; null for the one that comes with Because. */
  promptTemplate: PromptTemplate | null;
}

/**
 * Reads and validates a study. `data` is the folder that corpus paths start from (default: the study file's).
 * Throws {@link BadInputs} with everything that is wrong, and reads nothing but this file and its prompt template.
 */
export async function readStudy(file: string, {data}: {data?: string} = {}): Promise<StudyFile> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new BadInput({
      where: file,
      expected: "a study file",
      found: "no file that can be read",
      mend: "Check its path, or make one with `npx because init`."
    });
  });
  const study = withModelFrom(dirname(file), parseStudy(text, file));
  const axes = axesOf(study);
  return {
    id: basename(file, extname(file))
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-"),
    file: resolve(file),
    folder: resolve(data ?? dirname(file)),
    study,
    axes,
    settings: Object.entries(study.corpora).flatMap(([corpus, config]) =>
      axesOfCorpus(config, study).map((axis) => ({corpus, axis}))
    ),
    promptTemplate: await promptTemplateOf(study, axes, file)
  };
}

/** The study with its model's folder, which is relative to the study file, as a whole path. */
function withModelFrom(folder: string, study: Study): Study {
  const {model} = study;
  return "folder" in model ? {...study, model: {folder: resolve(folder, model.folder)}} : study;
}

async function promptTemplateOf(
  {template}: Study,
  axes: Axis[],
  file: string
): Promise<PromptTemplate | null> {
  if (template.file === undefined) return null;
  const path = resolve(dirname(file), template.file);
  return readPromptTemplate(await readTemplate(path, "key template.file"), path, axes);
}

/** Validates the text of a study file. `file` only names it in messages. */
export function parseStudy(text: string, file: string): Study {
  const place = parseYaml(text, file);
  const parsed = StudySchema.safeParse(place.input ?? {});
  if (!parsed.success)
    throw new BadInputs(parsed.error.issues.flatMap((issue) => describeIssue(issue, place)));
  const contradictions = findContradictions(parsed.data, place);
  if (contradictions.length > 0) throw new BadInputs(contradictions);
  return parsed.data;
}

/** The axes as the rest of the pipeline knows them. */
export function axesOf(study: Study): Axis[] {
  return Object.entries(study.axes).map(([id, axis]) => ({id, ...axis, title: axis.title ?? titleOf(id)}));
}

/** `topical-chat` → `Topical chat`. */
export function titleOf(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
