/** Who an export is for. */

/** `jsonl`: plain files for any trainer; `lm-eval`: test rows and tasks alone, which every other export holds too. */
export const TARGETS = ["trl", "llama-factory", "axolotl", "jsonl", "lm-eval"] as const;
export type Target = (typeof TARGETS)[number];

/** Trainers that get a configuration for each run. Their loss is the mean over completion tokens, and nothing else. */
export const TRAINERS: readonly Target[] = ["trl", "llama-factory", "axolotl"];
