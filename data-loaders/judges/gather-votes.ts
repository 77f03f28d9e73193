/** Asks judges for the votes that the log does not have yet. */
import {setMaxListeners} from "node:events";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {VOTE_STATUSES} from "../../src/core/judging/votes.js";
import type {VoteRequest, VoteStatus} from "../../src/core/judging/votes.js";
import type {JudgeConfig, Judging} from "../../src/core/study.js";
import type {BatchLedger} from "./batch-ledger.js";
import {BatchRun, claimLedgers} from "./batch-run.js";
import {Budget} from "./budget.js";
import {SYSTEM_CLOCK} from "./clock.js";
import type {Clock} from "./clock.js";
import {Gathering} from "./gathering.js";
import {JudgeRun} from "./judge-run.js";
import type {JudgeProgress} from "./progress.js";
import {Questions} from "./questions.js";
import {JudgeService} from "./service.js";
import {SILENT_DISPLAY} from "./vote-display.js";
import type {VoteDisplay} from "./vote-display.js";
import {VoteLog} from "./vote-log.js";

export interface GatherOptions {
  judging: Judging;
  /** The log, or its folder. */
  log: VoteLog | string;
  display?: VoteDisplay;
  /** One line worth reading: a judge that is given up, another process that is waited for. */
  note?: (text: string) => void;
  /** Stops asking; what is in flight is finished and logged. */
  signal?: AbortSignal;
  /** Where keys are; default: this process' environment. */
  env?: NodeJS.ProcessEnv;
  /** For tests. */
  clock?: Clock;
  random?: () => number;
}

/** How a gathering ended. Counts are of all starts, since the log is, but for `asked` and what is said of calls. */
export interface GatherSummary {
  /** Different questions: those with the same key are asked once. */
  questions: number;
  /** Replies logged by this start, all attempts. */
  asked: number;
  /** Questions that have a vote that counts. */
  scored: number;
  /** Questions by what became of their last attempt. */
  statuses: Record<VoteStatus, number>;
  /** Questions that the log says nothing to: not reached yet. */
  unasked: number;
  tokens: {input: number; output: number};
  /** In the study's currency; null where a judge has no price. */
  cost: number | null;
  /** Most tokens that services may have charged for besides, for calls of this start without a whole reply. */
  unconfirmed_tokens: number;
  stopped: null | "budget" | "interrupted";
  judges: JudgeProgress[];
}

/**
 * Asks every question that has no scored vote yet and attempts left, and logs each reply before it counts. The budget
 * holds for the votes on these questions, over all starts. Started again, asks only for what is missing; questions
 * that got no reply at all (`failed`) are asked again.
 *
 * @param requests is gone through several times; any object that can be iterated anew, so that prompts can be made as
 *   they are needed
 * @throws BadInput before anything is sent if a key or a price is missing; at the end, with all other judges done, for
 *   each judge whose service refused to work. What was logged stays.
 */
export async function gatherVotes(
  requests: Iterable<VoteRequest>,
  judges: Record<string, JudgeConfig>,
  options: GatherOptions
): Promise<GatherSummary> {
  const {judging, signal, clock = SYSTEM_CLOCK, note = () => undefined} = options;
  const log = typeof options.log === "string" ? new VoteLog(options.log) : options.log;
  if (signal) setMaxListeners(0, signal); // each call that waits listens, however many there are
  const writer = await log.hold(() => note("Another process is asking judges; waiting for it."), signal);
  try {
    const questions = await Questions.read(requests, judges, judging.attempts, log);
    const services = openServices(questions.judges, judges, options);
    const budget = new Budget(judging.budget, questions.spent);
    const random = options.random ?? Math.random;
    const gathering = new Gathering({questions, budget, writer, clock, random, note, signal});
    await askAll(services, gathering, options.display ?? SILENT_DISPLAY);
    gathering.throwIfFailed();
    throwRefusals(questions);
    return summaryOf(gathering);
  } finally {
    await writer.close();
  }
}

async function askAll(services: JudgeService[], gathering: Gathering, display: VoteDisplay): Promise<void> {
  const ledgers = await claimLedgers(services, gathering);
  display.begin(Object.values(gathering.questions.progress));
  try {
    await Promise.all(
      services.map((service) =>
        askOne(service, gathering, ledgers.get(service)!).catch((error: unknown) => gathering.fail(error))
      )
    );
  } finally {
    display.end();
  }
}

/** What earlier starts have sent in batches is collected beside, and asked again where that was no score. */
async function askOne(service: JudgeService, gathering: Gathering, ledgers: BatchLedger[]): Promise<void> {
  const batches = new BatchRun(service, gathering);
  const run = service.config.batch ? batches : new JudgeRun(service, gathering);
  await Promise.all([batches.collect(ledgers), run.ask()]);
  if (ledgers.length > 0) await run.ask();
}

function openServices(
  ids: string[],
  judges: Record<string, JudgeConfig>,
  {judging, env = process.env, clock = SYSTEM_CLOCK}: GatherOptions
): JudgeService[] {
  const problems: BadInput[] = [];
  const services = ids.flatMap((id) => {
    try {
      if (judging.budget.money !== undefined && !judges[id]!.price) throw withoutPrice(id);
      return [new JudgeService(id, judges[id]!, env, clock)];
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      problems.push(error);
      return [];
    }
  });
  throwAll(problems);
  return services;
}

function throwRefusals({progress}: Questions): void {
  throwAll(Object.values(progress).flatMap(({refused}) => refused ?? []));
}

function throwAll(problems: BadInput[]): void {
  if (problems.length === 1) throw problems[0]!;
  if (problems.length > 1) throw new BadInputs(problems);
}

function withoutPrice(id: string): BadInput {
  return new BadInput({
    where: `judges.${id}`,
    expected: "a price, since the study has a budget in money",
    found: "none",
    mend: "Give `price: {input, output}` for a million tokens, or a budget in tokens."
  });
}

function summaryOf({questions, budget, signal}: Gathering): GatherSummary {
  const judges = questions.judges.map((id) => questions.progress[id]!);
  const sum = (value: (judge: JudgeProgress) => number) =>
    judges.reduce((total, judge) => total + value(judge), 0);
  const statuses = Object.fromEntries(
    VOTE_STATUSES.map((status) => [status, sum((judge) => judge.statuses[status])])
  ) as Record<VoteStatus, number>;
  const open = sum((judge) => judge.questions - judge.settled);
  return {
    questions: questions.size,
    asked: sum(({asked}) => asked),
    scored: statuses.scored,
    statuses,
    unasked: questions.size - VOTE_STATUSES.reduce((total, status) => total + statuses[status], 0),
    tokens: {input: sum(({input_tokens}) => input_tokens), output: sum(({output_tokens}) => output_tokens)},
    cost: judges.every(({cost}) => cost !== null) ? sum(({cost}) => cost ?? 0) : null,
    unconfirmed_tokens: sum(({unconfirmed_tokens}) => unconfirmed_tokens),
    stopped: budget.exhausted ? "budget" : signal?.aborted && open > 0 ? "interrupted" : null,
    judges
  };
}
