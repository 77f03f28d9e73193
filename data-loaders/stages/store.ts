/** The store: one folder that holds everything made, safe to delete. Stages are folders named by their inputs' hash. */
import {readFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {exists, fillFolderAtomically, writeAtomically} from "./atomic-files.js";
import {canonicalJson, shortHash} from "./content-hash.js";

/** The project's own folder. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** What a stage is made from: a name for each input, and a hash or short text that changes when it does. */
export type StageInputs = Record<string, string>;

export interface StageSpec {
  /** Folder of the store: `corpora`, `annotations`, `data`, `tables`, `site`. */
  stage: string;
  /** Which of them, within a study: a corpus, a mode; `all` where there is one. */
  key: string;
  inputs: StageInputs;
}

export interface StageState {
  spec: StageSpec;
  folder: string;
  done: boolean;
  /** Names of inputs that differ from when the study last completed this stage; empty when done or never made. */
  changed: string[];
}

export class Store {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(PROJECT, root);
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  get jobs(): string {
    return this.path("jobs");
  }

  get runs(): string {
    return this.path("runs");
  }

  folderOf({stage, inputs}: StageSpec): string {
    return this.path(stage, shortHash({stage, inputs}));
  }

  /** Makes a stage unless its inputs are unchanged. Says whether it had to. */
  async ensure(
    study: string,
    spec: StageSpec,
    make: (folder: string) => Promise<void>
  ): Promise<{folder: string; made: boolean}> {
    const folder = this.folderOf(spec);
    const made = !(await exists(join(folder, STAGE_FILE)));
    if (made)
      await fillFolderAtomically(folder, async (partial) => {
        await make(partial);
        await writeAtomically(join(partial, STAGE_FILE), `${canonicalJson(spec)}\n`);
      });
    await this.remember(study, spec);
    return {folder, made};
  }

  /** Whether a stage is made, and if not, which inputs changed since the study last made it. */
  async examine(study: string, spec: StageSpec): Promise<StageState> {
    const folder = this.folderOf(spec);
    const done = await exists(join(folder, STAGE_FILE));
    return {spec, folder, done, changed: done ? [] : await this.changedSince(study, spec)};
  }

  /** Names of the inputs that differ from when the study last completed what `spec` names; empty when it never did. */
  async changedSince(study: string, spec: StageSpec): Promise<string[]> {
    const before = (await this.remembered(study))[nameOf(spec)];
    if (!before) return [];
    const names = [...new Set([...Object.keys(before), ...Object.keys(spec.inputs)])];
    return names.filter((name) => before[name] !== spec.inputs[name]);
  }

  /** The inputs with which the study last completed a stage; null where it never did. */
  async lastInputs(study: string, stage: string, key: string): Promise<StageInputs | null> {
    return (await this.remembered(study))[nameOf({stage, key})] ?? null;
  }

  /** The folder of a stage as the study last made it, stale or not; null where there is none. */
  async lastMade(study: string, stage: string, key: string): Promise<string | null> {
    const inputs = await this.lastInputs(study, stage, key);
    const folder = inputs && this.folderOf({stage, key, inputs});
    return folder && (await exists(join(folder, STAGE_FILE))) ? folder : null;
  }

  /** Notes with which inputs a study completed stages, so that a later change can be named. */
  async remember(study: string, ...specs: StageSpec[]): Promise<void> {
    const known = await this.remembered(study);
    const next = {...known, ...Object.fromEntries(specs.map((spec) => [nameOf(spec), spec.inputs]))};
    if (canonicalJson(next) !== canonicalJson(known))
      await writeAtomically(this.stateFile(study), `${canonicalJson(next)}\n`);
  }

  private async remembered(study: string): Promise<Record<string, StageInputs>> {
    const text = await readFile(this.stateFile(study), "utf8").catch(() => "{}");
    try {
      return JSON.parse(text) as Record<string, StageInputs>;
    } catch {
      return {}; // only what `status` says about the past is lost
    }
  }

  private stateFile(study: string): string {
    return this.path("studies", study, "stages.json");
  }
}

/** Written last into a stage's folder: it is made when this is there. */
export const STAGE_FILE = "stage.json";

function nameOf({stage, key}: Pick<StageSpec, "stage" | "key">): string {
  return `${stage}/${key}`;
}
