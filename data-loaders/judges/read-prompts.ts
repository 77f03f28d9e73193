/** The prompts of a study, with the template files that they name. */
import {dirname, resolve} from "node:path";
import {checkDistinct} from "../../src/core/judging/distinct-questions.js";
import {promptConfigs, promptOf} from "../../src/core/judging/prompts.js";
import type {JudgePrompt} from "../../src/core/judging/prompts.js";
import {axesJudged} from "../study/corpus-axes.js";
import {readTemplate} from "../study/read-template.js";
import type {StudyFile} from "../study/read-study.js";

/**
 * In the study's order; the built-in four where it names none. Throws BadInput on a template that cannot be used, and
 * where two prompts, or one on two axes, ask the same question.
 */
export async function readPrompts(file: Pick<StudyFile, "file" | "study" | "axes">): Promise<JudgePrompt[]> {
  const prompts = await promptsOf(file);
  const {study, axes} = file;
  const judged = new Set(Object.values(study.corpora).flatMap((corpus) => axesJudged(corpus, study)));
  checkDistinct(
    prompts,
    axes.filter(({id}) => judged.has(id)),
    file.file
  );
  return prompts;
}

async function promptsOf({file, study}: Pick<StudyFile, "file" | "study">): Promise<JudgePrompt[]> {
  return Promise.all(
    promptConfigs(study.prompts).map(async ([key, config]) =>
      "built_in" in config
        ? promptOf(config, key)
        : promptOf(config, key, await readTemplate(resolve(dirname(file), config.template), `prompt ${key}`))
    )
  );
}
