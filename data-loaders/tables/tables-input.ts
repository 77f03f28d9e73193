/** What the tables stage is given. Nothing else decides what it writes. */
import type {Arm} from "../../src/core/arms.js";
import type {Job} from "../../src/core/contract.js";
import type {Annotation, Axis, Example, Setting} from "../../src/core/conversation.js";
import type {CorpusFacts, NoiseRow, StudyFacts, TrainingText} from "../../src/core/cubes.js";
import type {Study} from "../../src/core/study.js";
import type {JudgingCubes} from "../annotators/judging-cubes.js";

/** An example and the corpus it is from. */
export type SplitExample = Example & {corpus: string};

/** A run that the study asks for, whether or not it has run. */
export interface RunInput {
  /** Run id, 16 hex digits. */
  run: string;
  job: Job;
  /** Its run log: holds `manifest.json`, `progress.jsonl`, and, where it scored, `predictions.parquet`, `layers.parquet`. */
  folder: string;
}

export interface TablesInput {
  /** How the study is called in paths: its file's name without ending. */
  study_id: string;
  study: Study;
  /** The study with every default filled in, as YAML text. */
  resolved: string;
  axes: Axis[];
  corpora: CorpusFacts[];
  /** Corpus × axis, in figure order. */
  settings: Setting[];
  /** In figure order; label-only among them. */
  arms: Arm[];
  runs: RunInput[];
  train: SplitExample[];
  test: SplitExample[];
  /** Of training and test examples; a test example is a test row on every axis that it has an annotation for. */
  annotations: Annotation[];
  /** Candidates for the page's training texts, in the order to show; the first examples of each corpus are kept. */
  training: TrainingText[];
  /** Residual of the length match, by mode. */
  lengths: StudyFacts["lengths"];
  /** What judges said, and how far they agree with each other and with people; absent where the study asks none. */
  judging?: JudgingCubes;
  /** How far repetitions of the study's jobs differ; absent or empty where that was not measured. */
  noise?: NoiseRow[];
}
