/** A model in a folder of one's own: whether what the pipeline and the trainer read of it is there. */
import {existsSync} from "node:fs";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {StudyFile} from "../study/read-study.js";

const NEEDED = ["config.json", "tokenizer.json"];

/** Throws BadInput where the study names a folder that lacks what transformers saves there. */
export function requireModelFolder({file, study: {model}}: Pick<StudyFile, "file" | "study">): void {
  if (!("folder" in model)) return;
  const missing = NEEDED.filter((name) => !existsSync(join(model.folder, name)));
  if (missing.length === 0) return;
  throw new BadInput({
    where: `${file}, key model.folder`,
    expected: `a folder with ${NEEDED.join(", ")} and weights, as transformers saves a model and its tokenizer`,
    found: existsSync(model.folder)
      ? `no ${missing.join(" and no ")} in ${model.folder}`
      : `no folder ${model.folder}`,
    mend: "Its path is relative to the study file. Save both there with `save_pretrained`; a tokenizer without tokenizer.json is saved as a fast one."
  });
}
