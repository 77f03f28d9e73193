/** The Batch API of a service: files of questions up, files of replies down. */
import {toFile} from "openai";
import type OpenAI from "openai";
import {CallFailure, kindOf} from "./call-failure.js";
import type {FailureKind} from "./call-failure.js";
import type {BatchEntry, BatchLedger} from "./batch-ledger.js";
import type {JudgeService, Reply} from "./service.js";

type Batch = OpenAI.Batch;

/** Longest time that a file may take up or down, in milliseconds. */
const FILE_TIME = 900_000;
/** Batches that are looked through for one that may have been sent, at most. */
const LOOK_BACK = 500;
/** Name of our token in a batch's metadata. */
const TOKEN = "because";

/** The line that asks a question. */
export function batchLine(
  service: JudgeService,
  key: string,
  request: Parameters<JudgeService["body"]>[0]
): string {
  const body = service.body(request);
  return `${JSON.stringify({custom_id: key, method: "POST", url: "/v1/chat/completions", body})}\n`;
}

/** Uploads questions and starts the batch. Returns the service's name of it. */
export async function startBatch(service: JudgeService, lines: string[], token: string): Promise<string> {
  return service.use(async (client) => {
    const file = await toFile(Buffer.from(lines.join("")), `${token}.jsonl`, {type: "application/jsonl"});
    const {id} = await client.files.create({file, purpose: "batch"}, {timeout: FILE_TIME});
    const batch = await client.batches.create({
      input_file_id: id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: {[TOKEN]: token}
    });
    return batch.id;
  });
}

/** The service's name of a batch that was being sent when the process died or the connection broke; null if it has none. */
export async function findBatch(service: JudgeService, token: string): Promise<string | null> {
  return service.use(async (client) => {
    let seen = 0;
    for await (const {id, metadata} of client.batches.list({limit: 100})) {
      if (metadata?.[TOKEN] === token) return id;
      if (++seen >= LOOK_BACK) return null;
    }
    return null;
  });
}

export function isOver({status}: Batch): boolean {
  return ["completed", "failed", "expired", "cancelled"].includes(status);
}

/** Replies to the questions of a batch that is over, by key; those that it did not answer are failures. */
export async function collectBatch(
  service: JudgeService,
  batch: Batch,
  {entries}: BatchLedger
): Promise<Map<string, Reply | CallFailure>> {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const seconds = (batch.completed_at ?? batch.expired_at ?? batch.created_at) - batch.created_at;
  const missing = () => new CallFailure("server", `the batch is ${batch.status} and holds no reply`);
  const outcomes = new Map<string, Reply | CallFailure>(entries.map(({key}) => [key, missing()]));
  for (const file of [batch.error_file_id, batch.output_file_id]) {
    if (!file) continue;
    for (const line of (await download(service, file)).split("\n").filter((text) => text.trim() !== "")) {
      const {custom_id, ...result} = JSON.parse(line) as BatchResult & {custom_id: string};
      const entry = byKey.get(custom_id);
      if (entry) outcomes.set(entry.key, outcomeOf(service, result, entry, seconds));
    }
  }
  return outcomes;
}

interface BatchResult {
  response?: {status_code?: number; body?: {error?: {code?: unknown; message?: string}}} | null;
  error?: {message?: string} | null;
}

function outcomeOf(
  service: JudgeService,
  {response, error}: BatchResult,
  entry: BatchEntry,
  seconds: number
): Reply | CallFailure {
  const failure = (kind: FailureKind, message: string, status?: number) =>
    new CallFailure(kind, service.redact(message), status);
  if (!response) return failure("server", error?.message ?? "no reply");
  const {status_code = 200, body} = response;
  if (status_code >= 400) {
    const message = body?.error?.message ?? `status ${status_code}`;
    return failure(kindOf(status_code, {code: body?.error?.code, message}), message, status_code);
  }
  try {
    const facts = {scale: entry.request.scale, bytes: entry.bytes};
    return {...service.read(JSON.stringify(body ?? null), facts), seconds};
  } catch (thrown) {
    if (thrown instanceof CallFailure)
      return failure(thrown.kind, thrown.message, thrown.status ?? undefined);
    throw thrown;
  }
}

async function download(service: JudgeService, file: string): Promise<string> {
  const signal = AbortSignal.timeout(FILE_TIME);
  return service.use(async (client) => (await client.files.content(file, {signal})).text());
}
