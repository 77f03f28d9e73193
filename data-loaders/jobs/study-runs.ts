/** Which runs a study ever asked for: what `because clean` may remove. */
import {readFile} from "node:fs/promises";
import {writeAtomically} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";

function fileOf({store, file}: Context): string {
  return store.path("studies", file.id, "runs.json");
}

/** Notes runs before they are asked for: whoever leaves, or is killed, leaves none behind that nobody knows. */
export async function rememberRuns(context: Context, runs: string[]): Promise<void> {
  const known = await rememberedRuns(context);
  const all = [...new Set([...known, ...runs])].sort();
  if (all.length > known.length) await writeAtomically(fileOf(context), `${JSON.stringify(all)}\n`);
}

/** Empty where the study never ran. */
export async function rememberedRuns(context: Context): Promise<string[]> {
  const text = await readFile(fileOf(context), "utf8").catch(() => "[]");
  try {
    return JSON.parse(text) as string[];
  } catch {
    return [];
  }
}
