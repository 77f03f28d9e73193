/** The vote log: every reply that was paid for, in append-only JSON Lines, one file for each model of a service. */
import {createHash} from "node:crypto";
import {closeSync, fstatSync, fsync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync} from "node:fs";
import {mkdir, readdir} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {Vote, VoteRequest} from "../../src/core/judging/votes.js";
import type {JudgeConfig} from "../../src/core/study.js";
import {holdLock} from "../setup/lock.js";
import {identityOf, serviceOf} from "./judge-identity.js";
import {KEY_DIGITS, lineOf, readVotes, repairEnd} from "./log-lines.js";

/** Milliseconds after which what was written is forced onto the disk. */
const SYNC_WITHIN = 1000;

/**
 * Hash of everything that decides a reply: service, model, parameters, messages, and the scale; 32 hex digits. Names
 * that the study gives to judges, prompts and corpora are no part of it, nor is the attempt.
 */
export function voteKey(
  judge: JudgeConfig,
  {messages, scale}: Pick<VoteRequest, "messages" | "scale">
): string {
  const decisive = [...identityOf(judge), messages.map(({role, content}) => [role, content]), scale];
  return createHash("sha256").update(JSON.stringify(decisive)).digest("hex").slice(0, KEY_DIGITS);
}

/** Name of a judge's file, and of its folder of batches: `api.openai.com-gpt-4o-mini-1a2b3c4d`. */
export function logName(judge: JudgeConfig): string {
  const {host} = new URL(judge.base_url);
  const hash = createHash("sha256")
    .update(JSON.stringify([serviceOf(judge), judge.model]))
    .digest("hex");
  const readable = `${host}-${judge.model}`
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .slice(0, 80);
  return `${readable}-${hash.slice(0, 8)}`;
}

/** A folder of votes, shared by all studies of a store. */
export class VoteLog {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * All attempts at some questions, in the order they were logged in each file. Reading needs no lock: what is being
   * written meanwhile is seen or not.
   */
  async *attempts(keys: {has(key: string): boolean}): AsyncGenerator<Vote> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names.filter((each) => each.endsWith(".jsonl")).sort())
      yield* readVotes(join(this.folder, name), (key) => keys.has(key));
  }

  /**
   * The vote of each question that counts: the scored one, else the last attempt. Scored votes come as they are read,
   * the others at the end. Names in a vote (corpus, judge, prompt) are those of the study that asked first: join by key.
   */
  async *lastVotes(keys: Iterable<string>): AsyncGenerator<Vote> {
    const open = new Set(keys);
    const unscored = new Map<string, Vote>();
    for await (const vote of this.attempts(open))
      if (vote.status === "scored") {
        open.delete(vote.key);
        unscored.delete(vote.key);
        yield vote;
      } else unscored.set(vote.key, vote);
    yield* unscored.values();
  }

  /**
   * Holds the log for writing, and mends what a kill left half-written. One process at a time: two would pay twice.
   *
   * @param waiting is called once if another process holds it
   */
  async hold(waiting: () => void, signal?: AbortSignal): Promise<VoteWriter> {
    await mkdir(this.folder, {recursive: true});
    const release = await holdLock(join(this.folder, "lock"), waiting, signal);
    try {
      for (const name of await readdir(this.folder))
        if (name.endsWith(".jsonl")) await repairEnd(join(this.folder, name));
    } catch (error) {
      await release();
      throw error;
    }
    return new VoteWriter(this.folder, release);
  }
}

/** Appends votes. */
export class VoteWriter {
  readonly folder: string;
  readonly #release: () => Promise<void>;
  readonly #files = new Map<string, number>();
  readonly #unsynced = new Set<number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(folder: string, release: () => Promise<void>) {
    this.folder = folder;
    this.#release = release;
  }

  /**
   * Hands the vote's line to the operating system before it returns: it then survives the death of the process at any
   * moment. The disk has it within a second, in case the machine dies.
   *
   * @throws BadInput where the disk is full; what is half-written is taken back
   */
  append(judge: JudgeConfig, vote: Vote): void {
    const file = this.#open(logName(judge));
    const bytes = Buffer.from(lineOf(vote));
    const {size} = fstatSync(file);
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    } catch (error) {
      ftruncateSync(file, size);
      throw this.#unwritable(error as NodeJS.ErrnoException);
    }
    this.#unsynced.add(file);
    this.#timer ??= setTimeout(() => this.#sync(), SYNC_WITHIN);
  }

  /** Forces everything onto the disk and lets others write. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    for (const file of this.#files.values()) {
      fsyncSync(file);
      closeSync(file);
    }
    this.#files.clear();
    await this.#release();
  }

  #open(name: string): number {
    let file = this.#files.get(name);
    if (file === undefined) {
      mkdirSync(this.folder, {recursive: true});
      file = openSync(join(this.folder, `${name}.jsonl`), "a");
      this.#files.set(name, file);
    }
    return file;
  }

  #sync(): void {
    this.#timer = null;
    for (const file of this.#unsynced) fsync(file, () => undefined); // closing does it again, and says what went wrong
    this.#unsynced.clear();
  }

  #unwritable(error: NodeJS.ErrnoException): BadInput {
    return new BadInput({
      where: this.folder,
      expected: "a folder that votes can be written to",
      found: error.message,
      mend: "Make room or name another store; votes that are logged are kept, and the next start goes on."
    });
  }
}
