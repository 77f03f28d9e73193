// @ts-check
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {nodeProblem} from "./node-version.mjs";
import {ensurePackages} from "./packages.mjs";

/** The project's folder, wherever the command was started. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} line */
const log = (line) => void process.stderr.write(`${line}\n`);

/**
 * Checks Node.js, installs the locked packages where they are missing, then runs a TypeScript file of the project in
 * this same process. No child process stands between: Ctrl-C arrives once, the terminal and the exit code are the
 * command's own, and the working directory stays the user's.
 * @param {string} script relative to the project, such as `data-loaders/cli.ts`
 * @param {string[]} args what the script finds in `process.argv` after its own name
 * @returns {Promise<boolean>} false where it did not come to run the script, for a reason that it has printed
 */
export async function launch(script, args) {
  const problem = nodeProblem(process.versions.node);
  if (problem) return refuse(problem);
  try {
    await ensurePackages(ROOT, log);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const {register} = await import("tsx/esm/api");
  register({tsconfig: join(ROOT, "tsconfig.json")});
  process.setSourceMapsEnabled(true);
  const file = join(ROOT, script);
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
  return true;
}

/**
 * @param {string} message
 * @returns {false}
 */
function refuse(message) {
  log(message);
  process.exitCode = 1;
  return false;
}
