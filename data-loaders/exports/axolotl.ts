/**
 * Files for Axolotl: rows of `segments`, of which those with `label: true` are learnt (`type: input_output`, which encodes
 * each without special tokens, so the begin token is written out), or turns for chat templates; and a configuration for
 * `axolotl train`.
 */
import {jsonLines, yamlFile, type ExportedFile} from "./exported-file.js";
import type {ExportedArm, ExportPlan} from "./export-plan.js";
import {batchOf, chatOf, completionOf, isChat, modelName, revisionOf, warmupSteps} from "./training-texts.js";

export function axolotlFiles({arms, begin}: ExportPlan): ExportedFile[] {
  return arms.flatMap((arm) => [
    jsonLines(`${arm.folder}/train.jsonl`, arm.rows, (row) => {
      const chat = chatOf(row, arm.job);
      return isChat(arm.job)
        ? {messages: [...chat.prompt, ...chat.completion]}
        : {
            segments: [
              {label: false, text: begin + row.prompt},
              {label: true, text: completionOf(row, arm.job)}
            ]
          };
    }),
    ...arm.seeds.map((seed) =>
      yamlFile(
        `${arm.folder}/seed-${seed}.yaml`,
        `axolotl train ${arm.folder}/seed-${seed}.yaml`,
        configOf(arm, seed)
      )
    )
  ]);
}

function configOf({folder, job}: ExportedArm, seed: number): object {
  const {optimisation, execution} = job;
  const {micro, accumulation} = batchOf(job);
  const revision = revisionOf(job);
  const output = `trained/${folder}/seed-${seed}`;
  return {
    base_model: modelName(job),
    ...(revision ? {revision_of_model: revision} : {}),
    ...adapterOf(job.adapter),
    ...(isChat(job) ? {chat_template: "tokenizer_default"} : {}),
    datasets: [{path: `${folder}/train.jsonl`, ds_type: "json", ...datasetOf(job)}],
    dataset_prepared_path: `${output}/prepared`,
    train_on_inputs: false,
    sequence_len: optimisation.max_tokens,
    sample_packing: false,
    pad_to_sequence_len: false,
    val_set_size: 0,
    output_dir: output,
    max_steps: optimisation.steps,
    micro_batch_size: micro,
    gradient_accumulation_steps: accumulation,
    learning_rate: optimisation.learning_rate,
    lr_scheduler: "cosine",
    warmup_steps: warmupSteps(job),
    optimizer: "adamw_torch",
    adam_beta1: optimisation.betas[0],
    adam_beta2: optimisation.betas[1],
    weight_decay: optimisation.weight_decay,
    max_grad_norm: optimisation.clip,
    seed,
    bf16: execution.precision === "bf16",
    gradient_checkpointing: execution.gradient_checkpointing,
    logging_steps: 10
  };
}

function datasetOf(job: ExportedArm["job"]): object {
  return isChat(job)
    ? {
        type: "chat_template",
        field_messages: "messages",
        message_property_mappings: {role: "role", content: "content"},
        roles_to_train: ["assistant"]
      }
    : {type: "input_output"};
}

function adapterOf(adapter: ExportedArm["job"]["adapter"]): object {
  if (adapter.kind === "none") return {};
  return {
    adapter: adapter.bits === 4 ? "qlora" : "lora",
    load_in_4bit: adapter.bits === 4,
    load_in_8bit: adapter.bits === 8,
    lora_r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    lora_target_modules: adapter.targets,
    peft_use_rslora: adapter.rank_stabilised,
    peft_use_dora: adapter.dora
  };
}
