/** Whether prompts and axes make different questions: one reply to a question that is asked twice counts once. */
import {BadInput} from "../bad-input.js";
import type {Example} from "../conversation.js";
import type {AskedAxis, JudgePrompt} from "./prompts.js";

const EXAMPLE: Pick<Example, "turns" | "response"> = {
  turns: [{role: "user", text: "Before."}],
  response: "Response."
};

/**
 * Throws BadInput where a prompt asks the same on two axes, or two prompts ask the same.
 *
 * @param axes those that judges rate
 * @param file names the study in messages
 */
export function checkDistinct(
  prompts: readonly JudgePrompt[],
  axes: readonly AskedAxis[],
  file: string
): void {
  if (axes.length === 0) return;
  for (const prompt of prompts) checkAxes(prompt, axes, file);
  const seen = new Map<string, string>();
  for (const prompt of prompts) {
    const asked = questionOf(prompt, axes[0]!);
    const other = seen.get(asked);
    if (other !== undefined)
      throw new BadInput({
        where: `${file}, key prompts.${prompt.id}`,
        expected: "prompts that ask differently, since one reply to the same question is one vote",
        found: `${other} and ${prompt.id} are the same`,
        mend: "Remove one, or word it differently."
      });
    seen.set(asked, prompt.id);
  }
}

/** Labels alone don't say what is rated, so they are made the same. */
function checkAxes(prompt: JudgePrompt, axes: readonly AskedAxis[], file: string): void {
  const seen = new Map<string, string>();
  for (const axis of axes) {
    const asked = questionOf(prompt, {...axis, labels: axes[0]!.labels});
    const other = seen.get(asked);
    if (other !== undefined)
      throw new BadInput({
        where: `${file}, key prompts.${prompt.id}`,
        expected: "a prompt that says on which axis to rate, since judges rate several",
        found: `the same question on ${other} and on ${axis.id}`,
        mend: "Put {{question}}, {{axis}} or {{definition}} into the template, and give each axis its own."
      });
    seen.set(asked, axis.id);
  }
}

function questionOf({render, scale}: JudgePrompt, axis: AskedAxis): string {
  return JSON.stringify([render(EXAMPLE, axis), scale]);
}
