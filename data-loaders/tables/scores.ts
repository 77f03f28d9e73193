/** Scores of every system and seed as arrays aligned with the test rows. */
import type {ScoredRows} from "../../src/core/statistics/measure-vectors.js";
import {literal, type Database} from "./database.js";
import type {RunLog} from "./run-logs.js";
import type {TestRows} from "./test-rows.js";

/** One system with one seed, over all the runs that make it up (one, or one a setting). */
export interface Scores extends ScoredRows {
  system: string;
  kind: "arm" | "baseline";
  /** Empty for baselines. */
  seed: string;
  runs: string[];
  /** 1 where the row has a prediction with usable label logits. */
  scored: Uint8Array;
  /** Rows × labels of the row's axis; null where unscored. */
  probabilities: (number[] | null)[];
}

const NUMBERS = ["nll", "brier", "confidence", "label_entropy", "margin", "off_label_mass"] as const;

/** Scores by system and seed, in the order of the logs: baselines, then arms in figure order, seeds ascending. */
export async function readScores(db: Database, logs: RunLog[], test: TestRows): Promise<Scores[]> {
  const all: Scores[] = [];
  for (const members of systemsOf(logs)) all.push(await readSystem(db, members, test));
  return all;
}

function systemsOf(logs: RunLog[]): RunLog[][] {
  const groups = new Map<string, RunLog[]>();
  for (const log of logs) {
    if (log.status !== "done" || !log.system) continue;
    const key = `${log.system} ${log.seed}`;
    groups.set(key, [...(groups.get(key) ?? []), log]);
  }
  return [...groups.values()];
}

async function readSystem(db: Database, members: RunLog[], test: TestRows): Promise<Scores> {
  const {system, seed, kind} = members[0]!;
  const n = test.rows.length;
  const empty = () => new Float64Array(n).fill(NaN);
  const scores = {
    system,
    seed,
    kind: kind === "train" ? ("arm" as const) : ("baseline" as const),
    runs: members.map(({run}) => run),
    scored: new Uint8Array(n),
    gold: test.gold,
    predicted: new Int32Array(n).fill(-1),
    probabilities: new Array<number[] | null>(n).fill(null),
    ...(Object.fromEntries(NUMBERS.map((name) => [name, empty()])) as Record<
      (typeof NUMBERS)[number],
      Float64Array
    >)
  };
  const columns = await db.columns(
    `SELECT "row", predicted_index, label_probabilities, ${NUMBERS.join(", ")} FROM predictions
     WHERE scored AND run IN (${scores.runs.map(literal).join(", ")}) ORDER BY "row"`
  );
  columns.row!.forEach((cell, i) => {
    const row = cell as number;
    scores.scored[row] = 1;
    scores.predicted[row] = Number(columns.predicted_index![i]);
    scores.probabilities[row] = columns.label_probabilities![i] as number[];
    for (const name of NUMBERS) scores[name][row] = (columns[name]![i] as number | null) ?? NaN;
  });
  return scores;
}
