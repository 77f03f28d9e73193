/** Files for TRL's `trl sft --config`: prompt-completion rows, whose loss is of the completion alone. Tried with 1.16.0. */
import {jsonLines, yamlFile, type ExportedFile} from "./exported-file.js";
import type {ExportedArm, ExportPlan} from "./export-plan.js";
import {batchOf, chatOf, completionOf, isChat, modelName, revisionOf, warmupSteps} from "./training-texts.js";

export function trlFiles({arms}: ExportPlan): ExportedFile[] {
  return arms.flatMap((arm) => [
    jsonLines(`${arm.folder}/train.jsonl`, arm.rows, (row) =>
      isChat(arm.job) ? chatOf(row, arm.job) : {prompt: row.prompt, completion: completionOf(row, arm.job)}
    ),
    ...arm.seeds.map((seed) =>
      yamlFile(
        `${arm.folder}/seed-${seed}.yaml`,
        `trl sft --config ${arm.folder}/seed-${seed}.yaml`,
        configOf(arm, seed)
      )
    )
  ]);
}

function configOf({folder, job}: ExportedArm, seed: number): object {
  const {optimisation, execution} = job;
  const {micro, accumulation} = batchOf(job);
  const revision = revisionOf(job);
  return {
    model_name_or_path: modelName(job),
    ...(revision ? {model_revision: revision} : {}),
    dtype: execution.precision === "bf16" && job.adapter.kind === "lora" ? "bfloat16" : "float32",
    datasets: [
      {
        path: "json",
        data_files: `${folder}/train.jsonl`,
        split: "train",
        columns: ["prompt", "completion"]
      }
    ],
    completion_only_loss: true,
    packing: false,
    max_length: optimisation.max_tokens,
    output_dir: `trained/${folder}/seed-${seed}`,
    max_steps: optimisation.steps,
    per_device_train_batch_size: micro,
    gradient_accumulation_steps: accumulation,
    learning_rate: optimisation.learning_rate,
    lr_scheduler_type: "cosine",
    warmup_steps: warmupSteps(job),
    optim: "adamw_torch",
    adam_beta1: optimisation.betas[0],
    adam_beta2: optimisation.betas[1],
    weight_decay: optimisation.weight_decay,
    max_grad_norm: optimisation.clip,
    seed,
    data_seed: seed,
    bf16: execution.precision === "bf16",
    gradient_checkpointing: execution.gradient_checkpointing,
    logging_steps: 10,
    save_strategy: "no",
    report_to: "none",
    ...adapterOf(job.adapter)
  };
}

function adapterOf(adapter: ExportedArm["job"]["adapter"]): object {
  if (adapter.kind === "none") return {};
  return {
    use_peft: true,
    lora_r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    lora_target_modules: adapter.targets,
    use_rslora: adapter.rank_stabilised,
    use_dora: adapter.dora,
    ...(adapter.bits === 4
      ? {load_in_4bit: true, bnb_4bit_quant_type: "nf4", use_bnb_nested_quant: true}
      : {}),
    ...(adapter.bits === 8 ? {load_in_8bit: true} : {})
  };
}
