/** From drawn examples to judges' annotations: asks what is missing, merges what was said, and writes it down. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {Annotation} from "../../src/core/conversation.js";
import {chooseRule, mergeByAllRules, mergeByRule} from "../../src/core/judging/rated-set.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import type {MergeRule} from "../../src/core/study.js";
import type {DrawnCorpus} from "../corpora/draw-corpora.js";
import {voteRequests, type MaskedCounts, type VoteRequests} from "../judges/requests.js";
import {VoteLog} from "../judges/vote-log.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {codeVersion, hashValue} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {allRows, writeRows} from "../stages/row-files.js";
import {PROJECT} from "../stages/store.js";
import type {StageSpec} from "../stages/store.js";
import {labelsFrom} from "../study/corpus-axes.js";
import {requireAsked, type Asker} from "./ask-judges.js";
import {goldenSet, type Golden} from "./golden-set.js";
import {describeJudging, type JudgedFacts} from "./judge-annotations.js";
import type {Merging} from "./judging-cubes.js";
import {ratedVotes, type RatedVotes} from "./rated-votes.js";
import {ratingsNotes, readRatingsFiles} from "./ratings-files.js";
import {VoteTable} from "./vote-table.js";
import {writingRequests, type Written} from "./written-explanations.js";

/** What judges said and how it was merged. */
export interface Judged extends JudgedFacts {
  /** The rule that made their labels. */
  rule: MergeRule;
  /** Questions in all, and those that the log says nothing to. */
  questions: number;
  unasked: number;
  /** Changes with anything above. */
  content: string;
}

const JUDGED_CODE = [
  "data-loaders/annotators",
  "src/core/judging",
  "src/core/statistics",
  "src/core/labels.ts"
];

/**
 * Judges' annotations of the drawn examples. With `ask`, judges are asked first; without, what the log holds is merged as
 * it is, and nothing is kept while questions are open.
 *
 * Throws BadInput where `merge.scores` is `best` and people rated none of the examples, before anything is asked; where the
 * budget ended before all was asked; where a corpus is left without any annotation; and on ratings files that do not fit.
 */
export async function judgeCorpora(
  context: Context,
  drawn: readonly DrawnCorpus[],
  {ask}: {ask?: Asker} = {}
): Promise<Judged> {
  const {file} = context;
  const asked = await voteRequests(file, examplesOf(drawn));
  const ratings = await readRatingsFiles(file, drawn);
  for (const note of ratingsNotes(ratings)) context.report.note(note);
  const golden = goldenSet(file, drawn, ratings);
  const judging: Judging = {
    context,
    drawn,
    asked,
    golden,
    log: new VoteLog(context.store.path("votes")),
    ask
  };
  const votes = await gather(judging);
  const merging = merge(judging, votes.rated);
  const written = await write(judging, votes, merging);
  const spec = await specOf(judging, votes, written);
  const make = () => describeJudging(file, {drawn, ...votes, merging, written, dropped: asked.dropped});
  const {unasked, size} = votes.table;
  const facts = unasked > 0 ? await make() : await kept(context, spec, make);
  if (ask) requireLabels(judging, facts.annotations);
  return {
    ...facts,
    rule: merging.chosen.rule,
    questions: size,
    unasked,
    content: hashValue([spec.inputs, unasked])
  };
}

interface Judging {
  context: Context;
  drawn: readonly DrawnCorpus[];
  asked: VoteRequests;
  golden: ReadonlyMap<string, Golden>;
  log: VoteLog;
  ask?: Asker;
}

interface Votes {
  table: VoteTable;
  rated: RatedVotes;
}

function examplesOf(drawn: readonly DrawnCorpus[]) {
  return drawn.map(({id, train, test}) => ({id, examples: [...train, ...test]}));
}

/** The votes that are logged; before that, those that are not are asked for. */
async function gather(judging: Judging): Promise<Votes> {
  const {context, asked, ask} = judging;
  const before = await read(judging);
  refuseBestWithoutGolden(judging, before.rated);
  if (!ask || before.table.open(context.file.study.judging.attempts) === 0) return before;
  noteMasked(context, asked.masked);
  requireAsked(await ask(asked.requests));
  return read(judging);
}

async function read({context: {file}, drawn, asked, golden, log}: Judging): Promise<Votes> {
  const table = await VoteTable.read(asked.requests, file.study.judges, log);
  return {table, rated: ratedVotes(file, drawn, asked.requests, table, golden)};
}

function noteMasked({report}: Context, {emails, telephones, examples}: MaskedCounts): void {
  if (examples > 0)
    report.note(
      `${emails} e-mail addresses and ${telephones} telephone numbers in ${examples} examples are not sent to judges.`
    );
}

/** Merges by every rule where they can be compared, else by the study's alone. */
function merge({context: {file}}: Judging, {set}: RatedVotes): Merging {
  const {merge: config, judging} = file.study;
  const rated = set.golden.some((place) => place >= 0);
  if (!rated && config.scores !== "best") {
    const chosen = mergeByRule(set, config.scores, config, judging.fewest);
    return {rules: [chosen], chosen, by_golden: false};
  }
  const rules = mergeByAllRules(set, config, judging.fewest);
  // Before judges have said anything about the golden set, no rule is closer to it than another.
  const chosen = chooseRule(set, config.scores, rules) ?? rules[0]!;
  return {rules, chosen, by_golden: config.scores === "best"};
}

function refuseBestWithoutGolden({context: {file}}: Judging, {set}: RatedVotes): void {
  if (file.study.merge.scores !== "best" || set.golden.some((place) => place >= 0)) return;
  throw new BadInput({
    where: `${file.file}, key merge.scores`,
    expected: "people's labels of some of the examples that judges rate, to choose the best rule by",
    found: "none",
    mend: "Add ratings under `golden`, let judges rate a human-rated corpus (`judged: true`), or name a rule, such as mean."
  });
}

/** Explanations written by a judge, where the study names one; asked for like votes, and within the same budget. */
async function write(
  {context: {file}, drawn, asked, log, ask}: Judging,
  {table, rated}: Votes,
  {chosen}: Merging
): Promise<Written | null> {
  const {judges, merge: config, judging} = file.study;
  if (config.explanations === "nearest") return null;
  const {judge} = config.explanations;
  const {requests, questions} = await writingRequests(file, {drawn, rated, table, chosen}, judge);
  const before = await VoteTable.read(requests, judges, log);
  if (!ask || before.open(judging.attempts) === 0) return {questions, table: before};
  // All votes are named again, so that the budget counts what they have cost.
  requireAsked(await ask(oneAfterTheOther(asked.requests, requests)));
  return {questions, table: await VoteTable.read(requests, judges, log)};
}

/** Both lists, as often as they are gone through. */
function oneAfterTheOther(votes: VoteRequest[], writing: VoteRequest[]): Iterable<VoteRequest> {
  return {
    *[Symbol.iterator]() {
      yield* votes;
      yield* writing;
    }
  };
}

/** What annotations by judges depend on. */
async function specOf(
  {context: {file}, drawn, golden}: Judging,
  {table}: Votes,
  written: Written | null
): Promise<StageSpec> {
  const {study, axes} = file;
  return {
    stage: "annotations",
    key: "judges",
    inputs: {
      votes: table.hash,
      explanations: written?.table.hash ?? "nearest",
      examples: hashValue(
        drawn.map(({id, config, card, train, test}) => [
          [id, labelsFrom(config, study), card.content],
          [train, test].map((side) => side.map(({example_id}) => example_id))
        ])
      ),
      golden: hashValue([...golden]),
      merge: hashValue([study.merge, study.judging.fewest, study.judging.currency]),
      judges: hashValue([study.judges, study.prompts]),
      axes: hashValue(axes),
      annotator: await codeVersion(PROJECT, JUDGED_CODE)
    }
  };
}

async function kept(
  {file, store, report}: Context,
  spec: StageSpec,
  make: () => Promise<JudgedFacts>
): Promise<JudgedFacts> {
  const {folder, made} = await store.ensure(file.id, spec, async (partial) => {
    const {annotations, ...rest} = await make();
    await writeRows(join(partial, "annotations.jsonl"), annotations);
    await writeAtomically(join(partial, "judging.json"), `${JSON.stringify(rest)}\n`);
  });
  report.stage(spec.stage, spec.key, made);
  const rest = JSON.parse(await readFile(join(folder, "judging.json"), "utf8")) as Omit<
    JudgedFacts,
    "annotations"
  >;
  return {...rest, annotations: await allRows<Annotation>(join(folder, "annotations.jsonl"))};
}

/** Nothing can be trained on a corpus that no judge rated usably. */
function requireLabels({context: {file}, drawn}: Judging, annotations: Annotation[]): void {
  const bare = drawn.find(
    ({id, config}) =>
      labelsFrom(config, file.study) === "judges" && !annotations.some(({corpus}) => corpus === id)
  );
  if (!bare) return;
  throw new BadInput({
    where: `corpus ${bare.id}`,
    expected: `at least ${file.study.judging.fewest} usable votes on one of its examples`,
    found: "none",
    mend: "`npx because judge` says what the judges answered; mend the prompts or the judges, or lower judging.fewest."
  });
}
