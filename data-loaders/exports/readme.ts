/** The README of an export: how to train, how to score, how to come back, and what is not the same. */
import {formatCount, formatCounted} from "../../src/core/format.js";
import type {ExportPlan} from "./export-plan.js";
import {fromProject} from "./shell-paths.js";
import {TASK_FOLDER, taskName} from "./lm-eval.js";
import {TRAINERS, type Target} from "./targets.js";
import {isChat} from "./training-texts.js";

const NAMES: Record<Target, string> = {
  trl: "TRL",
  "llama-factory": "LLaMA-Factory",
  axolotl: "Axolotl",
  jsonl: "any trainer",
  "lm-eval": "lm-evaluation-harness"
};

/** Command that trains one configuration; none where the export has none. */
const COMMANDS: Partial<Record<Target, string>> = {
  trl: "trl sft --config",
  "llama-factory": "llamafactory-cli train",
  axolotl: "axolotl train"
};

/** Where a trainer's sequence differs from that of Because, whatever the study. */
const SEQUENCES: Partial<Record<Target, string>> = {
  trl: "TRL puts an end token after every completion, so label-only learns two tokens a row. Because ends label-first explanations with one, and nothing else.",
  "llama-factory":
    "The template `empty` puts no end token after a completion. Because ends label-first explanations with one.",
  axolotl:
    "`input_output` puts no end token after a completion. Because ends label-first explanations with one."
};

/** `folder` is where the export is going to lie. */
export function readmeOf(plan: ExportPlan, folder: string): string {
  return [
    `# ${plan.study.title}: files for ${NAMES[plan.target]}`,
    "Written by `because export`. Trainers and lm_eval are run in this folder, `npx because` in that of Because.",
    trainSection(plan),
    scoreSection(plan, folder),
    differenceSection(plan),
    licenceSection(plan)
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

function trainSection({target, arms}: ExportPlan): string {
  const [first] = arms;
  if (target === "lm-eval" || !first) return "";
  const lines = arms.map(
    ({arm, folder, rows, seeds}) =>
      `- \`${folder}/\`: arm ${arm}, ${formatCounted(rows.length, "row")}, seeds ${seeds.join(", ")}`
  );
  const command = COMMANDS[target];
  const how = command
    ? `\`\`\`sh\n${command} ${first.folder}/seed-${first.seeds[0]}.yaml\n\`\`\`\n\nEach configuration trains one arm with one seed and leaves the model under \`trained/\`. Batch, steps, learning rate, schedule, AdamW's settings and adapter are the study's, for one device.`
    : "Each row holds `prompt` and `completion`: learn the completion alone, and put the begin token of the model before the prompt.";
  return ["## Train", lines.join("\n"), how].join("\n\n");
}

function scoreSection(plan: ExportPlan, folder: string): string {
  const [first] = plan.arms;
  const arm = first?.arm ?? "ARM";
  const seed = first?.seeds[0] ?? 1;
  const model = TRAINERS.includes(plan.target) ? modelArguments(plan) : "pretrained=MODEL";
  return [
    "## Score and come back",
    `\`${TASK_FOLDER}/test.jsonl\` holds the ${formatCount(plan.test.length)} test rows. lm-evaluation-harness gives the log-likelihood of every label:`,
    `\`\`\`sh\nlm_eval --model hf --model_args ${model} --tasks ${taskName(plan)} \\\n  --include_path ${TASK_FOLDER} --log_samples --output_path scored/${arm}-${seed}\n\`\`\``,
    `Its sample log then comes back, in Because's folder:`,
    `\`\`\`sh\nnpx because import ${fromProject(plan.study.file)} ${fromProject(folder)}/scored/${arm}-${seed}/*/samples_*.jsonl \\\n  --as ${arm} --seed ${seed}\n\`\`\``,
    "Prompts of models with a begin token need `add_bos_token=True` among the model's arguments. " +
      "`npx because import` also takes tables with `example_id`, `corpus`, `axis` and a column `p_LABEL` for each label (JSON Lines, CSV, Parquet).",
    plan.arms.some(({job}) => job.arm.order === "explanation-first")
      ? "Arms with the explanation first write it before their label: the task above does not. Generate the explanation, score the labels after it, and import a table."
      : ""
  ]
    .filter(Boolean)
    .join("\n\n");
}

function modelArguments({arms: [first]}: ExportPlan): string {
  if (!first) return "pretrained=MODEL";
  const trained = `trained/${first.folder}/seed-${first.seeds[0]}`;
  const {model, adapter} = first.job;
  if (adapter.kind === "none") return `pretrained=${trained}`;
  const base =
    "hub" in model ? `${model.hub},revision=${model.revision}` : "folder" in model ? model.folder : "model";
  return `pretrained=${base},peft=${trained}`;
}

function differenceSection({target, arms, test, leftOut, study}: ExportPlan): string {
  const rows = [...arms.flatMap((arm) => arm.rows), ...test];
  const cut = rows.filter((row) => row.cut).length;
  const within = rows.filter((row) => row.within).length;
  const notes = [
    TRAINERS.includes(target)
      ? `The loss of ${NAMES[target]} is the mean over all completion tokens of a step (token-mean): with an explanation, the label weighs one in as many tokens as both have.`
      : "",
    leftOut.length > 0
      ? `Left out, since their loss reduction cannot be expressed: ${leftOut.join(", ")}.`
      : "",
    TRAINERS.includes(target) && study.labelWeight !== 1
      ? `The study weighs the label's loss by ${study.labelWeight}; here it weighs 1.`
      : "",
    TRAINERS.includes(target)
      ? "Rows stand in the study's order; each trainer shuffles them its own way, by the same seed. Because gives all arms of a seed the same examples at the same steps."
      : "",
    SEQUENCES[target] ?? "",
    cut > 0
      ? `${formatCounted(cut, "prompt")} lost ${cut === 1 ? "its" : "their"} first turns here, as in the study, so that the label is never cut off. All axes of one example lost as much as the longest of them has too much.`
      : "",
    within > 0
      ? `${formatCounted(within, "prompt")} of them also lost the beginning of ${within === 1 ? "its" : "their"} last turn, at the place where Because cuts between two tokens. Encoded anew, the shortened text can have other tokens there, and a character that the cut divides is left out whole: such prompts may differ from the study's by a few tokens.`
      : "",
    arms.some(({job}) => isChat(job))
      ? "The study counts what the chat template puts around a prompt as part of its length; here the prompt alone is counted. Prompts that the study cuts can be longer here, by as many tokens as the template has."
      : "",
    "Entropies inside the model come from Because's own trainer alone: pages about them stay empty for imported runs."
  ].filter(Boolean);
  return ["## What is not the same", notes.map((note) => `- ${note}`).join("\n")].join("\n\n");
}

function licenceSection({licences}: ExportPlan): string {
  const lines = licences.map(({title, licence}) => `- ${title}: ${licence ?? "no licence is known"}`);
  return [
    "## Licences",
    "These files hold the texts of the study's corpora. Pass them on only as far as their licences allow, and keep private data private.",
    lines.join("\n")
  ].join("\n\n");
}
