/** Stages for a paper: made only when asked for, so what was asked for is one of their inputs. */
import {basename} from "node:path";
import {canonicalJson, codeVersion} from "../stages/content-hash.js";
import {PROJECT, type StageSpec, type Store} from "../stages/store.js";
import type {PaperOptions} from "./formats.js";
import type {TableOptions} from "./table-formats.js";

/** The code that each depends on. */
const CODE = {
  figures: ["src/figures", "src/core", "data-loaders/paper", "package-lock.json"],
  "paper-tables": ["src/core", "data-loaders/paper", "package-lock.json"]
} as const;

export type PaperStage = keyof typeof CODE;

/** What each can be asked for. */
interface Asked {
  figures: PaperOptions;
  "paper-tables": TableOptions;
}

/** @param tables folder of the tables that it is made from */
export async function paperSpec<S extends PaperStage>(
  stage: S,
  tables: string,
  options: Asked[S]
): Promise<StageSpec> {
  return specOf(stage, tables, canonicalJson(options));
}

/** The stages that the study was asked for, each as it was asked for last, if made from these tables by today's code. */
export async function lastAskedSpecs(store: Store, study: string, tables: string): Promise<StageSpec[]> {
  const specs = (Object.keys(CODE) as PaperStage[]).map(async (stage) => {
    const inputs = await store.lastInputs(study, stage, KEY);
    return inputs?.asked === undefined ? [] : [await specOf(stage, tables, inputs.asked)];
  });
  return (await Promise.all(specs)).flat();
}

const KEY = "all";

async function specOf(stage: PaperStage, tables: string, asked: string): Promise<StageSpec> {
  const code = await codeVersion(PROJECT, [...CODE[stage]]);
  return {stage, key: KEY, inputs: {tables: basename(tables), code, asked}};
}
