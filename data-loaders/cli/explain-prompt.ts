/** `because explain --prompt`: what a model reads of one example, and what a judge is sent about it. Nothing is sent. */
import type {Example} from "../../src/core/conversation.js";
import {renderCompletion, renderPrompt} from "../../src/core/prompt.js";
import {voteRequests} from "../judges/requests.js";
import type {Context} from "../stages/context.js";
import {axesOfCorpus} from "../study/corpus-axes.js";
import {readHere} from "./judging-estimate.js";

/** A conversation that stands in where no corpus is here yet. */
const STAND_IN: Example = {
  example_id: "1",
  dialogue_id: "1",
  turns: [{role: "user", text: "(what was said before)"}],
  response: "(the response)"
};
const EXPLANATION = "(its explanation)";

/** One text that is shown. */
export interface ShownPrompt {
  /** `training` or `judge`. */
  reader: string;
  corpus: string;
  axis: string;
  /** Of a judge's prompt, its key. */
  prompt?: string;
  text: string;
}

/** The training text of one example on each axis of its corpus, and each judge prompt about it, as all judges are sent it. */
export async function shownPrompts(context: Context): Promise<ShownPrompt[]> {
  const {file} = context;
  const {study, axes, promptTemplate} = file;
  const {corpus, example} = await oneExample(context);
  const named = axesOfCorpus(study.corpora[corpus]!, study);
  const training = axes
    .filter(({id}) => named.includes(id))
    .map((axis) => ({
      reader: "training",
      corpus,
      axis: axis.id,
      text:
        renderPrompt(example, axis, promptTemplate).prompt +
        renderCompletion({label: axis.labels[0]!, explanation: EXPLANATION}, study.arms.orders[0]!)
    }));
  const [judge] = Object.keys(study.judges);
  const {requests} = await voteRequests(file, [{id: corpus, examples: [example]}]);
  const asked = requests
    .filter((request) => request.judge === judge)
    .map(({axis, prompt, messages}) => ({
      reader: "judge",
      corpus,
      axis,
      prompt,
      text: messages.map(({content}) => content).join("\n\n")
    }));
  return [...training, ...asked];
}

/** The first training example of the first corpus that is here. */
async function oneExample(context: Context): Promise<{corpus: string; example: Example}> {
  const [first] = (await readHere(context)).filter(({train}) => train.length > 0);
  const [corpus] = Object.keys(context.file.study.corpora);
  return first ? {corpus: first.id, example: first.train[0]!} : {corpus: corpus!, example: STAND_IN};
}

/** Each text under a line that says who reads it. */
export function describePrompts(prompts: readonly ShownPrompt[]): string {
  return prompts
    .map(({reader, corpus, axis, prompt, text}) => {
      const who =
        reader === "judge" ? `judges, prompt ${prompt}` : "the model, label and explanation at its end";
      return `# ${corpus} × ${axis}: ${who}\n${text}\n`;
    })
    .join("\n");
}
