/** What contradicts itself about the model, its adapter, its prompts and how it is run. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Study} from "../../src/core/study.js";
import {whereIs} from "./describe-issue.js";
import type {Place} from "./describe-issue.js";

/** A contradiction: the key that it stands at, what would be sound there, what there is, and how to mend it. */
type Contradiction = [path: string, expected: string, found: string, mend: string];

export function findModelContradictions(study: Study, place: Place): BadInput[] {
  return [...adapterProblems(study), ...templateProblems(study), ...executionProblems(study)].map(
    ([path, expected, found, mend]) =>
      new BadInput({where: whereIs(path.split("."), place), expected, found, mend})
  );
}

function adapterProblems({model, adapter, warm_up, execution}: Study): Contradiction[] {
  if (adapter.kind === "none") return [];
  const scratch = "scratch" in model;
  const found: Contradiction[] = [];
  if (scratch && warm_up.steps === 0)
    found.push([
      "adapter",
      "a model that has learned something, since an adapter leaves its weights as they are",
      "a model from scratch without a warm-up: random weights",
      "Give `warm_up` some steps, name a `folder` or a `hub` model, or train all weights (`adapter: {kind: none}`)."
    ]);
  if (!scratch && warm_up.steps > 0)
    found.push([
      "warm_up.steps",
      "0 where a trained model gets an adapter: a warm-up trains all weights, which the adapter is there to avoid",
      `${warm_up.steps}`,
      "Remove `warm_up`, or train all weights (`adapter: {kind: none}`)."
    ]);
  if (adapter.bits === 8 && execution.parallel === "fsdp" && execution.processes > 1)
    found.push([
      "execution.parallel",
      "`ddp` with 8-bit weights, which FSDP cannot shard",
      "fsdp",
      "Say `parallel: ddp`, or take 4 or 16 bits."
    ]);
  return found;
}

function templateProblems({model, template}: Study): Contradiction[] {
  if (template.kind !== "chat" || !("scratch" in model)) return [];
  return [
    [
      "template.kind",
      "`plain` for a model from scratch, which has no chat template",
      "chat",
      "Say `plain`, or name a `folder` or a `hub` model that has one."
    ]
  ];
}

function executionProblems({execution, training, capture}: Study): Contradiction[] {
  const {row_tokens, micro_batch, processes} = execution;
  const found: Contradiction[] = [];
  if (row_tokens !== null && row_tokens < training.max_tokens)
    found.push([
      "execution.row_tokens",
      `at least training.max_tokens (${training.max_tokens}), so that the longest sequence fits into a row`,
      `${row_tokens}`,
      "Raise it, lower training.max_tokens, or say null: one dialogue a row."
    ]);
  if (micro_batch !== null && micro_batch > training.batch)
    found.push([
      "execution.micro_batch",
      `at most training.batch (${training.batch}), of which it is a part`,
      `${micro_batch}`,
      "Lower it, or say null: the whole batch."
    ]);
  if (processes > training.batch)
    found.push([
      "execution.processes",
      `at most training.batch (${training.batch}), so that each process has an example of every step`,
      `${processes}`,
      "Lower it, or raise training.batch."
    ]);
  const repeated = capture.along.find((part, i) => i > 0 && part <= capture.along[i - 1]!);
  if (repeated !== undefined)
    found.push([
      "capture.along",
      "ascending parts of the training, each once",
      JSON.stringify(capture.along),
      "Sort them, and remove what is there twice."
    ]);
  return found;
}
