/** Cubes of a study that has no data yet: what claims can be asked of it, any study can be asked. */
import {ESTIMATORS} from "../../src/core/contract.js";
import type {StudyFacts} from "../../src/core/cubes.js";
import {decodeCubes} from "../../src/core/cubes-reader.js";
import {MEASURES} from "../../src/core/measures.js";
import {emptyCube} from "../site/study-tables.js";

const STUDY: StudyFacts = {
  ...(emptyCube("study") as StudyFacts),
  seeds: ["1", "2"],
  measures: MEASURES.map(({id}) => id),
  estimators: [...ESTIMATORS]
};

export const EMPTY_CUBES = decodeCubes({study: STUDY});
