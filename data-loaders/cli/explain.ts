/** `because explain`: the study with every default, and what it will take: calls of judges, runs, tokens, time. */
import type {StudyOptions} from "../cli.js";
import {studyNotes} from "../study/study-notes.js";
import {resolvedYaml} from "../study/write-study.js";
import {describePrompts, shownPrompts} from "./explain-prompt.js";
import {describeJudging, estimateJudging} from "./judging-estimate.js";
import {modelNotes} from "./model-notes.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import {describeEstimate, estimateStudy} from "./study-estimate.js";

interface ExplainCommand extends StudyOptions {
  prompt?: boolean;
}

export async function explain(options: ExplainCommand): Promise<void> {
  const context = await openStudy(options);
  if (options.prompt) {
    const prompts = await shownPrompts(context);
    if (options.json) printJson(prompts);
    else process.stdout.write(describePrompts(prompts));
    return;
  }
  const {study} = context.file;
  const judging = await estimateJudging(context);
  const estimate = await estimateStudy(context);
  const notes = [...studyNotes(study), ...(await modelNotes(context))];
  if (options.json) printJson({study, estimate, judging, notes});
  else {
    const lines = [
      ...(judging ? describeJudging(judging) : []),
      ...describeEstimate(estimate),
      ...notes.map((note) => `note: ${note}`)
    ];
    process.stdout.write(`${resolvedYaml(study)}\n${lines.map((line) => `# ${line}\n`).join("")}`);
  }
}
