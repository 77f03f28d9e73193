/** Summaries of all runs. What doesn't fit the study becomes a failed run, with the reason, and is in no number. */
import {findMismatch} from "./find-mismatch.js";
import type {Making} from "./make-cubes.js";
import type {RunLog} from "./run-logs.js";
import {parquet} from "./study-database.js";
import type {RunFinding} from "./tasks.js";
import type {Member, System} from "./systems.js";

export interface Summarised {
  /** With what was found. */
  logs: RunLog[];
  systems: System[];
  /** What each member's summary depends on. */
  keys: Map<Member, string>;
  /** Run → accuracy over its test rows. */
  accuracy: Map<string, number>;
  /** Rows of all runs that count. */
  predictions: number;
}

export async function summariseRuns({db, executor, memory}: Making, logs: RunLog[]): Promise<Summarised> {
  const units = memory.unitsOf(logs);
  const summaries = await Promise.all(
    units.map((unit) =>
      executor.run({kind: "summary", unit, remember: memory.place("summary", memory.keyOf(unit))})
    )
  );
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
  const keys = new Map<Member, string>();
  const members = units.flatMap((unit, i): Member[] => {
    const runs = unit.runs.filter(({run}) => done.has(run));
    if (runs.length === 0) return [];
    const member = {...unit, runs, summary: summaries[i]!.summary};
    keys.set(member, memory.keyOf(unit));
    return [member];
  });
  const counted = [...findings.values()].filter(({run}) => done.has(run));
  return {
    logs: checked,
    systems: bySystem(members),
    keys,
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

function bySystem(members: Member[]): System[] {
  const systems = new Map<string, System>();
  for (const member of members) {
    const {system, kind} = member;
    const own = systems.get(system) ?? {system, kind, members: []};
    own.members.push(member);
    systems.set(system, own);
  }
  return [...systems.values()];
}
