/**
 * What the vote log says to a study's questions, as columns. The log is read as a stream and no text of it is kept, so
 * that memory is some 40 bytes a question, however long the log and its replies are.
 */
import {createHash} from "node:crypto";
import type {JudgeCallRow} from "../../src/core/cubes.js";
import {VOTE_STATUSES, type Vote, type VoteRequest} from "../../src/core/judging/votes.js";
import type {JudgeConfig} from "../../src/core/study.js";
import {costOf} from "../judges/budget.js";
import {voteKey, type VoteLog} from "../judges/vote-log.js";
import {KeyTable} from "./key-table.js";

/** No reply is logged. */
export const UNASKED = -1;
const SCORED = VOTE_STATUSES.indexOf("scored");

export class VoteTable {
  /** Questions, in the order of the requests. */
  readonly size: number;
  /** Score on the prompt's scale; NaN unless scored. */
  readonly scores: Float32Array;
  /** Place in {@link VOTE_STATUSES} of what became of each question; {@link UNASKED} where nothing did. */
  readonly statuses: Int8Array;
  /** 1 where a scored vote says why. */
  readonly explained: Uint8Array;
  /** Replies to each question; a call that got none is no reply. */
  readonly replies: Uint16Array;
  /** What judges did, by prompt, axis, corpus and status. */
  readonly calls: JudgeCallRow[];
  /** Changes with any question, score, status or explanation. */
  readonly hash: string;
  readonly #keys: KeyTable;
  /** Number of each question's key: questions of the same text share one, and its reply. */
  readonly #keyOf: Int32Array;
  readonly #log: VoteLog;

  private constructor(reading: Reading, log: VoteLog) {
    const {keys, keyOf, scores, statuses, explained, replies, marks} = reading;
    this.#keys = keys;
    this.#keyOf = keyOf;
    this.#log = log;
    this.size = keyOf.length;
    this.scores = Float32Array.from(keyOf, (key) => scores[key]!);
    this.statuses = Int8Array.from(keyOf, (key) => statuses[key]!);
    this.explained = Uint8Array.from(keyOf, (key) => explained[key]!);
    this.replies = Uint16Array.from(keyOf, (key) => replies[key]!);
    this.calls = reading.calls();
    const hash = createHash("sha256").update(keys.bytes);
    this.hash = hash.update(keyOf).update(marks).digest("hex");
  }

  /**
   * Reads what the log says to `requests`, which is gone through once. Of a question's attempts the scored one counts,
   * else the last, as for the judges stage.
   */
  static async read(
    requests: Iterable<VoteRequest>,
    judges: Record<string, JudgeConfig>,
    log: VoteLog
  ): Promise<VoteTable> {
    const reading = new Reading(requests, judges);
    for await (const vote of log.attempts({has: (key) => reading.keys.find(key) >= 0})) reading.note(vote);
    return new VoteTable(reading, log);
  }

  /** Questions that the log says nothing to. */
  get unasked(): number {
    return this.statuses.reduce((sum, status) => sum + (status === UNASKED ? 1 : 0), 0);
  }

  /** Questions without a score that can be asked again, each at most so many times. */
  open(attempts: number): number {
    return this.statuses.reduce(
      (sum, status, i) => sum + (status !== SCORED && this.replies[i]! < attempts ? 1 : 0),
      0
    );
  }

  /** Explanations of the questions given, by their numbers; empty where there is none. Reads the log again. */
  async explanations(questions: Iterable<number>): Promise<Map<number, string>> {
    const asked = new Map<number, number[]>();
    for (const question of questions) {
      const key = this.#keyOf[question]!;
      const known = asked.get(key);
      if (known) known.push(question);
      else asked.set(key, [question]);
    }
    const found = new Map<number, string>();
    const wanted = {has: (key: string) => asked.has(this.#keys.find(key))};
    for await (const {key, status, explanation} of this.#log.attempts(wanted)) {
      if (status !== "scored") continue;
      const questionsOf = asked.get(this.#keys.find(key))!;
      // Of two scored replies, which only a log mended by hand has, the first counts everywhere.
      for (const question of questionsOf) if (!found.has(question)) found.set(question, explanation);
    }
    return found;
  }
}

/** Bytes of a digest that are kept of each vote. */
const MARK_BYTES = 16;

/** The state of reading, by key. */
class Reading {
  readonly keys = new KeyTable();
  readonly keyOf: Int32Array;
  readonly scores: Float32Array;
  readonly statuses: Int8Array;
  readonly explained: Uint8Array;
  readonly replies: Uint16Array;
  /** Digest of what each vote says. */
  readonly marks: Uint8Array;
  readonly #groupOf: Int32Array;
  readonly #groups: CallGroup[] = [];
  readonly #groupNames = new Map<string, number>();
  readonly #judges: Record<string, JudgeConfig>;

  constructor(requests: Iterable<VoteRequest>, judges: Record<string, JudgeConfig>) {
    this.#judges = judges;
    const keyOf: number[] = [];
    const groupOf: number[] = [];
    for (const request of requests) {
      const key = this.keys.add(voteKey(judges[request.judge]!, request));
      keyOf.push(key);
      groupOf[key] ??= this.#groupNumber(request);
    }
    this.keyOf = Int32Array.from(keyOf);
    this.#groupOf = Int32Array.from(groupOf);
    this.scores = new Float32Array(this.keys.size).fill(NaN);
    this.statuses = new Int8Array(this.keys.size).fill(UNASKED);
    this.explained = new Uint8Array(this.keys.size);
    this.replies = new Uint16Array(this.keys.size);
    this.marks = new Uint8Array(this.keys.size * MARK_BYTES);
  }

  #groupNumber({judge, prompt, axis, corpus}: VoteRequest): number {
    const name = JSON.stringify([judge, prompt, axis, corpus]);
    const known = this.#groupNames.get(name);
    if (known !== undefined) return known;
    this.#groupNames.set(name, this.#groups.length);
    return this.#groups.push(newGroup({judge, prompt, axis, corpus})) - 1;
  }

  note(vote: Vote): void {
    const key = this.keys.find(vote.key);
    addAttempt(this.#groups[this.#groupOf[key]!]!, vote, this.#judges);
    if (vote.status !== "failed") this.replies[key]! += 1;
    if (this.statuses[key] === SCORED) return;
    this.statuses[key] = VOTE_STATUSES.indexOf(vote.status);
    this.scores[key] = vote.status === "scored" ? vote.score! : NaN;
    this.explained[key] = vote.status === "scored" && vote.explanation !== "" ? 1 : 0;
    const {status, score, explanation} = vote;
    const digest = createHash("sha256")
      .update(JSON.stringify([status, score, explanation]))
      .digest();
    this.marks.set(digest.subarray(0, MARK_BYTES), key * MARK_BYTES);
  }

  calls(): JudgeCallRow[] {
    this.statuses.forEach((status, key) => {
      if (status !== UNASKED) this.#groups[this.#groupOf[key]!]!.byStatus[status]!.votes += 1;
    });
    return this.#groups.flatMap(({about, byStatus}) =>
      byStatus.flatMap((counts, status) =>
        counts.attempts > 0 ? [{...about, status: VOTE_STATUSES[status]!, ...counts}] : []
      )
    );
  }
}

type About = Pick<JudgeCallRow, "judge" | "prompt" | "axis" | "corpus">;
type CallCounts = Omit<JudgeCallRow, keyof About | "status">;

interface CallGroup {
  about: About;
  /** In the order of the statuses. */
  byStatus: CallCounts[];
}

function newGroup(about: About): CallGroup {
  const byStatus = VOTE_STATUSES.map((): CallCounts => ({
    votes: 0,
    attempts: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost: null
  }));
  return {about, byStatus};
}

function addAttempt({about, byStatus}: CallGroup, vote: Vote, judges: Record<string, JudgeConfig>): void {
  const counts = byStatus[VOTE_STATUSES.indexOf(vote.status)]!;
  const cost = vote.cost ?? costOf(judges[about.judge]!, vote);
  counts.attempts += 1;
  counts.input_tokens += vote.input_tokens;
  counts.output_tokens += vote.output_tokens;
  if (cost !== null) counts.cost = (counts.cost ?? 0) + cost;
}
