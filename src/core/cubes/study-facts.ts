/** What pages say about the study besides the numbers of its runs. */
import type {Arm} from "../arms.js";
import type {Baseline, Estimator} from "../contract.js";
import type {AnnotationSource, Axis} from "../conversation.js";
import type {MeasureId} from "./effect-rows.js";

/** `study.json`, a plain document: everything that pages say about the study besides numbers of runs. */
export interface StudyFacts {
  id: string;
  title: string;
  authors: string[];
  note: string | null;
  /** True when any corpus is generated; every page then says so. */
  synthetic: boolean;
  seeds: string[];
  regime: "one-model" | "per-setting";
  arms: (Arm & {id: string})[];
  baselines: Baseline[];
  axes: Axis[];
  corpora: CorpusFacts[];
  settings: {
    corpus: string;
    axis: string;
    train: number;
    /** Training rows that have an explanation; absent in tables of older studies. */
    explained?: number;
    test: number;
    test_dialogues: number;
    majority_share: number;
  }[];
  measures: MeasureId[];
  estimators: Estimator[];
  /** Transformer blocks; layers run from 0 (embedding) to this. */
  layers: number;
  /**
   * Residual of the length match: mean tokens of the explanation and of the mode's text, over training rows, for each
   * mode and token budget; `tokens` as in the arm, absent for the study's first budget.
   */
  lengths: {mode: string; tokens?: string; explanation_tokens: number; mode_tokens: number}[];
  /** The study's first token budget: that of arms that name none. */
  tokens_budget: string;
  warm_up_shared: boolean;
  parameters: number;
  counts: {
    runs: number;
    runs_failed: number;
    predictions: number;
    train_examples: number;
    test_examples: number;
  };
  /** The study file with every default filled in, as YAML. */
  resolved: string;
  /** Content hash of the tables: what a reader cites. */
  version: string;
  /** Rows that `study.duckdb` holds: all, or in a very large study those of the examples shown. Absent: all. */
  database?: "all" | "shown";
}

/** A file that a corpus was read from, as the study or its publisher names it. */
export interface SourceFacts {
  file: string;
  bytes: number;
  /** Of its bytes as they lie on the disk, 64 hex digits. */
  sha256: string;
}

export interface CorpusFacts {
  id: string;
  title: string;
  reader: string;
  synthetic: boolean;
  licence: string | null;
  /** Why its texts are left out, in a published notebook; absent where they are there. */
  withheld?: string;
  rows_read: number;
  rows_kept: number;
  dropped: {reason: string; rows: number}[];
  dialogues: number;
  label_source: AnnotationSource;
  explanation_source: AnnotationSource | "templated" | "none";
  content: string;
  /** Absent in tables of older studies; none where the corpus is generated. */
  sources?: SourceFacts[];
}
