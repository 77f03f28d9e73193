/** The tokenizer of a study's model, as far as it is there. */
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import type {Context} from "../stages/context.js";
import {trainerVersion} from "../trainers/trainer-package.js";
import type {PlannedRun} from "./plan-jobs.js";
import {planTokenizerOf, tokenizerFile} from "./plan-study.js";

export interface StudyTokenizer {
  /** The run that trains it; null where the model brings its own. */
  planned: PlannedRun | null;
  /** Its `tokenizer.json`, which need not be there yet. */
  file: string;
  /** Of the trainer. */
  version: string;
}

export async function studyTokenizer(
  {file, store}: Context,
  corpora: PreparedCorpus[]
): Promise<StudyTokenizer> {
  const version = await trainerVersion();
  const planned = planTokenizerOf(file, corpora, version);
  return {planned, file: tokenizerFile(file, planned, store), version};
}
