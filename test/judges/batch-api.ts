/** The Batch API of the service for tests: files and batches in memory, done after some looks at them. */
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {createHash} from "node:crypto";
import {scoreOf} from "./faults.js";

interface Question {
  custom_id: string;
  body: {messages: {content: string}[]; response_format?: unknown};
}

type Result = {response?: unknown; error?: unknown} | null;

export interface BatchApiOptions {
  /** Looks at a batch until it is over. */
  looks?: number;
  /** What becomes of the question, where it is not a good reply; null: it is in no file. */
  result?: (question: Question, asked: number) => Result | undefined;
  /** How a batch ends. */
  status?: string;
  errors?: {message: string}[];
}

export class BatchApi {
  readonly files = new Map<string, string>();
  readonly batches = new Map<string, Record<string, unknown>>();
  /** How often each question came in a batch, by its key. */
  readonly asked = new Map<string, number>();
  tokens = 0;
  /** Breaks the connection instead of answering the creation of a batch, once it is created. */
  dropCreation = false;
  readonly #options: BatchApiOptions;
  readonly #server: Server;

  private constructor(options: BatchApiOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#route(request, response));
  }

  static async start(options: BatchApiOptions = {}): Promise<BatchApi> {
    const api = new BatchApi(options);
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const {pathname} = new URL(request.url!, this.url);
    const [, , kind, id, content] = pathname.split("/");
    const json = (value: unknown): void => void response.end(JSON.stringify(value));
    response.setHeader("content-type", "application/json");
    if (kind === "files" && content) return void response.end(this.files.get(id!));
    if (kind === "files") return json({id: await this.#store(request, body), object: "file"});
    if (kind === "batches" && id) return json(this.#look(id));
    if (kind === "batches" && request.method === "GET")
      return json({object: "list", data: [...this.batches.values()], has_more: false});
    if (kind === "batches") {
      const batch = this.#create(JSON.parse(body.toString()) as Record<string, unknown>);
      if (!this.dropCreation) return json(batch);
      this.dropCreation = false;
      return void request.socket.destroy();
    }
    response.writeHead(404).end("{}");
  }

  async #store(request: IncomingMessage, body: Buffer): Promise<string> {
    const type = request.headers["content-type"]!;
    const form = await new Response(new Uint8Array(body), {headers: {"content-type": type}}).formData();
    const id = `file-${this.files.size}`;
    this.files.set(id, await (form.get("file") as File).text());
    return id;
  }

  #create({input_file_id, metadata}: Record<string, unknown>): object {
    const id = `batch-${this.batches.size}`;
    const questions = lines(this.files.get(input_file_id as string)!) as Question[];
    for (const {custom_id} of questions) this.asked.set(custom_id, (this.asked.get(custom_id) ?? 0) + 1);
    const batch = {id, input_file_id, metadata, status: "in_progress", created_at: 1_000_000, looks: 0};
    this.batches.set(id, batch);
    return batch;
  }

  #look(id: string): object {
    const batch = this.batches.get(id)!;
    batch.looks = (batch.looks as number) + 1;
    if ((batch.looks as number) >= (this.#options.looks ?? 2) && batch.status === "in_progress")
      this.#finish(id, batch);
    return batch;
  }

  #finish(id: string, batch: Record<string, unknown>): void {
    const {status = "completed", errors} = this.#options;
    Object.assign(batch, {status, completed_at: 1_000_060, errors: {data: errors ?? []}});
    if (status === "failed") return;
    const output: string[] = [];
    const wrong: string[] = [];
    for (const question of lines(this.files.get(batch.input_file_id as string)!) as Question[]) {
      const result = this.#options.result?.(question, this.asked.get(question.custom_id)!);
      if (result === null) continue;
      const line = JSON.stringify({
        custom_id: question.custom_id,
        ...(result ?? {response: this.good(question)})
      });
      (result?.error ? wrong : output).push(line);
    }
    this.files.set(`${id}-output`, output.join("\n"));
    this.files.set(`${id}-errors`, wrong.join("\n"));
    Object.assign(batch, {output_file_id: `${id}-output`, error_file_id: `${id}-errors`});
  }

  /** A completion that scores what the question means, or says something else. */
  good({custom_id, body}: Question, content?: string): object {
    const text = body.messages.at(-1)!.content;
    const score = scoreOf(text);
    const usage = {
      prompt_tokens: text.length,
      completion_tokens: createHash("md5").update(custom_id).digest()[0]! % 30
    };
    this.tokens += usage.prompt_tokens + usage.completion_tokens;
    const message = {
      role: "assistant",
      content: content ?? JSON.stringify({explanation: "it answers", score})
    };
    return {
      status_code: 200,
      body: {id: custom_id, choices: [{index: 0, message, finish_reason: "stop"}], usage}
    };
  }
}

function lines(text: string): unknown[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}
