/** The folder of tables that a build of the notebook shows, and what to show when there is none yet. */
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {CUBES, type CubeName, type StudyFacts} from "../../src/core/cubes.js";
import {
  decodeCubes,
  EMPTY_DOCUMENTS,
  type AllCubes,
  type CubeDocuments
} from "../../src/core/cubes-reader.js";

/** The folder named by the environment, if it holds a study. */
export function studyTables(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = environment.BECAUSE_TABLES;
  return folder && existsSync(cubeFile(folder, "study")) ? folder : undefined;
}

/** `levels` → `TABLES/levels.json`. */
export function cubeFile(tables: string, cube: CubeName): string {
  return join(tables, `${cube}.json`);
}

/** `study.json` of a folder of tables. */
export function readStudyFacts(tables: string): StudyFacts {
  return JSON.parse(readFileSync(cubeFile(tables, "study"), "utf8")) as StudyFacts;
}

/** All cubes of a folder of tables, decoded. */
export function readCubes(tables: string): AllCubes {
  const documents = CUBES.map((cube) => [
    cube,
    JSON.parse(readFileSync(cubeFile(tables, cube), "utf8")) as unknown
  ]);
  return decodeCubes(Object.fromEntries(documents) as CubeDocuments);
}

/** What a page finds in a cube while there is no study: a study without anything, and columns without rows. */
export function emptyCube(cube: CubeName): unknown {
  if (cube === "study") return EMPTY_STUDY;
  return EMPTY_DOCUMENTS[cube] ?? {rows: 0, columns: {}};
}

const EMPTY_STUDY: StudyFacts = {
  id: "",
  title: "No study yet",
  authors: [],
  note: null,
  synthetic: false,
  seeds: [],
  regime: "one-model",
  arms: [],
  baselines: [],
  axes: [],
  corpora: [],
  settings: [],
  measures: [],
  estimators: [],
  layers: 0,
  lengths: [],
  tokens_budget: "",
  warm_up_shared: false,
  parameters: 0,
  counts: {runs: 0, runs_failed: 0, predictions: 0, train_examples: 0, test_examples: 0},
  resolved: "",
  version: ""
};
