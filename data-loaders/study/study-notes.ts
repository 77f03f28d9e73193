/** What a sound study may still have wrong: notes for its author, no errors. */
import type {Study} from "../../src/core/study.js";
import {axesJudged, isJudged, isLabelledByPeople} from "./corpus-axes.js";

/** One sentence or two for each thing that is worth a second look. */
export function studyNotes(study: Pick<Study, "axes"> & Partial<Study>): string[] {
  const whole = isWhole(study) ? [...judgingNotes(study), ...trainingNotes(study)] : [];
  return [...alphabeticalLabels(study), ...whole];
}

function isWhole(study: Partial<Study>): study is Study {
  return study.corpora !== undefined && study.judges !== undefined;
}

function alphabeticalLabels({axes}: Pick<Study, "axes">): string[] {
  return Object.entries(axes)
    .filter(([, {kind, labels}]) => kind === "ordinal" && inAlphabeticalOrder(labels))
    .map(
      ([axis, {labels}]) =>
        `axes.${axis}: the labels stand in alphabetical order (${labels.join(", ")}). Put them in ascending order, ` +
        "from lowest to highest, or say `kind: nominal` if they have none."
    );
}

/** Whether labels are words that stand as a dictionary has them. Of two labels either order is as good. */
function inAlphabeticalOrder(labels: string[]): boolean {
  if (labels.length < 3 || !labels.every((label) => /^\p{L}/u.test(label))) return false;
  const ascends = (words: string[]) => words.every((word, i) => i === 0 || words[i - 1]! < word);
  return ascends(labels) || ascends(labels.map((label) => label.toLowerCase()));
}

function judgingNotes(study: Study): string[] {
  const {corpora, axes, judges, prompts, judging, golden, merge} = study;
  if (Object.keys(judges).length === 0)
    return Object.keys(prompts).length > 0
      ? ["prompts: they are not used, since the study names no judges."]
      : [];
  const judged = Object.entries(corpora).filter(([, corpus]) => isJudged(corpus, study));
  if (judged.length === 0)
    return ["judges: no corpus is judged by them; say `judged: true` at a corpus that they are to rate."];
  const notes: string[] = [];
  const nominal = Object.keys(axes).filter((axis) => axes[axis]!.kind === "nominal");
  for (const axis of nominal)
    notes.push(
      `axes.${axis}: judges give scores, so they don't rate this nominal axis; only labels of a corpus' own do.`
    );
  if (judging.budget.money === undefined && judging.budget.tokens === undefined)
    notes.push(
      "judging.budget: none is set, so every call is made. `because explain` says how many that are."
    );
  if (judging.private_text === "send")
    notes.push("judging.private_text: e-mail addresses and telephone numbers are sent as they are.");
  const comparable = judged.some(
    ([, corpus]) => isLabelledByPeople(corpus) && axesJudged(corpus, study).length > 0
  );
  if (merge.scores !== "best" && golden.length === 0 && !comparable)
    notes.push(
      "golden: there are no people's ratings to measure judges and merge rules by. Rate some examples on the notebook's " +
        "Rate page, or say `judged: true` at a corpus that people rated."
    );
  return notes;
}

function trainingNotes({model, execution, capture, arms, trainer, adapter}: Study): string[] {
  const notes: string[] = [];
  const first = [...arms.orders, ...arms.also.map(({order}) => order)].includes("explanation-first");
  if (capture.samples > 0 && !first)
    notes.push("capture.samples: nothing is drawn, since no arm has its explanation before the label.");
  if (execution.processes === 1 && execution.parallel === "fsdp")
    notes.push("execution.parallel: one process holds the whole model; `fsdp` needs several `processes`.");
  if (execution.precision === "bf16" && "scratch" in model)
    notes.push("execution.precision: bf16 pays on a GPU; a processor is slower with it.");
  if (trainer.together !== 1 && adapter.kind === "none")
    notes.push(
      "trainer.together: runs share a process only where they share frozen weights, so without an adapter each is alone."
    );
  return notes;
}
