/** Asks one judge through its service's Batch API, and collects what earlier starts have sent. */
import {randomUUID} from "node:crypto";
import {readLedgers, removeLedger, writeLedger} from "./batch-ledger.js";
import type {BatchEntry, BatchLedger} from "./batch-ledger.js";
import {batchLine, collectBatch, findBatch, isOver, startBatch} from "./batch-service.js";
import {NOTHING, spendOf} from "./budget.js";
import type {Spend} from "./budget.js";
import {CallFailure} from "./call-failure.js";
import type {Gathering} from "./gathering.js";
import type {OpenQuestion} from "./questions.js";
import {backoff} from "./retry.js";
import type {JudgeService, Reply} from "./service.js";
import {mostTokens, promptBytes} from "./token-bounds.js";
import {logName} from "./vote-log.js";

/** Limits of a batch: OpenAI takes 50,000 questions in 200 MB, others half of that. */
const MOST_QUESTIONS = 50_000;
const MOST_BYTES = 95e6;
/** Milliseconds between two looks at a batch. */
const FIRST_LOOK = 5_000;
const LONGEST_LOOK = 60_000;

type Settle = (actual: Spend) => void;
interface Sent {
  ledger: BatchLedger;
  settles: Map<string, Settle>;
}
/** What is to be sent: a line for each question of the ledger. */
interface Drawn extends Sent {
  lines: string[];
}

/** Gives each service what is on its way under its log's name, and keeps those questions from being asked anew. */
export async function claimLedgers(
  services: JudgeService[],
  {questions, writer}: Gathering
): Promise<Map<JudgeService, BatchLedger[]>> {
  const claimed = new Map<JudgeService, BatchLedger[]>(services.map((service) => [service, []]));
  for (const ledger of await readLedgers(writer.folder)) {
    const service = services.find(({config}) => logName(config) === ledger.log);
    if (!service) continue;
    claimed.get(service)!.push(ledger);
    for (const {key} of ledger.entries) questions.setAway(key, true);
  }
  return claimed;
}

export class BatchRun {
  readonly #service: JudgeService;
  readonly #gathering: Gathering;
  /** How often each question has come back without a reply. */
  readonly #failures = new Map<string, number>();
  #refused = false;

  constructor(service: JudgeService, gathering: Gathering) {
    this.#service = service;
    this.#gathering = gathering;
  }

  /** Collects what earlier starts have sent. Errors are noted with the gathering, and end it. */
  async collect(ledgers: BatchLedger[]): Promise<void> {
    await Promise.all(ledgers.map((ledger) => this.#guard(() => this.#resume(ledger))));
  }

  /** Sends what is open, batch after batch, and again what came back without a score. */
  async ask(): Promise<void> {
    await this.#guard(async () => {
      const following: Promise<void>[] = [];
      for (let sent = true; sent && !this.#stopped;) {
        sent = false;
        const open = this.#gathering.questions.open(this.#service.id);
        for (let next; !this.#stopped && (next = await this.#draw(open)); sent = true) {
          const batch = await this.#send(next);
          if (batch) following.push(this.#guard(() => this.#follow(batch)));
        }
        await Promise.all(following.splice(0));
      }
    });
  }

  get #stopped(): boolean {
    return this.#refused || this.#gathering.stopped;
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof CallFailure) this.#refuse(error);
      else this.#gathering.fail(error);
    }
  }

  /** As many open questions as a batch and the budget hold; null if there are none. */
  async #draw(open: AsyncIterator<OpenQuestion>): Promise<Drawn | null> {
    const {config, form} = this.#service;
    const ledger = {token: randomUUID(), log: logName(config), batch: null, form: form.tried, entries: []};
    const drawn: Drawn = {ledger, settles: new Map(), lines: []};
    for (let length = 0; drawn.lines.length < MOST_QUESTIONS && length < MOST_BYTES;) {
      const next = await open.next();
      if (next.done) break;
      if ((this.#failures.get(next.value.key) ?? 0) > config.retries) continue;
      if (!(await this.#add(drawn, next.value))) break; // what is left is drawn when other batches are settled
      length += Buffer.byteLength(drawn.lines.at(-1)!);
    }
    return drawn.lines.length > 0 ? drawn : null;
  }

  /** Adds a question, if the budget has room for it. */
  async #add({ledger, settles, lines}: Drawn, {key, request}: OpenQuestion): Promise<boolean> {
    const {questions, budget} = this.#gathering;
    const {messages, corpus, example_id, axis, judge, prompt, scale} = request;
    const bytes = promptBytes(messages);
    const most = spendOf(this.#service.config, mostTokens(bytes, this.#service.config));
    const settle = lines.length === 0 ? await budget.reserve(most) : budget.reserveNow(most);
    if (!settle) return false;
    const named = {corpus, example_id, axis, judge, prompt, scale};
    ledger.entries.push({key, attempt: questions.nextAttempt(key), bytes, request: named});
    settles.set(key, settle);
    lines.push(batchLine(this.#service, key, {messages, scale}));
    return true;
  }

  /** Notes what is sent before it is sent, so that a kill at any moment leaves a trace. */
  async #send({ledger, settles, lines}: Drawn): Promise<Sent | null> {
    const {writer, questions, note} = this.#gathering;
    for (const {key} of ledger.entries) questions.setAway(key, true);
    await writeLedger(writer.folder, ledger);
    let tried = false;
    try {
      const batch = await this.#patiently(async () => {
        const found = tried ? await findBatch(this.#service, ledger.token) : null;
        tried = true;
        return found ?? startBatch(this.#service, lines, ledger.token);
      });
      if (batch) {
        const sent = {...ledger, batch};
        await writeLedger(writer.folder, sent);
        note(
          `${this.#service.id}: ${lines.length} questions sent as batch ${batch}; it may take a day, and is collected by any later start.`
        );
        return {ledger: sent, settles};
      }
    } catch (error) {
      await this.#bringBack({ledger, settles});
      throw error;
    }
    return null; // stopped while it was being sent; the next start looks whether it was
  }

  async #resume(ledger: BatchLedger): Promise<void> {
    const {budget, questions} = this.#gathering;
    const settles = new Map<string, Settle>();
    for (const {key, bytes} of ledger.entries)
      if (questions.has(key))
        settles.set(key, budget.hold(spendOf(this.#service.config, mostTokens(bytes, this.#service.config))));
    const batch = ledger.batch ?? (await this.#patiently(() => findBatch(this.#service, ledger.token)));
    if (batch) await this.#follow({ledger: {...ledger, batch}, settles});
    else if (!this.#stopped) await this.#bringBack({ledger, settles});
  }

  /** Waits for a batch and logs its replies. */
  async #follow({ledger, settles}: Sent): Promise<void> {
    const {clock, signal} = this.#gathering;
    const look = () =>
      this.#patiently(() => this.#service.use((client) => client.batches.retrieve(ledger.batch!)));
    let batch = await look();
    for (let wait = FIRST_LOOK; batch && !isOver(batch); wait = Math.min(LONGEST_LOOK, wait * 1.5)) {
      await clock.sleep(wait, signal);
      batch = await look();
    }
    if (!batch) return; // stopped; the next start goes on following it
    const over = batch;
    if (over.status === "failed") {
      await this.#bringBack({ledger, settles});
      const said = over.errors?.data?.map(({message}) => message).join("; ") ?? "no reason given";
      throw new CallFailure("judge", this.#service.redact(`the batch failed: ${said}`));
    }
    const outcomes = await this.#patiently(() => collectBatch(this.#service, over, ledger));
    if (!outcomes) return;
    for (const entry of ledger.entries) {
      const spent = this.#note(entry, outcomes.get(entry.key)!, ledger);
      settles.get(entry.key)?.(spent);
      settles.delete(entry.key);
    }
    await this.#bringBack({ledger, settles});
  }

  /** Logs a reply, unless a start that was killed has done so. Returns what it adds to the spending. */
  #note({key, attempt, request}: BatchEntry, outcome: Reply | CallFailure, {form}: BatchLedger): Spend {
    const {questions} = this.#gathering;
    if (questions.has(key) && questions.nextAttempt(key) > attempt) return NOTHING;
    if (outcome instanceof CallFailure && this.#isTriedAgain(key, outcome, form)) return NOTHING;
    this.#gathering.log(this.#service, {key, request, outcome, attempt});
    return outcome instanceof CallFailure ? NOTHING : spendOf(this.#service.config, outcome.usage);
  }

  /** Whether a question without a reply goes into the next batch; it is logged as failed only if it does not. */
  #isTriedAgain(key: string, failure: CallFailure, form: number): boolean {
    const {kind, message} = failure;
    if (kind === "declined") return false;
    const {failures} = this.#gathering.questions.progress[this.#service.id]!;
    failures[kind] = (failures[kind] ?? 0) + 1;
    const replies = this.#service.form;
    if (kind === "form" && (form !== replies.tried || replies.fallBack(message))) return true;
    if (kind === "form" || kind === "judge") {
      this.#refuse(failure);
      return true;
    }
    const times = kind === "question" ? Infinity : (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, times);
    return times <= this.#service.config.retries;
  }

  /** Ends a batch: its questions may be asked again, what is still set aside for it is free. */
  async #bringBack({ledger, settles}: Sent): Promise<void> {
    const {questions, writer} = this.#gathering;
    for (const {key} of ledger.entries) questions.setAway(key, false);
    for (const settle of settles.values()) settle(NOTHING);
    await removeLedger(writer.folder, ledger);
  }

  /** Tries again as a single call would; null if asking has stopped. */
  async #patiently<T>(work: () => Promise<T>): Promise<T | null> {
    const {clock, random, signal} = this.#gathering;
    for (let failures = 1; !this.#stopped; failures++)
      try {
        return await work();
      } catch (error) {
        const passing = error instanceof CallFailure && error.passing;
        if (!passing || failures > this.#service.config.retries) throw error;
        await clock.sleep(error.retryAfter ?? backoff(failures, random), signal);
      }
    return null;
  }

  #refuse(failure: CallFailure): void {
    const progress = this.#gathering.questions.progress[this.#service.id]!;
    if (!this.#refused) this.#gathering.refuse(progress, this.#service.refusal(failure));
    this.#refused = true;
  }
}
