/**
 * Sample logs of lm-evaluation-harness (`lm_eval --log_samples`, files `samples_*.jsonl`), written for tasks of
 * `because export --for lm-eval`. Each line holds the document, with our ids, and in `filtered_resps` a pair (log-likelihood,
 * greedy?) for each choice; the harness writes both as text. Log-likelihoods are of the whole vocabulary.
 */
import {streamObjects} from "../corpora/json-lines.js";
import type {Source} from "../corpora/source-file.js";
import {refuse, textOf, type PredictedRow} from "./predicted-row.js";
import {numberOf} from "./prediction-tables.js";

/** Whether a line is of such a log. */
export function isSampleLog(values: Record<string, unknown>): boolean {
  return "doc" in values && "doc_id" in values && ("filtered_resps" in values || "resps" in values);
}

/** Rows of a log in its order. Throws BadInput, naming file and line, on a line that is of another task. */
export async function* readSampleLog(source: Source): AsyncGenerator<PredictedRow> {
  for await (const {number, values} of streamObjects(source)) {
    const where = `${source.name}, line ${number}`;
    const doc = values.doc as Record<string, unknown> | null;
    const id = textOf(doc?.example_id);
    if (!doc || id === null || !Array.isArray(doc.choices))
      throw refuse(
        where,
        "a document with example_id and choices",
        `one with ${Object.keys(doc ?? {}).join(", ") || "nothing"}`,
        "Make the tasks with `because export --for lm-eval`, and log them with --log_samples."
      );
    const choices = doc.choices.map(String);
    const likelihoods = likelihoodsOf(values);
    if (likelihoods.length !== choices.length || likelihoods.some(Number.isNaN))
      throw refuse(
        where,
        `${choices.length} log-likelihoods in filtered_resps, one a choice`,
        JSON.stringify(values.filtered_resps ?? values.resps).slice(0, 80),
        "The task has to be of output_type multiple_choice."
      );
    yield {
      where,
      example_id: id,
      corpus: textOf(doc.corpus),
      axis: textOf(doc.axis),
      gold: textOf(doc.gold),
      logProbabilities: new Map(choices.map((label, i) => [label, Math.min(0, likelihoods[i]!)])),
      wholeVocabulary: true
    };
  }
}

/** `filtered_resps` holds a pair a choice; `resps` a list of one pair a choice. */
function likelihoodsOf({filtered_resps, resps}: Record<string, unknown>): number[] {
  const pairs = (filtered_resps ?? resps) as unknown[];
  return pairs.map((pair) => {
    const flat = (Array.isArray(pair) ? pair : [pair]).flat(2) as unknown[];
    return numberOf(flat[0]);
  });
}
