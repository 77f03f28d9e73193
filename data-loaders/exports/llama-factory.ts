/**
 * Files for LLaMA-Factory: `dataset_info.json`, alpaca rows (sharegpt turns for chat templates), and a configuration for
 * `llamafactory-cli train`. Its template `empty` adds nothing around the text, so the begin token is written out.
 */
import {jsonLines, textFile, yamlFile, type ExportedFile} from "./exported-file.js";
import type {ExportedArm, ExportPlan} from "./export-plan.js";
import {batchOf, chatOf, completionOf, isChat, modelName, revisionOf, warmupSteps} from "./training-texts.js";

export function llamaFactoryFiles({arms, begin}: ExportPlan): ExportedFile[] {
  const info = Object.fromEntries(arms.map((arm) => [datasetOf(arm), describe(arm)]));
  return [
    textFile("dataset_info.json", `${JSON.stringify(info, null, 2)}\n`),
    ...arms.flatMap((arm) => [
      jsonLines(`${arm.folder}/train.jsonl`, arm.rows, (row) => {
        const chat = chatOf(row, arm.job);
        return isChat(arm.job)
          ? {messages: [...chat.prompt, ...chat.completion]}
          : {instruction: begin + row.prompt, input: "", output: completionOf(row, arm.job)};
      }),
      ...arm.seeds.map((seed) =>
        yamlFile(
          `${arm.folder}/seed-${seed}.yaml`,
          `llamafactory-cli train ${arm.folder}/seed-${seed}.yaml`,
          configOf(arm, seed)
        )
      )
    ])
  ];
}

/** Names in `dataset_info.json` are lists separated by commas elsewhere: no slash, no comma. */
function datasetOf({folder}: ExportedArm): string {
  return `because-${folder.replaceAll(/[^\w.-]/g, "-")}`;
}

function describe({folder, job}: ExportedArm): object {
  const file_name = `${folder}/train.jsonl`;
  return isChat(job)
    ? {
        file_name,
        formatting: "sharegpt",
        columns: {messages: "messages"},
        tags: {
          role_tag: "role",
          content_tag: "content",
          user_tag: "user",
          assistant_tag: "assistant",
          system_tag: "system"
        }
      }
    : {file_name, formatting: "alpaca", columns: {prompt: "instruction", query: "input", response: "output"}};
}

function configOf(arm: ExportedArm, seed: number): object {
  const {folder, job} = arm;
  const {optimisation, execution} = job;
  const {micro, accumulation} = batchOf(job);
  const revision = revisionOf(job);
  return {
    model_name_or_path: modelName(job),
    ...(revision ? {model_revision: revision} : {}),
    stage: "sft",
    do_train: true,
    ...adapterOf(job.adapter),
    dataset_dir: ".",
    dataset: datasetOf(arm),
    ...(isChat(job) ? {} : {template: "empty"}),
    cutoff_len: optimisation.max_tokens,
    train_on_prompt: false,
    packing: false,
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
    bf16: execution.precision === "bf16",
    disable_gradient_checkpointing: !execution.gradient_checkpointing,
    logging_steps: 10,
    save_strategy: "no",
    report_to: "none"
  };
}

function adapterOf(adapter: ExportedArm["job"]["adapter"]): object {
  if (adapter.kind === "none") return {finetuning_type: "full"};
  return {
    finetuning_type: "lora",
    lora_rank: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    lora_target: adapter.targets.join(","),
    use_rslora: adapter.rank_stabilised,
    use_dora: adapter.dora,
    ...(adapter.bits === 16 ? {} : {quantization_bit: adapter.bits, quantization_method: "bnb"}),
    ...(adapter.bits === 4 ? {quantization_type: "nf4", double_quantization: true} : {})
  };
}
