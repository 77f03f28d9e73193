/** Asks one judge all its open questions, several at a time. */
import {BadInput} from "../../src/core/bad-input.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import {spendOf} from "./budget.js";
import {CallFailure} from "./call-failure.js";
import type {Gathering} from "./gathering.js";
import type {JudgeProgress} from "./progress.js";
import type {OpenQuestion} from "./questions.js";
import {RateLimit} from "./rate-limit.js";
import {backoff} from "./retry.js";
import type {JudgeService, Reply} from "./service.js";
import {mostTokens, promptBytes, TokenGuess} from "./token-bounds.js";

/** Longest wait that a service can ask for; a judge that asks for more is left for another start. Milliseconds. */
const LONGEST_WAIT = 3_600_000;
/** Questions in a row without any reply after which a service is taken to be down. */
const DOWN_AFTER = 8;

export class JudgeRun {
  readonly #service: JudgeService;
  readonly #gathering: Gathering;
  readonly #progress: JudgeProgress;
  readonly #rate: RateLimit;
  readonly #guess = new TokenGuess();
  #refused = false;
  #answered = false;
  #withoutReply = 0;

  constructor(service: JudgeService, gathering: Gathering) {
    this.#service = service;
    this.#gathering = gathering;
    this.#progress = gathering.questions.progress[service.id]!;
    this.#rate = new RateLimit(service.config.limits, gathering.clock);
  }

  /**
   * The first question goes alone: a wrong key or an unknown form of replies then costs one call. Errors are noted with
   * the gathering, and end it.
   */
  async ask(): Promise<void> {
    const open = this.#gathering.questions.open(this.#service.id);
    const worker = async (): Promise<void> => {
      try {
        for (let next; !this.#stopped && !(next = await open.next()).done;) await this.#settle(next.value);
      } catch (error) {
        this.#gathering.fail(error);
      }
    };
    const first = await open.next();
    if (first.done) return;
    await this.#settle(first.value).catch((error: unknown) => this.#gathering.fail(error));
    await Promise.all(Array.from({length: this.#service.config.concurrency}, worker));
  }

  get #stopped(): boolean {
    return this.#refused || this.#gathering.stopped;
  }

  /** Asks until there is a score, or the attempts are used up. Every reply is logged before anything else happens. */
  async #settle({key, request}: OpenQuestion): Promise<void> {
    const {questions} = this.#gathering;
    while (questions.isOpen(key) && !this.#stopped) {
      const outcome = await this.#reply(request);
      if (outcome === null) return;
      if (!(outcome instanceof CallFailure)) this.#withoutReply = 0;
      else if (
        outcome.passing &&
        ++this.#withoutReply >= Math.max(DOWN_AFTER, this.#service.config.concurrency)
      )
        this.#refuse(this.#service.refusal(outcome));
      this.#gathering.log(this.#service, {key, request, outcome});
      if (outcome instanceof CallFailure && outcome.kind !== "declined") return;
    }
  }

  /** A whole reply, or why there is none within the bound of retries; null if asking has stopped. */
  async #reply(request: VoteRequest): Promise<Reply | CallFailure | null> {
    for (let failures = 0; ;) {
      const outcome = await this.#call(request);
      if (!(outcome instanceof CallFailure)) return outcome;
      if (this.#isAboutForm(outcome, failures) && this.#takesOtherForm(outcome)) continue;
      if (outcome.kind === "form" || outcome.kind === "judge")
        return this.#refuse(this.#service.refusal(outcome));
      if (!outcome.passing || ++failures > this.#service.config.retries) return outcome;
      if (!(await this.#pause(outcome, failures))) return null;
    }
  }

  /** One call, within budget and limits; its reply's tokens are settled. */
  async #call(request: VoteRequest): Promise<Reply | CallFailure | null> {
    const {budget, signal} = this.#gathering;
    const {config} = this.#service;
    const bytes = promptBytes(request.messages);
    const most = spendOf(config, mostTokens(bytes, config));
    const settle = await budget.reserve(most);
    if (!settle) return null;
    const admission = await this.#rate.admit(this.#guess.tokens(bytes, config), signal);
    if (!admission || this.#stopped) {
      settle({tokens: 0, money: 0});
      return null;
    }
    try {
      const reply = await this.#service.call(request);
      settle(spendOf(config, reply.usage));
      admission.correct(reply.usage.input_tokens + reply.usage.output_tokens);
      this.#answered = true;
      this.#guess.learn(bytes, reply.usage);
      return reply;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      settle(error.unconfirmed ? most : {tokens: 0, money: 0});
      if (error.unconfirmed) this.#progress.unconfirmed_tokens += most.tokens;
      this.#progress.failures[error.kind] = (this.#progress.failures[error.kind] ?? 0) + 1;
      return error;
    }
  }

  /** Some services say 500 to a form that they do not know: a second one before any reply is taken for that. */
  #isAboutForm({kind, status}: CallFailure, failures: number): boolean {
    return kind === "form" || (status === 500 && failures > 0 && !this.#answered);
  }

  /** Other calls may have found the next form meanwhile; then it is enough to ask again. */
  #takesOtherForm(failure: CallFailure): boolean {
    return failure.form !== this.#service.form.tried || this.#service.form.fallBack(failure.message);
  }

  /** Waits before a call is sent again; a limit that was met holds back the whole judge. False if asking has stopped. */
  async #pause(failure: CallFailure, failures: number): Promise<boolean> {
    const {clock, random, signal} = this.#gathering;
    const wait = failure.retryAfter ?? backoff(failures, random);
    if (wait > LONGEST_WAIT) return this.#refuse(this.#waitsTooLong(wait)) !== null;
    if (failure.kind === "rate-limited" || failure.retryAfter !== null) {
      this.#rate.pauseUntil(clock.now() + wait);
      this.#progress.paused_until = this.#rate.pausedUntil;
    }
    await clock.sleep(failure.retryAfter === null ? wait : wait * (1 + random() / 10), signal);
    return !this.#stopped;
  }

  #refuse(reason: BadInput): null {
    if (!this.#refused) this.#gathering.refuse(this.#progress, reason);
    this.#refused = true;
    return null;
  }

  #waitsTooLong(wait: number): BadInput {
    return new BadInput({
      where: `judges.${this.#service.id} (${this.#service.config.base_url})`,
      expected: "a service that takes calls within the hour",
      found: `one that asks to wait ${Math.ceil(wait / 60_000)} minutes`,
      mend: "Start again then; votes that are logged are kept."
    });
  }
}
