/** What a study's model still lacks on this machine: notes, since nothing has to be there before it is run. */
import {hasTokenizer} from "../fetch/model-files.js";
import {environmentFolder, environmentReady} from "../setup/python-environment.js";
import {venvPython} from "../setup/virtual-environment.js";
import type {Context} from "../stages/context.js";
import {findDevices, requirePackages} from "../trainers/devices.js";
import {BadInput} from "../../src/core/bad-input.js";
import {openQuestions} from "../jobs/model-problems.js";

export async function modelNotes(context: Context): Promise<string[]> {
  const {file, store} = context;
  const lacking = await lackingPackage(context);
  return [
    ...(hasTokenizer(file.study.model, store)
      ? []
      : [
          "model: its tokenizer is not here yet; until `because fetch` or `because run` gets it, lengths are counted in words."
        ]),
    ...(lacking
      ? [`adapter.bits: expected ${lacking.detail.expected}; ${lacking.detail.found}. ${lacking.detail.mend}`]
      : []),
    ...(await openQuestions(context))
  ];
}

/** What frozen weights of few bits need and this machine's Python does not have; null where there is no Python to ask. */
export async function lackingPackage({file, store}: Context): Promise<BadInput | null> {
  const {adapter} = file.study;
  if (adapter.kind === "none" || adapter.bits === 16 || !(await environmentReady(store.root))) return null;
  const python = venvPython(environmentFolder(store.root));
  try {
    requirePackages(file, await findDevices(python), python);
    return null;
  } catch (error) {
    if (error instanceof BadInput) return error;
    throw error;
  }
}
