/** Training texts of a study's arms: one set of rows for each mode and token budget, whatever order and reduction. */
import {firstBudget} from "../../src/core/arms.js";
import type {Arm, Mode} from "../../src/core/arms.js";
import type {DataRow} from "../../src/core/contract.js";
import type {CountTokens, ModePool} from "../../src/core/modes.js";
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import type {StudyFile} from "../study/read-study.js";
import {createPools, trainRows} from "./rows.js";
import type {Lengths} from "./rows.js";

export interface ArmTexts {
  mode: Mode;
  /** As in the arm: absent for the study's first budget. */
  tokens?: string;
  rows: DataRow[];
  /** The same rows with the real explanation under the same budget: what the lengths are matched to. */
  explanations: DataRow[];
}

/** A function from arm to texts; arms of the same mode and budget get the same object. */
export function createArmTexts(
  file: StudyFile,
  corpora: PreparedCorpus[],
  countTokens: CountTokens
): (arm: Pick<Arm, "mode" | "tokens">) => ArmTexts {
  const {study} = file;
  const pools = new Map<string, Map<string, ModePool>>();
  const rows = new Map<string, DataRow[]>();
  const rowsOf = (mode: Mode, lengths: Lengths): DataRow[] => {
    const key = `${mode} ${lengths.tokens}`;
    const pool = pools.get(lengths.tokens) ?? createPools(corpora, study.seed, lengths);
    pools.set(lengths.tokens, pool);
    const known = rows.get(key) ?? trainRows(file, corpora, mode, pool, lengths);
    rows.set(key, known);
    return known;
  };
  const texts = new Map<string, ArmTexts>();
  return ({mode, tokens}) => {
    const key = `${mode} ${tokens ?? ""}`;
    const lengths = {tokens: tokens ?? firstBudget(study.arms), countTokens};
    const known = texts.get(key) ?? {
      mode,
      ...(tokens === undefined ? {} : {tokens}),
      rows: rowsOf(mode, lengths),
      explanations: rowsOf("explanation", lengths)
    };
    texts.set(key, known);
    return known;
  };
}
