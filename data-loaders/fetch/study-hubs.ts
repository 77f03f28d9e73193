/** What a study asks of the hub: its corpora, and what lengths are counted by. */
import type {Study} from "../../src/core/study.js";
import type {Hub} from "./fetched-folder.js";
import {modelHub} from "./model-files.js";

/** A dataset's or model's revision, and the corpora that are read from it: none for a model. */
export interface StudyHub {
  hub: Hub;
  corpora: string[];
}

/**
 * Datasets to be fetched for a study: those of corpora that name a `hub` and no `path`. Corpora that share a dataset's
 * revision share its files. The tokenizer of a model on the hub comes last.
 */
export function studyHubs(study: Study): StudyHub[] {
  const found = new Map<string, StudyHub>();
  for (const [corpus, config] of Object.entries(study.corpora)) {
    if (!("hub" in config) || !config.hub || config.path !== undefined) continue;
    const {dataset, revision, files} = config.hub;
    const before = found.get(`${dataset} ${revision}`);
    found.set(`${dataset} ${revision}`, {
      hub: {dataset, revision, files: [...new Set([...(before?.hub.files ?? []), ...files])]},
      corpora: [...(before?.corpora ?? []), corpus]
    });
  }
  const model = modelHub(study.model);
  return [...found.values(), ...(model ? [{hub: model, corpora: []}] : [])];
}
