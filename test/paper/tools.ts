/** Programs that read what was written: poppler's for PDF, TeX Live's for LaTeX. */
import {execFile} from "node:child_process";
import type {TestContext} from "node:test";
import {promisify} from "node:util";

const run = promisify(execFile);

/** What a program says; throws with its own words where it fails. */
export async function said(program: string, args: string[], cwd?: string): Promise<string> {
  const {stdout} = await run(program, args, {cwd, maxBuffer: 1e8});
  return stdout;
}

/** Whether a program is there. Without it the test is skipped by name, but fails where CI is set. */
export async function has(t: TestContext, program: string, debian: string): Promise<boolean> {
  const there = await run(program, ["-v"]).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT"
  );
  if (there) return true;
  const reason = `needs ${program} (Debian: apt-get install ${debian})`;
  if (process.env.CI) throw new Error(reason);
  t.skip(reason);
  return false;
}
