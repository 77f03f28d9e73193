/** What can go wrong with a call, and what follows from it. */
import {APIConnectionTimeoutError, APIError, APIUserAbortError} from "openai";
import {retryAfter} from "./retry.js";

/**
 * - `rate-limited` (429), `server` (5xx, 408, 409), `timeout`, `dropped` (the connection broke), `broken` (a reply that
 *   is no chat completion): tried again.
 * - `form`: the service does not know the asked form of replies or name of a parameter.
 * - `declined`: its content filter refused this very question; `question`: it cannot take it, as it is too long.
 * - `judge`: no call can succeed: wrong key, unknown model, quota used up.
 */
export type FailureKind =
  "rate-limited" | "server" | "timeout" | "dropped" | "broken" | "form" | "declined" | "question" | "judge";

export class CallFailure extends Error {
  override name = "CallFailure";
  readonly kind: FailureKind;
  readonly status: number | null;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter: number | null;
  /** Which form of replies was asked for, counted by the service's `ReplyForm`. */
  form = 0;

  constructor(kind: FailureKind, message: string, status: number | null = null, wait: number | null = null) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.retryAfter = wait;
  }

  /** Whether the same call may succeed later. */
  get passing(): boolean {
    return ["rate-limited", "server", "timeout", "dropped", "broken"].includes(this.kind);
  }

  /** Whether the service may have made a reply, and charged for it, that never arrived whole. */
  get unconfirmed(): boolean {
    return ["timeout", "dropped", "broken"].includes(this.kind);
  }
}

/** From what the `openai` package throws. */
export function failureOf(error: unknown, timedOut: boolean, now: number): CallFailure {
  if (error instanceof CallFailure) return error;
  if (timedOut || error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError)
    return new CallFailure("timeout", "no whole reply within the time allowed");
  if (error instanceof APIError && typeof error.status === "number") {
    const wait = retryAfter(error.headers as Headers | undefined, now);
    return new CallFailure(kindOf(error.status, error), error.message, error.status, wait);
  }
  return new CallFailure("dropped", `the connection broke (${reasonOf(error)})`);
}

const FORM = /response_format|json_schema|json_object|structured|guided|grammar|max_tokens/i;
const TOO_LONG =
  /context[ _]length|context window|maximum context|too long|too many tokens|exceeds? .*tokens|above_max_length/i;
const FILTERED = /content_filter|content management policy|ResponsibleAI/i;

/** By HTTP status, and by what the service says where a status has several meanings. */
export function kindOf(status: number, {code, message}: {code?: unknown; message: string}): FailureKind {
  const said = `${String(code ?? "")} ${message}`;
  if (status === 429) return /insufficient_quota|billing/i.test(said) ? "judge" : "rate-limited";
  if (status === 400 || status === 422) {
    if (TOO_LONG.test(said)) return "question";
    if (FILTERED.test(said)) return "declined";
    return FORM.test(said) ? "form" : "judge";
  }
  if (status === 413) return "question";
  if (status >= 500) return FORM.test(said) ? "form" : "server";
  return status === 408 || status === 409 ? "server" : "judge";
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}
