/** How many tokens a call can use, without the service's tokenizer. */
import type {Message} from "../../src/core/judging/votes.js";
import type {JudgeConfig} from "../../src/core/study.js";
import type {Usage} from "./budget.js";

/** Bytes that the frame of a message counts as: its role, and what a chat template adds. */
const FRAME = 16;
/** Most tokens that a template and the schema of replies add to a prompt. */
const PER_PROMPT = 160;
/** Bytes of English in a token, roughly. */
const BYTES_PER_TOKEN = 4;

/** Length of a prompt in bytes, frames included: what tokens are estimated from. */
export function promptBytes(messages: Message[]): number {
  return messages.reduce((sum, {content}) => sum + FRAME + Buffer.byteLength(content), 0);
}

/** The most that a call can use: byte-level tokenizers give no more tokens than a text has bytes in UTF-8. */
export function mostTokens(bytes: number, {max_tokens}: Pick<JudgeConfig, "max_tokens">): Usage {
  return {input_tokens: PER_PROMPT + bytes, output_tokens: max_tokens};
}

/** What a call has used, where the service does not say. */
export function guessUsage(bytes: number, reply: string): Usage {
  return {
    input_tokens: Math.ceil(bytes / BYTES_PER_TOKEN),
    output_tokens: Math.ceil(Buffer.byteLength(reply) / BYTES_PER_TOKEN)
  };
}

/**
 * What a judge's calls use, learnt from its replies: tokens in a byte of prompt. Rate limits count with it until the
 * reply says better; the longest reply is counted in full, as services do.
 */
export class TokenGuess {
  #tokens = 0;
  #bytes = 0;

  learn(bytes: number, {input_tokens}: Usage): void {
    this.#tokens += input_tokens;
    this.#bytes += bytes;
  }

  tokens(bytes: number, {max_tokens}: Pick<JudgeConfig, "max_tokens">): number {
    const share = this.#bytes > 0 ? this.#tokens / this.#bytes : 1 / BYTES_PER_TOKEN;
    return Math.ceil(bytes * share) + max_tokens;
  }
}
