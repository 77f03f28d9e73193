/** Which studies the trainer of this version can train. The others can be checked, explained and judged. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Study} from "../../src/core/study.js";
import type {StudyFile} from "../study/read-study.js";

/** Whether the local trainer can train the study's model. */
export function isTrainable({model, adapter}: Study): boolean {
  return !("hub" in model) && adapter.kind === "none";
}

/** Throws BadInput before anything is paid or downloaded for a study that could not be trained afterwards. */
export function requireTrainable({file, study: {model, adapter}}: Pick<StudyFile, "file" | "study">): void {
  if ("hub" in model) throw needsGpuTrainer(`model ${model.hub}`, `${file}, key model.hub`);
  if (adapter.kind !== "none")
    throw needsGpuTrainer(`adapter ${adapter.kind} at ${adapter.bits} bits`, `${file}, key adapter`);
}

/** The error of {@link requireTrainable}. */
export function needsGpuTrainer(found: string, where = "model"): BadInput {
  return new BadInput({
    where,
    expected: "a model that the local trainer trains whole: {scratch: …} or {folder: …}, without an adapter",
    found: `${found}, which needs the GPU trainer, which this version doesn't have yet`,
    mend: "Use another model, or keep to `because check`, `because explain` and `because judge`, which work on this study."
  });
}
