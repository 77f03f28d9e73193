/** Reads a chat completion: what became of the question, and what it used. */
import {readReply} from "../../src/core/judging/reply.js";
import type {VoteStatus} from "../../src/core/judging/votes.js";
import type {Usage} from "./budget.js";
import {CallFailure, kindOf} from "./call-failure.js";
import {guessUsage} from "./token-bounds.js";

export interface Completion {
  status: VoteStatus;
  score: number | null;
  explanation: string;
  /** The body as it came. */
  raw: string;
  usage: Usage;
  /** Whether the service did not say what it used, so that it is estimated. */
  estimated: boolean;
}

/** What has to be known of a question to read its reply. */
export interface QuestionFacts {
  scale: readonly [number, number];
  /** Length of its prompt. */
  bytes: number;
}

/** The fields that are read, none of which can be relied on. */
interface Body {
  error?: {code?: unknown; message?: unknown} | null;
  choices?: unknown;
  usage?: {prompt_tokens?: unknown; completion_tokens?: unknown} | null;
}

interface Choice {
  finish_reason?: unknown;
  message?: {content?: unknown; refusal?: unknown} | null;
}

/**
 * Of several choices the first counts. A reply that the length limit ended is `cut-off` unless it is whole JSON all the
 * same.
 *
 * @param raw the body
 * @throws CallFailure where it is no chat completion, so that it is worth asking again
 */
export function readCompletion(raw: string, question: QuestionFacts): Completion {
  const body = parse(raw);
  if (body.error) throw errorIn(body.error);
  if (!Array.isArray(body.choices)) throw new CallFailure("broken", "a reply that is no chat completion");
  const choice = ((body.choices as unknown[])[0] ?? {}) as Choice;
  const usage = usageOf(body);
  const text = contentOf(choice);
  return {
    ...judge(choice, text, question.scale),
    raw,
    usage: usage ?? guessUsage(question.bytes, text ?? ""),
    estimated: usage === null
  };
}

function judge(
  {finish_reason, message}: Choice,
  text: string | null,
  scale: readonly [number, number]
): Pick<Completion, "status" | "score" | "explanation"> {
  const nothing = (status: VoteStatus) => ({status, score: null, explanation: ""});
  if (typeof message?.refusal === "string" && message.refusal.trim() !== "") return nothing("refused");
  if (finish_reason === "content_filter") return nothing("refused");
  if (text === null) return nothing("unreadable");
  const ended = finish_reason === "length" ? "length" : "stop";
  if (ended === "length" && !isWholeJson(text)) return nothing("cut-off");
  const {status, score, explanation} = readReply(text, scale, ended);
  return {status, score, explanation};
}

/** Text of a choice: a string, or the text parts of a list; null where it is of another type. */
function contentOf({message}: Choice): string | null {
  const content = message?.content ?? "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content
    .map((part: unknown) => (part as {text?: unknown} | null)?.text)
    .filter((text) => typeof text === "string")
    .join("");
}

function usageOf({usage}: Body): Usage | null {
  const input = usage?.prompt_tokens;
  const output = usage?.completion_tokens;
  return isCount(input) && isCount(output) ? {input_tokens: input, output_tokens: output} : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parse(raw: string): Body {
  try {
    const body: unknown = JSON.parse(raw);
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // said below
  }
  throw new CallFailure("broken", "a reply that is no whole JSON");
}

/** Some gateways report errors with status 200. */
function errorIn({code, message}: NonNullable<Body["error"]>): CallFailure {
  const status = Number(code);
  const said = typeof message === "string" ? message : "an error without a message";
  return Number.isInteger(status) && status >= 400
    ? new CallFailure(kindOf(status, {code, message: said}), said, status)
    : new CallFailure("server", said);
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
