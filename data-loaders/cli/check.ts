/** `because check`: is the study sound, and can its corpora be read? Trains nothing, writes nothing. */
import {annotate} from "../annotators/annotate.js";
import type {StudyOptions} from "../cli.js";
import {readCorpus} from "../corpora/read-corpus.js";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {splitByDialogue} from "../../src/core/split.js";
import type {Context} from "../stages/context.js";
import {axesOfCorpus} from "../study/contradictions.js";
import {studyNotes} from "../study/study-notes.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";

interface CorpusCheck {
  corpus: string;
  examples: number;
  dialogues: number;
  dropped: number;
  axes: Record<string, Record<string, number>>;
}

export async function check(options: StudyOptions): Promise<void> {
  const context = await openStudy(options);
  const checks: CorpusCheck[] = [];
  const problems: BadInput[] = [];
  for (const id of Object.keys(context.file.study.corpora)) {
    try {
      checks.push(await checkCorpus(context, id));
    } catch (error) {
      if (error instanceof BadInput) problems.push(error);
      else if (error instanceof BadInputs) problems.push(...error.all);
      else throw error;
    }
  }
  if (problems.length > 0) throw new BadInputs(problems);
  const notes = studyNotes(context.file.study);
  if (options.json) printJson({study: context.file.id, corpora: checks, notes});
  else
    process.stdout.write(
      [
        ...checks.map(describe),
        ...notes.map((note) => `note: ${note}`),
        `${context.file.file}: sound.`,
        ""
      ].join("\n")
    );
}

async function checkCorpus({file}: Context, id: string): Promise<CorpusCheck> {
  const {study, axes} = file;
  const config = study.corpora[id]!;
  const {examples, card} = await readCorpus(id, config, {folder: file.folder, seed: study.seed});
  const judged = axes.filter((axis) => axesOfCorpus(config, study).includes(axis.id));
  const annotations = annotate(id, config, examples, judged);
  const annotated = new Set(annotations.map(({example_id}) => example_id));
  splitByDialogue(
    examples.filter(({example_id}) => annotated.has(example_id)),
    config.split ?? study.split,
    {seed: study.seed, corpus: id}
  );
  const counts = judged.map((axis) => {
    const labels = annotations.filter((annotation) => annotation.axis === axis.id).map(({label}) => label);
    return [
      axis.id,
      Object.fromEntries(
        axis.labels.map((label) => [label, labels.filter((found) => found === label).length])
      )
    ];
  });
  return {
    corpus: id,
    examples: examples.length,
    dialogues: card.dialogues,
    dropped: card.dropped.reduce((sum, {rows}) => sum + rows, 0),
    axes: Object.fromEntries(counts) as CorpusCheck["axes"]
  };
}

function describe({corpus, examples, dialogues, dropped, axes}: CorpusCheck): string {
  const labels = Object.entries(axes).map(([axis, counts]) => {
    const shares = Object.entries(counts).map(([label, count]) => `${label}: ${count}`);
    return `  ${axis}  ${shares.join("  ")}`;
  });
  return [
    `${corpus}: ${examples} examples in ${dialogues} dialogues, ${dropped} rows dropped`,
    ...labels
  ].join("\n");
}
