/**
 * A service that speaks the OpenAI protocol on this machine alone, and misbehaves on purpose: which call meets which
 * fault follows from a seed. It keeps its own books of what was asked, delivered and used.
 */
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {createRandom} from "../../src/core/random.js";
import {FAULTS} from "./faults.js";
import type {Fault} from "./faults.js";

export interface Asked {
  question: string;
  /** Bytes of the question; they stand for its tokens. */
  length: number;
  /** Value of the header Authorization. */
  key: string;
  body: Record<string, unknown>;
}

/** A reply that went out whole. */
export interface Delivered {
  id: string;
  question: string;
  input: number;
  output: number;
}

export interface ServiceOptions {
  seed?: number;
  /** How often each fault happens, as a share of calls. */
  faults?: Partial<Record<Fault, number>>;
  /** Milliseconds before a reply. */
  latency?: number;
  /** Answers itself instead; returns whether it did. */
  answer?: (asked: Asked, response: ServerResponse, number: number) => boolean;
}

export class MisbehavingService {
  readonly asked: Asked[] = [];
  readonly delivered: Delivered[] = [];
  readonly met: Partial<Record<Fault, number>> = {};
  /** Questions that must not be asked any more, and how often they were. */
  settled = new Set<string>();
  askedAgain = 0;
  inFlight = 0;
  mostInFlight = 0;
  readonly #options: ServiceOptions;
  readonly #server: Server;

  private constructor(options: ServiceOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  static async start(options: ServiceOptions = {}): Promise<MisbehavingService> {
    const service = new MisbehavingService(options);
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Tokens of all replies that went out whole. */
  get tokens(): {input: number; output: number} {
    const sum = (of: (each: Delivered) => number) =>
      this.delivered.reduce((total, each) => total + of(each), 0);
    return {input: sum(({input}) => input), output: sum(({output}) => output)};
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Books a reply as delivered once the last byte has been handed over. */
  deliver(response: ServerResponse, delivered: Delivered): void {
    response.once("finish", () => this.delivered.push(delivered));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    response.once("close", () => (this.inFlight -= 1));
    const number = this.asked.length;
    const asked = await this.#read(request);
    if (this.#options.answer?.(asked, response, number)) return;
    const random = createRandom("fault", this.#options.seed ?? 1, number);
    const fault = this.#fault(random.unit());
    if (fault) this.met[fault] = (this.met[fault] ?? 0) + 1;
    setTimeout(
      () => FAULTS[fault ?? "none"]({service: this, asked, request, response, number, random}),
      (this.#options.latency ?? 0) * (0.5 + random.unit())
    );
  }

  async #read(request: IncomingMessage): Promise<Asked> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
    const messages = body.messages as {content: string}[];
    const question = messages.at(-1)!.content;
    const length = messages.reduce((sum, {content}) => sum + Buffer.byteLength(content), 0);
    if (this.settled.has(question)) this.askedAgain += 1;
    const asked = {question, length, key: request.headers.authorization ?? "", body};
    this.asked.push(asked);
    return asked;
  }

  #fault(draw: number): Fault | null {
    let below = 0;
    for (const [fault, share] of Object.entries(this.#options.faults ?? {}))
      if (draw < (below += share)) return fault as Fault;
    return null;
  }
}
