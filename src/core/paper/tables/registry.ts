/** All tables for a paper, by name. */
import type {AllCubes} from "../../cubes-reader.js";
import type {Selection} from "../../selection.js";
import {hypothesesTable} from "./hypotheses-table.js";
import {measuresTable} from "./measures-table.js";
import type {PaperTable} from "./paper-table.js";
import {relationsTable} from "./relations-table.js";
import {resultsTable} from "./results-table.js";
import {sharesTable} from "./shares-table.js";

/** Each gives null where a study has nothing to put in it. */
export const TABLES: Record<string, (cubes: AllCubes, selection: Selection) => PaperTable | null> = {
  results: resultsTable,
  shares: sharesTable,
  measures: measuresTable,
  relations: relationsTable,
  hypotheses: hypothesesTable
};
