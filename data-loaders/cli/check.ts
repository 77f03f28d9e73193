/** `because check`: is the study sound, and can its corpora be read? Trains nothing, asks nobody, writes nothing. */
import {ratingsNotes, readRatingsFiles, type RatingsFile} from "../annotators/ratings-files.js";
import type {StudyOptions} from "../cli.js";
import {readSplit} from "../corpora/read-split.js";
import type {DrawnSplit} from "../corpora/read-split.js";
import {refuseLeaks} from "../corpora/refuse-leaks.js";
import {requireModelFolder} from "../jobs/model-folder.js";
import {modelProblems} from "../jobs/model-problems.js";
import {findPlace} from "../places/places-file.js";
import {readPrompts} from "../judges/read-prompts.js";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import type {CorpusConfig} from "../../src/core/study.js";
import type {Context} from "../stages/context.js";
import {axesOfCorpus, isJudged} from "../study/corpus-axes.js";
import {studyNotes} from "../study/study-notes.js";
import {absentCorpora, describeJudging, estimateJudging} from "./judging-estimate.js";
import {modelNotes} from "./model-notes.js";
import {formatCount} from "../../src/core/format.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import {describeSize, estimateSize} from "./size-estimate.js";
import {stepTokens, trainingRuns} from "./study-estimate.js";

interface CorpusCheck {
  corpus: string;
  examples: number;
  dialogues: number;
  dropped: number;
  /** Axis → label → examples; without labels where judges give them. */
  axes: Record<string, Record<string, number>>;
  /** Axis → labelled examples without an explanation, where there are any. */
  unexplained: Record<string, number>;
}

export async function check(options: StudyOptions): Promise<void> {
  const context = await openStudy(options);
  const {study, file} = context.file;
  const absent = (await absentCorpora(context)).filter(({id}) => isPublished(study.corpora[id]!));
  const {checks, drawn, problems} = await checkCorpora(context, new Set(absent.map(({id}) => id)));
  problems.push(...(await problemsOf(async () => refuseLeaks(study, drawn))));
  const ratings: RatingsFile[] = [];
  problems.push(
    ...(await problemsOf(async () => ratings.push(...(await readRatingsFiles(context.file, drawn)))))
  );
  problems.push(...(await problemsOf(() => readPrompts(context.file))));
  problems.push(...(await problemsOf(async () => requireModelFolder(context.file))));
  problems.push(...(await modelProblems(context)));
  if (problems.length > 0) throw new BadInputs(problems);
  const notes = [
    ...studyNotes(study),
    ...ratingsNotes(ratings),
    ...keyNotes(context),
    ...(await placeNotes(context)),
    ...(await modelNotes(context))
  ];
  const size = await estimateSize(context, stepTokens(study) * trainingRuns(context.file));
  const judging = await estimateJudging(context, drawn);
  const missing = absent.map(({id, problem: {detail}}) => ({corpus: id, mend: detail.mend}));
  if (options.json)
    return printJson({study: context.file.id, corpora: checks, missing, judging, size, notes});
  const lines = [
    ...checks.map(describe),
    ...missing.map(({corpus, mend}) => `${corpus}: not here yet. ${mend}`),
    ...(judging ? describeJudging(judging) : []),
    ...(size ? describeSize(size) : []),
    ...notes.map((note) => `note: ${note}`),
    missing.length === 0
      ? `${file}: sound.`
      : `${file}: sound; ${missing.length} of its corpora could not be read yet.`
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Published conversations are large: they are fetched, or put there, when the study is sound. Other files are there. */
function isPublished(config: CorpusConfig): boolean {
  return config.reader !== "embedded" && !("columns" in config) && !("scores" in config);
}

/** Keys are needed when judges are asked, and only then. */
function keyNotes({file: {study}}: Context): string[] {
  if (!Object.values(study.corpora).some((corpus) => isJudged(corpus, study))) return [];
  const missing = new Map<string, string[]>();
  for (const [id, {key_from}] of Object.entries(study.judges))
    if (!process.env[key_from]) missing.set(key_from, [...(missing.get(key_from) ?? []), id]);
  return [...missing].map(
    ([key, judges]) => `judges: the environment has no ${key}; asking ${judges.join(", ")} will need it.`
  );
}

/** A study may be checked where it isn't trained, so that its place needs not be known here. */
async function placeNotes({file}: Context): Promise<string[]> {
  const {place} = file.study.trainer;
  const [problem] = await problemsOf(() => findPlace(place, "trainer.place"));
  if (!problem) return [];
  const {where, found, expected, mend} = problem.detail;
  return [`${where}: training needs ${expected}; found ${found}. ${mend}`];
}

async function checkCorpora(
  context: Context,
  absent: ReadonlySet<string>
): Promise<{checks: CorpusCheck[]; drawn: DrawnSplit[]; problems: BadInput[]}> {
  const checks: CorpusCheck[] = [];
  const drawn: DrawnSplit[] = [];
  const problems: BadInput[] = [];
  for (const id of Object.keys(context.file.study.corpora))
    if (!absent.has(id))
      problems.push(
        ...(await problemsOf(async () => {
          const found = await checkCorpus(context, id);
          checks.push(found.check);
          drawn.push(found.split);
        }))
      );
  return {checks, drawn, problems};
}

/** What a user can mend of what goes wrong. */
async function problemsOf(attempt: () => Promise<unknown>): Promise<BadInput[]> {
  try {
    await attempt();
    return [];
  } catch (error) {
    if (error instanceof BadInput) return [error];
    if (error instanceof BadInputs) return error.all;
    throw error;
  }
}

async function checkCorpus(
  {file, store}: Context,
  id: string
): Promise<{check: CorpusCheck; split: DrawnSplit}> {
  const {study} = file;
  const {examples, card, own, annotations, split} = await readSplit({file, store}, id);
  const axes = axesOfCorpus(study.corpora[id]!, study);
  const counts = axes.map((axis) => {
    const found = annotations.filter((annotation) => annotation.axis === axis).map(({label}) => label);
    const labels = own.find((known) => known.id === axis)?.labels ?? [];
    return [
      axis,
      Object.fromEntries(labels.map((label) => [label, found.filter((each) => each === label).length]))
    ];
  });
  const lacking = annotations.filter(({explanation}) => explanation === "");
  const found: CorpusCheck = {
    corpus: id,
    examples: examples.length,
    dialogues: card.dialogues,
    dropped: card.dropped.reduce((sum, {rows}) => sum + rows, 0),
    axes: Object.fromEntries(counts) as CorpusCheck["axes"],
    unexplained: Object.fromEntries(
      axes.flatMap((axis) => {
        const {length} = lacking.filter((annotation) => annotation.axis === axis);
        return length > 0 ? [[axis, length]] : [];
      })
    )
  };
  return {check: found, split};
}

function describe({corpus, examples, dialogues, dropped, axes, unexplained}: CorpusCheck): string {
  const labels = Object.entries(axes).map(([axis, counts]) => {
    const shares = Object.entries(counts).map(([label, count]) => `${label}: ${count}`);
    const lacking = unexplained[axis] ? `  (${formatCount(unexplained[axis])} without an explanation)` : "";
    return `  ${axis}  ${shares.length > 0 ? shares.join("  ") : "labels from judges"}${lacking}`;
  });
  return [
    `${corpus}: ${examples} examples in ${dialogues} dialogues, ${dropped} rows dropped`,
    ...labels
  ].join("\n");
}
