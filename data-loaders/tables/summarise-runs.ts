/** Summaries of all runs. What doesn't fit the study becomes a failed run, with the reason, and is in no number. */
import {findMismatch} from "./find-mismatch.js";
import type {Making} from "./make-cubes.js";
import type {RunLog} from "./run-logs.js";
import {parquet} from "./study-database.js";
import type {ShownScores} from "./shown-scores.js";
import type {RunFinding, SummaryPlaces, UnitSummary} from "./tasks.js";
import type {Member, System, Unit} from "./systems.js";
import type {Summary} from "./summary.js";

/** A seed of a system whose summary may not have been read yet. */
export interface KnownMember extends Unit {
  /** Of everything that its summary depends on. */
  key: string;
  shown: ShownScores;
  summary: Summary | null;
}

export interface KnownSystem extends Pick<System, "system" | "kind"> {
  members: KnownMember[];
}

export interface Summarised {
  /** With what was found. */
  logs: RunLog[];
  systems: KnownSystem[];
  /** Reads what is missing of a system's summaries. */
  withSummaries: (system: KnownSystem) => Promise<System>;
  /** Run → accuracy over its test rows. */
  accuracy: Map<string, number>;
  /** Rows of all runs that count. */
  predictions: number;
}

export async function summariseRuns(making: Making, logs: RunLog[]): Promise<Summarised> {
  const {db, memory} = making;
  const units = memory.unitsOf(logs);
  const summaries = await Promise.all(units.map((unit) => summaryOf(making, unit, false)));
  const findings = new Map(
    summaries.flatMap((summary) => summary.findings.map((finding) => [finding.run, finding]))
  );
  const checked: RunLog[] = [];
  for (const log of logs) {
    const finding = findings.get(log.run);
    const found = finding ? await judgeFinding(db, log, finding) : log;
    checked.push(found);
  }
  const done = new Set(checked.filter(({status}) => status === "done").map(({run}) => run));
  const unitOf = new Map<KnownMember, Unit>();
  const members = units.flatMap((unit, i): KnownMember[] => {
    const runs = unit.runs.filter(({run}) => done.has(run));
    if (runs.length === 0) return [];
    const {shown, summary} = summaries[i]!;
    const member = {...unit, runs, key: memory.keyOf(unit), shown, summary};
    unitOf.set(member, unit);
    return [member];
  });
  const withSummary = async (member: KnownMember): Promise<Member> => {
    member.summary ??= (await summaryOf(making, unitOf.get(member)!, true)).summary!;
    const {system, kind, seed, runs, recorded, summary} = member;
    return {system, kind, seed, runs, recorded, summary};
  };
  const counted = [...findings.values()].filter(({run}) => done.has(run));
  return {
    logs: checked,
    systems: bySystem(members),
    withSummaries: async ({system, kind, members: own}) => ({
      system,
      kind,
      members: await Promise.all(own.map(withSummary))
    }),
    accuracy: new Map(
      counted.flatMap(({run, counts}) =>
        counts!.rows > counts!.unscored
          ? [[run, counts!.right / (counts!.rows - counts!.unscored)] as const]
          : []
      )
    ),
    predictions: counted.reduce((sum, {counts}) => sum + counts!.rows, 0)
  };
}

function summaryOf({executor, memory}: Making, unit: Unit, whole: boolean): Promise<UnitSummary> {
  return executor.run({kind: "summary", unit, remember: placesOf(memory, unit), whole});
}

function placesOf(memory: Making["memory"], unit: Unit): SummaryPlaces | null {
  const key = memory.keyOf(unit);
  const [finding, summary] = [memory.place("finding", key), memory.place("summary", key)];
  return finding && summary && {finding, summary};
}

async function judgeFinding(db: Making["db"], log: RunLog, finding: RunFinding): Promise<RunLog> {
  const {counts, problem} = finding;
  if (!counts)
    return {...log, status: "failed", reason: `Its files can't be read as the contract says: ${problem}`};
  if (counts.mismatch) {
    const reason = await findMismatch(db, parquet(log, "predictions.parquet"));
    return {...log, status: "failed", reason: reason ?? "Its predictions don't fit the study."};
  }
  if (counts.unscored === 0) return log;
  return {
    ...log,
    reason: `${log.reason}; ${counts.unscored} of ${counts.rows} test rows have label logits that aren't finite numbers and are left out`
  };
}

function bySystem(members: KnownMember[]): KnownSystem[] {
  const systems = new Map<string, KnownSystem>();
  for (const member of members) {
    const {system, kind} = member;
    const own = systems.get(system) ?? {system, kind, members: []};
    own.members.push(member);
    systems.set(system, own);
  }
  return [...systems.values()];
}
