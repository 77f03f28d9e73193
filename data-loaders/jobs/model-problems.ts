/** What a study asks of its model that the model does not have, as far as its files here tell. */
import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {BadInput} from "../../src/core/bad-input.js";
import {missingTargets, modelShape} from "../../src/core/model-shape.js";
import type {ModelShape} from "../../src/core/model-shape.js";
import {modelFile} from "../fetch/model-files.js";
import type {Context} from "../stages/context.js";

type Asked = Pick<Context, "file" | "store">;

/** Adapter targets without a module, and a chat template that is not there. */
export async function modelProblems(asked: Asked): Promise<BadInput[]> {
  return [...(await targetProblems(asked)), ...(await templateProblems(asked))];
}

/** What of that can only be said once the model's files are here. */
export async function openQuestions(asked: Asked): Promise<string[]> {
  const {model, adapter, template} = asked.file.study;
  if (!("hub" in model)) return [];
  const unread = adapter.kind === "lora" && (await configuration(asked)) === null;
  const unknown = template.kind === "chat" && (await hasChatTemplate(asked)) === null;
  return [
    ...(unread ? ["adapter.targets: checked once the model's config.json is fetched."] : []),
    ...(unknown
      ? ["template.kind: whether the model has a chat template is checked once the trainer has fetched it."]
      : [])
  ];
}

/** Sizes of the study's model; null where its configuration is not here, or not of a kind that is known. */
export async function readShape(asked: Asked): Promise<ModelShape | null> {
  return modelShape(await configuration(asked));
}

async function targetProblems(asked: Asked): Promise<BadInput[]> {
  const {file} = asked;
  const {adapter} = file.study;
  const shape = adapter.kind === "lora" ? await readShape(asked) : null;
  const wrong = shape && adapter.kind === "lora" ? missingTargets(shape.type, adapter.targets) : null;
  if (!shape || !wrong) return [];
  return [
    new BadInput({
      where: `${file.file}, key adapter.targets`,
      expected: `modules of the model, a ${shape.type}: ${wrong.known.join(", ")}`,
      found: wrong.missing.join(", "),
      mend: `Name some of them, such as \`targets: [${wrong.known.join(", ")}]\`.`
    })
  ];
}

async function templateProblems(asked: Asked): Promise<BadInput[]> {
  const {file} = asked;
  if (file.study.template.kind !== "chat" || (await hasChatTemplate(asked)) !== false) return [];
  return [
    new BadInput({
      where: `${file.file}, key template.kind`,
      expected: "`plain`, or a model whose tokenizer has a chat template",
      found: "no chat_template in its tokenizer_config.json, and no chat_template.jinja",
      mend: "Say `plain`, or take a model that was trained to chat."
    })
  ];
}

/** Null where the files that would say so are not here. */
async function hasChatTemplate(asked: Asked): Promise<boolean | null> {
  const {file, store} = asked;
  const {model} = file.study;
  const template = modelFile(model, "chat_template.jinja", store);
  if (template !== null && existsSync(template)) return true;
  const config = (await readJson(modelFile(model, "tokenizer_config.json", store))) as {
    chat_template?: unknown;
  } | null;
  if (config) return Boolean(config.chat_template);
  return "folder" in model ? false : null;
}

function configuration({file, store}: Asked): Promise<unknown> {
  return readJson(modelFile(file.study.model, "config.json", store));
}

async function readJson(file: string | null): Promise<unknown> {
  try {
    return JSON.parse(file === null ? "null" : await readFile(file, "utf8")) as unknown;
  } catch {
    return null;
  }
}
