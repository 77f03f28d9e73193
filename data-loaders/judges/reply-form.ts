/** The form in which replies are asked for, and what is tried where a service does not know it. */
import type OpenAI from "openai";
import {REPLY_SCHEMA} from "../../src/core/judging/reply.js";
import type {JudgeConfig} from "../../src/core/study.js";

const FORMS = ["schema", "object", "none"] as const;

type Parameters = Pick<
  OpenAI.ChatCompletionCreateParamsNonStreaming,
  "response_format" | "max_tokens" | "max_completion_tokens"
>;

/** Remembered for a judge as long as the process lives: a service is asked once for what it does not know. */
export class ReplyForm {
  readonly #judge: JudgeConfig;
  #form: (typeof FORMS)[number];
  #oldName = true;
  #tried = 0;

  constructor(judge: JudgeConfig) {
    this.#judge = judge;
    this.#form = judge.structured === "auto" ? "schema" : judge.structured;
  }

  /** Which try at a form this is, from 0. */
  get tried(): number {
    return this.#tried;
  }

  parameters(scale: readonly [number, number]): Parameters {
    const most = this.#judge.max_tokens;
    return {
      ...this.#format(scale),
      ...(this.#oldName ? {max_tokens: most} : {max_completion_tokens: most})
    };
  }

  /**
   * Takes the next form, after a service refused one; `said` is its message. False if there is none left.
   * Some services name the longest reply `max_completion_tokens`; which one is found out the same way.
   */
  fallBack(said: string): boolean {
    if (this.#oldName && said.includes("max_completion_tokens")) {
      this.#oldName = false;
      this.#tried += 1;
      return true;
    }
    const next = FORMS[FORMS.indexOf(this.#form) + 1];
    if (this.#judge.structured !== "auto" || !next) return false;
    this.#form = next;
    this.#tried += 1;
    return true;
  }

  #format(scale: readonly [number, number]): Pick<Parameters, "response_format"> {
    if (this.#form === "none") return {};
    if (this.#form === "object") return {response_format: {type: "json_object"}};
    const schema = REPLY_SCHEMA(scale) as Record<string, unknown>;
    return {response_format: {type: "json_schema", json_schema: {name: "vote", strict: true, schema}}};
  }
}
