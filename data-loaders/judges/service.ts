/** One judge behind its service: a single call at a time, without any policy of trying again. */
import OpenAI from "openai";
import {BadInput} from "../../src/core/bad-input.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import type {JudgeConfig} from "../../src/core/study.js";
import {CallFailure, failureOf} from "./call-failure.js";
import type {Clock} from "./clock.js";
import {readCompletion} from "./completion.js";
import type {Completion, QuestionFacts} from "./completion.js";
import {KeyGuard} from "./key-guard.js";
import {ReplyForm} from "./reply-form.js";
import {promptBytes} from "./token-bounds.js";

/** Longest body that is read, in bytes: a service that does not stop would fill the memory. */
const LONGEST_BODY = 1 << 20;

/** A whole reply. */
export interface Reply extends Completion {
  seconds: number;
}

export class JudgeService {
  readonly id: string;
  readonly config: JudgeConfig;
  readonly form: ReplyForm;
  /** The `openai` package's client, with its own retries off. */
  readonly client: OpenAI;
  readonly #guard: KeyGuard;
  readonly #clock: Clock;

  /** Throws BadInput where the environment holds no key. */
  constructor(id: string, config: JudgeConfig, env: NodeJS.ProcessEnv, clock: Clock) {
    this.id = id;
    this.config = config;
    this.form = new ReplyForm(config);
    this.#clock = clock;
    const key = keyOf(id, config, env);
    this.#guard = new KeyGuard(key);
    this.client = new OpenAI({
      apiKey: key,
      baseURL: config.base_url,
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      timeout: config.timeout * 1000,
      maxRetries: 0,
      logLevel: "off"
    });
  }

  /** What is sent. */
  body({
    messages,
    scale
  }: Pick<VoteRequest, "messages" | "scale">): OpenAI.ChatCompletionCreateParamsNonStreaming {
    const {model, temperature, seed} = this.config;
    return {
      model,
      messages,
      temperature,
      ...(seed === undefined ? {} : {seed}),
      ...this.form.parameters(scale)
    };
  }

  /**
   * Sends a question once and waits for the whole reply, `timeout` seconds at most.
   *
   * @throws CallFailure
   */
  async call(request: VoteRequest): Promise<Reply> {
    const began = this.#clock.now();
    const form = this.form.tried;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.config.timeout * 1000);
    try {
      const options = {signal: controller.signal};
      const response = await this.client.chat.completions.create(this.body(request), options).asResponse();
      const text = await readBody(response);
      const facts = {scale: request.scale, bytes: promptBytes(request.messages)};
      return {...this.read(text, facts), seconds: (this.#clock.now() - began) / 1000};
    } catch (error) {
      throw this.#redacted(failureOf(error, controller.signal.aborted, this.#clock.now()), form);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Does something else with the service, once.
   *
   * @throws CallFailure
   */
  async use<T>(work: (client: OpenAI) => Promise<T>): Promise<T> {
    try {
      return await work(this.client);
    } catch (error) {
      throw this.#redacted(failureOf(error, false, this.#clock.now()), this.form.tried);
    }
  }

  /**
   * Reads a body as it came, then takes the key out of what is kept of it as text.
   *
   * @throws CallFailure
   */
  read(body: string, facts: QuestionFacts): Completion {
    const completion = readCompletion(body, facts);
    return {
      ...completion,
      raw: this.#guard.clear(completion.raw),
      explanation: this.#guard.clearExplanation(completion.explanation)
    };
  }

  /** A message without the key. */
  redact(text: string): string {
    return this.#guard.clear(text);
  }

  /** What a user is told when no call of this judge can succeed. */
  refusal({status, message}: CallFailure): BadInput {
    const {base_url, model, key_from, batch} = this.config;
    return new BadInput({
      where: `judges.${this.id} (${base_url})`,
      expected: "a service that answers",
      found: message,
      mend:
        status === 401 || status === 403
          ? `Check that the environment variable ${key_from} holds a key that this service takes for ${model}.`
          : status === 404
            ? `Check base_url, and that the service has a model called ${model}${batch ? " and a Batch API" : ""}.`
            : status === 402 || status === 429
              ? "Check the account's quota and billing; votes that are logged are kept, and the next start goes on."
              : "Check base_url and the judge's other settings in the study, and that the service runs; votes that are logged are kept, and the next start goes on."
    });
  }

  #redacted({kind, message, status, retryAfter}: CallFailure, form: number): CallFailure {
    const failure = new CallFailure(kind, this.redact(message), status, retryAfter);
    failure.form = form;
    return failure;
  }
}

function keyOf(id: string, {key_from, base_url}: JudgeConfig, env: NodeJS.ProcessEnv): string {
  const key = env[key_from]?.trim();
  if (key && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new BadInput({
    where: `judges.${id}`,
    expected: `the key of ${base_url} in the environment variable ${key_from}`,
    found: key ? "a value with characters that no key has" : "no such variable",
    mend: `Set it, as in \`export ${key_from}=…\`; a service without keys takes any value. Keys are never written down.`
  });
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    if ((length += chunk.length) > LONGEST_BODY)
      throw new CallFailure("broken", `a reply of more than ${LONGEST_BODY} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}
