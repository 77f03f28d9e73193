/** `because judge`: asks judges for the votes that are not logged yet, and merges them; trains nothing. */
import {BadInput} from "../../src/core/bad-input.js";
import {formatCount} from "../../src/core/format.js";
import {askerOf} from "../annotators/ask-judges.js";
import type {Judged} from "../annotators/judged.js";
import type {StudyOptions} from "../cli.js";
import {prepareStudy} from "../corpora/prepare-corpora.js";
import type {GatherSummary} from "../judges/gather-votes.js";
import {createVoteDisplay} from "../judges/vote-display.js";
import type {Context} from "../stages/context.js";
import {isJudged} from "../study/corpus-axes.js";
import {describeJudging, estimateJudging} from "./judging-estimate.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";

interface JudgeOptions extends StudyOptions {
  dryRun?: boolean;
}

export async function judge(options: JudgeOptions): Promise<void> {
  const context = await openStudy(options);
  requireJudged(context);
  if (options.dryRun) return estimate(context, options);
  const {judged, summaries} = await askJudges(context, options);
  const {scores} = context.file.study.merge;
  if (options.json) printJson(asJson(judged, summaries));
  else process.stdout.write(`${describe(judged, summaries, scores === "best").join("\n")}\n`);
}

/** What it would take; nothing is sent. */
async function estimate(context: Context, {json}: JudgeOptions): Promise<void> {
  const found = (await estimateJudging(context))!;
  if (json) printJson(found);
  else process.stdout.write(`${describeJudging(found).join("\n")}\nNothing was sent.\n`);
}

async function askJudges(
  context: Context,
  {json}: JudgeOptions
): Promise<{judged: Judged; summaries: GatherSummary[]}> {
  const display = json ? undefined : createVoteDisplay(context.file.study.judging.currency);
  const asker = askerOf(context, {display, signal: stopSignal()});
  const summaries: GatherSummary[] = [];
  const {judged} = await prepareStudy(context, {
    ask: async (requests) => {
      const summary = await asker(requests);
      summaries.push(summary);
      return summary;
    }
  });
  return {judged: judged!, summaries};
}

function requireJudged({file: {file, study}}: Context): void {
  if (Object.values(study.corpora).some((corpus) => isJudged(corpus, study))) return;
  throw new BadInput({
    where: file,
    expected: "a corpus for judges to rate",
    found: "none",
    mend: "Name judges, and a corpus without labels or with `judged: true`; docs/judges.md says how."
  });
}

function asJson({rule, questions, unasked, annotations}: Judged, summaries: GatherSummary[]): object {
  const {asked, statuses, tokens, cost} = summaries.at(-1) ?? {
    asked: 0,
    statuses: null,
    tokens: null,
    cost: null
  };
  return {rule, questions, unasked, annotations: annotations.length, asked, statuses, tokens, cost};
}

/** `byGolden`: the rule was chosen, as the one nearest to people's labels. */
function describe(
  {rule, questions, annotations}: Judged,
  summaries: GatherSummary[],
  byGolden: boolean
): string[] {
  const asked = summaries.reduce((sum, summary) => sum + summary.asked, 0);
  return [
    `${formatCount(questions)} votes, ${asked === 0 ? "all of them logged before" : `${formatCount(asked)} replies of them new`}`,
    ...(summaries.at(-1)?.judges ?? []).map(
      ({title, statuses, questions: own}) =>
        `  ${title}: ${formatCount(statuses.scored)} of ${formatCount(own)} scored${unscored(statuses)}`
    ),
    `${formatCount(annotations.length)} annotations, merged by ${rule}${byGolden ? ", the rule nearest to people's labels" : ""}`
  ];
}

function unscored(statuses: GatherSummary["statuses"]): string {
  return Object.entries(statuses)
    .filter(([status, count]) => status !== "scored" && count > 0)
    .map(([status, count]) => `, ${formatCount(count)} ${status}`)
    .join("");
}
