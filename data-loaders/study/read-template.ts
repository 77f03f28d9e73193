/** Text files that a study names: how judges are asked, and how prompts of training read. */
import {readFile} from "node:fs/promises";
import {BadInput} from "../../src/core/bad-input.js";

/** The text of a template; `key` says which one it is in the message. Throws BadInput where there is none. */
export async function readTemplate(path: string, key: string): Promise<string> {
  return readFile(path, "utf8").catch(() => {
    throw new BadInput({
      where: `${path} (${key})`,
      expected: "a template, as a text file",
      found: "no file that can be read",
      mend: "Check its path, which is relative to the study file. docs/judges.md and docs/training.md say what stands in a template."
    });
  });
}
