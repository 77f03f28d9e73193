/** What makes a judge the one it is: the same question to the same judge is answered once. */
import type {JudgeConfig} from "../../src/core/study/judging.js";

/** The service's address, without a slash at its end. */
export function serviceOf({base_url}: Pick<JudgeConfig, "base_url">): string {
  return base_url.replace(/\/+$/, "");
}

/** Service, model and parameters, in the order that vote keys are hashed in. Names, prices and limits are no part of it. */
export function identityOf(judge: JudgeConfig): unknown[] {
  const {model, temperature, seed, max_tokens, structured} = judge;
  return [serviceOf(judge), model, temperature, seed ?? null, max_tokens, structured];
}
