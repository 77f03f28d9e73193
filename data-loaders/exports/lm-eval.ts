/**
 * Test rows and a task for lm-evaluation-harness: `output_type: multiple_choice` gives the log-likelihood of each label
 * after the prompt, and its sample log holds our ids, so that `because import` finds the rows again. Tried with 0.4.13.
 */
import {COMPLETION_TEXT} from "../../src/core/prompt.js";
import {jsonLines, yamlFile, type ExportedFile} from "./exported-file.js";
import type {ExportPlan} from "./export-plan.js";

export const TASK_FOLDER = "lm-eval";

/** `because_my_study`. */
export function taskName({study}: Pick<ExportPlan, "study">): string {
  return `because_${study.id.replaceAll(/\W/g, "_")}`;
}

export function lmEvalFiles(plan: ExportPlan, labels: Record<string, string[]>): ExportedFile[] {
  const data = `${TASK_FOLDER}/test.jsonl`;
  return [
    jsonLines(data, plan.test, ({example_id, dialogue_id, corpus, axis, prompt, gold}) => ({
      ...{example_id, dialogue_id, corpus, axis, prompt},
      choices: labels[axis]!,
      gold,
      gold_index: labels[axis]!.indexOf(gold)
    })),
    yamlFile(
      `${TASK_FOLDER}/${taskName(plan)}.yaml`,
      "Paths start from the export's folder: run lm_eval there.",
      {
        task: taskName(plan),
        dataset_path: "json",
        dataset_kwargs: {data_files: {test: data}},
        test_split: "test",
        output_type: "multiple_choice",
        doc_to_text: "prompt",
        doc_to_choice: "choices",
        doc_to_target: "gold_index",
        target_delimiter: COMPLETION_TEXT.label_prefix,
        num_fewshot: 0,
        metric_list: [{metric: "acc", aggregation: "mean", higher_is_better: true}],
        metadata: {version: 1}
      }
    )
  ];
}
