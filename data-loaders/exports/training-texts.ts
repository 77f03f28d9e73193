/** What a trainer reads of a row: prompt and completion as text, or as turns where the study uses a chat template. */
import type {TrainJob} from "../../src/core/contract.js";
import {renderCompletion} from "../../src/core/prompt.js";
import type {ExportRow} from "./cut-prompt.js";

export interface ChatTurn {
  role: "system" | "user" | "assistant";
  content: string;
}

/** Exactly the text that the study's own trainer learns: it begins with a space. */
export function completionOf(row: ExportRow, {arm}: TrainJob): string {
  return renderCompletion(row, arm.order);
}

/** Turns of a chat; an answer does not begin with a space. */
export function chatOf(row: ExportRow, job: TrainJob): {prompt: ChatTurn[]; completion: ChatTurn[]} {
  const system = job.template.kind === "chat" ? job.template.system : null;
  return {
    prompt: [
      ...(system === null ? [] : [{role: "system" as const, content: system}]),
      {role: "user", content: row.prompt}
    ],
    completion: [{role: "assistant", content: completionOf(row, job).trimStart()}]
  };
}

/** Whether prompts go through the model's chat template. */
export function isChat({template}: TrainJob): boolean {
  return template.kind === "chat";
}

/** Examples in the model at a time, and how many such make a step, on one device. */
export function batchOf({optimisation, execution}: TrainJob): {micro: number; accumulation: number} {
  const micro = Math.min(execution.micro_batch ?? optimisation.batch, optimisation.batch);
  return {micro, accumulation: Math.ceil(optimisation.batch / micro)};
}

/** Steps over which the learning rate rises. */
export function warmupSteps({optimisation: {steps, warmup_fraction}}: TrainJob): number {
  return Math.round(steps * warmup_fraction);
}

/** What a configuration names as its model: a hub id, a folder, or the folder that the export brings. */
export function modelName({model}: TrainJob): string {
  if ("hub" in model) return model.hub;
  return "folder" in model ? model.folder : "model";
}

/** The commit of a model on the hub. */
export function revisionOf({model}: TrainJob): string | null {
  return "hub" in model ? model.revision : null;
}
