/** `because status`: each stage and run: done, stale and why, running, failed and why. */
import {stat} from "node:fs/promises";
import {join} from "node:path";
import type {StudyOptions} from "../cli.js";
import {annotationSpec, corpusSpec, prepareStudy} from "../corpora/prepare-corpora.js";
import {hasTokenizer} from "../fetch/model-files.js";
import {modelContent} from "../jobs/model-content.js";
import {planStudy, planTokenizerOf, runSpec, runTitle, tokenizerFile} from "../jobs/plan-study.js";
import type {PlannedRun} from "../jobs/plan-jobs.js";
import {readImports} from "../imports/import-index.js";
import {isReplaced} from "../imports/replaced-runs.js";
import {replacedSentence} from "../imports/stand-in.js";
import {lastAskedSpecs} from "../paper/paper-stage.js";
import {siteSpec} from "../site/make-site.js";
import {SILENT} from "../stages/context.js";
import type {Context} from "../stages/context.js";
import type {StageState} from "../stages/store.js";
import {labelsFrom} from "../study/corpus-axes.js";
import {tablesSpecOf} from "../tables/make-tables.js";
import {lastProgress, verifyRun} from "../trainers/run-state.js";
import type {RunVerdict} from "../trainers/run-state.js";
import {trainerVersion} from "../trainers/trainer-package.js";
import {formatCount, formatTime} from "../../src/core/format.js";
import {rememberedStates} from "../places/remembered-states.js";
import {describeProgress} from "./display.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {coloursFor} from "../setup/colours.js";

const pc = coloursFor(process.stdout);

/** One line of the answer. */
export interface StatusLine {
  stage: string;
  what: string;
  status: "done" | "stale" | "missing" | "waiting" | "running" | "failed";
  why: string;
}

export async function status(options: StudyOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const lines = await examineStudy({...context, report: SILENT});
  if (options.json) printJson(lines);
  else process.stdout.write(`${lines.map(describe).join("\n")}\n`);
  return lines.some((line) => line.status === "failed") ? 1 : 0;
}

/** Looks; makes nothing. */
export async function examineStudy(context: Context): Promise<StatusLine[]> {
  const corpora = await examineCorpora(context);
  const waiting = (why: string) => [
    ...corpora,
    ...["runs", "tables", "site"].map((stage) => line(stage, "all", "waiting", why))
  ];
  if (corpora.some((found) => found.status !== "done")) return waiting("for the corpora");
  const votes = await examineVotes(context);
  corpora.push(...votes);
  if (votes.some((found) => found.status !== "done")) return waiting("for the votes");
  if (!hasTokenizer(context.file.study.model, context.store))
    return waiting("for the model's tokenizer; because run or because fetch gets it");
  return [...corpora, ...(await examineRuns(context))];
}

async function examineCorpora({file, store, report}: Context): Promise<StatusLine[]> {
  const lines: StatusLine[] = [];
  for (const id of Object.keys(file.study.corpora)) {
    const spec = await corpusSpec({file, store, report}, id);
    if (spec.inputs.source === "absent") {
      lines.push(
        line("corpora", id, "missing", `its files are not in ${file.folder}; --data names another folder`)
      );
      continue;
    }
    lines.push(stageLine(await store.examine(file.id, spec)));
    if (labelsFrom(file.study.corpora[id]!, file.study) === "judges") continue;
    lines.push(
      stageLine(await store.examine(file.id, await annotationSpec({file, store, report}, id, spec)))
    );
  }
  return lines;
}

/** What judges have been asked so far; nobody is asked now. */
async function examineVotes(context: Context): Promise<StatusLine[]> {
  const {judged} = await prepareStudy(context);
  if (!judged) return [];
  const {questions, unasked} = judged;
  const done = formatCount(questions - unasked);
  return [
    unasked === 0
      ? line("votes", `${done} votes`, "done", "")
      : line(
          "votes",
          "all",
          "missing",
          `${done} of ${formatCount(questions)} asked for; because judge goes on`
        )
  ];
}

async function examineRuns(context: Context): Promise<StatusLine[]> {
  const {file, store} = context;
  const {corpora, judged} = await prepareStudy(context);
  const version = await trainerVersion();
  const tokenizer = planTokenizerOf(file, corpora, version);
  const elsewhere = await rememberedStates(store);
  const first = tokenizer ? [await runLine(context, tokenizer, version, elsewhere)] : [];
  const after = (why: string) => ["tables", "site"].map((stage) => line(stage, "all", "waiting", why));
  if (first.some((found) => found.status !== "done"))
    return [...first, line("runs", "all others", "waiting", "for the tokenizer"), ...after("for the runs")];
  const plan = await planStudy(file, corpora, {
    tokenizer: tokenizer?.run ?? null,
    tokenizerJson: tokenizerFile(file, tokenizer, store),
    trainerVersion: version,
    content: await modelContent(file.study.model, store),
    imports: await readImports(context)
  });
  const runs = [
    ...(tokenizer ? [tokenizer] : []),
    ...(plan.warmUp ? [plan.warmUp] : []),
    ...plan.baselines,
    ...plan.training
  ];
  const lines = await Promise.all(runs.map((planned) => runLine(context, planned, version, elsewhere)));
  const verdicts = new Map<string, RunVerdict>(
    await Promise.all(runs.map(async ({run}) => [run, await verifyRun(join(store.runs, run))] as const))
  );
  const tables = await store.examine(
    file.id,
    await tablesSpecOf(context, {corpora, judged, plan, runs, verdicts, trainerVersion: version})
  );
  const site = tables.done
    ? stageLine(await store.examine(file.id, await siteSpec(tables.folder, file)))
    : line("site", "all", "waiting", "for the tables");
  return [...lines, stageLine(tables), site, ...(await examinePaper(context, tables))];
}

/** Figures and tables for a paper, of those that were ever asked for. */
async function examinePaper({store, file}: Context, tables: StageState): Promise<StatusLine[]> {
  const specs = await lastAskedSpecs(store, file.id, tables.folder);
  if (!tables.done) return specs.map(({stage, key}) => line(stage, key, "waiting", "for the tables"));
  return Promise.all(specs.map(async (spec) => stageLine(await store.examine(file.id, spec))));
}

/** Seconds without a sign of life after which a run no longer counts as running. */
const SILENCE_SECONDS = 20;

async function runLine(
  {store, file}: Context,
  planned: PlannedRun,
  version: string,
  elsewhere: Awaited<ReturnType<typeof rememberedStates>>
): Promise<StatusLine> {
  const {run, job} = planned;
  const folder = join(store.runs, run);
  const what = `${runTitle(job)} (${run})`;
  const verdict = await verifyRun(folder);
  if (planned.imported) return importedLine(what, planned, verdict, await isReplaced(store.runs, planned));
  if (verdict.status === "done") return line("runs", what, "done", "");
  const there = elsewhere.get(run);
  if (there && (there.status === "running" || there.status === "queued"))
    return line(
      "runs",
      what,
      there.status === "running" ? "running" : "waiting",
      `${describeProgress(there)} at ${there.place}, heard of ${formatTime(there.heard)}`
    );
  const progress = await lastProgress(folder);
  const age = await stat(join(folder, "progress.jsonl")).then(
    ({mtimeMs}) => (Date.now() - mtimeMs) / 1000,
    () => Infinity
  );
  if (progress && progress.event !== "left" && age < SILENCE_SECONDS && verdict.status !== "failed")
    return line("runs", what, "running", describeProgress({status: "running", reason: "", progress}));
  if (verdict.status === "failed") return line("runs", what, "failed", verdict.reason);
  if (progress?.event === "left")
    return line(
      "runs",
      what,
      "missing",
      `${describeProgress({status: "running", reason: "", progress})}; because run goes on with it`
    );
  if (progress)
    return line(
      "runs",
      what,
      "missing",
      `stopped at step ${progress.step ?? 0}; goes on from its checkpoint`
    );
  const changed = await store.changedSince(file.id, runSpec(planned, version));
  return changed.length > 0
    ? line("runs", what, "stale", `changed: ${changed.join(", ")}`)
    : line("runs", what, "missing", verdict.reason);
}

function importedLine(
  what: string,
  {job, imported}: PlannedRun,
  {status, reason}: RunVerdict,
  replaces: boolean
): StatusLine {
  const place = replaces && job.kind === "train" ? `; ${replacedSentence(job)}` : "";
  return status === "done"
    ? line("runs", what, "done", `imported from ${imported}${place}`)
    : line("runs", what, "failed", `imported from ${imported}: ${reason}; import it again${place}`);
}

function stageLine({spec, done, changed}: StageState): StatusLine {
  if (done) return line(spec.stage, spec.key, "done", "");
  return changed.length > 0
    ? line(spec.stage, spec.key, "stale", `changed: ${changed.join(", ")}`)
    : line(spec.stage, spec.key, "missing", "not made yet");
}

function line(stage: string, what: string, status: StatusLine["status"], why: string): StatusLine {
  return {stage, what, status, why};
}

const PAINT = {
  done: pc.green,
  stale: pc.yellow,
  missing: pc.yellow,
  waiting: pc.dim,
  running: pc.cyan,
  failed: pc.red
};

function describe({stage, what, status, why}: StatusLine): string {
  return `${PAINT[status](status.padEnd(8))} ${stage.padEnd(12)} ${what}${why ? pc.dim(` · ${why}`) : ""}`;
}
