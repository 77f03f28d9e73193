/**
 * `npm test`: sets up Python with the developers' packages, runs the parts, and ends with what passed, failed and was
 * skipped. `npm test -- fast python` runs those parts only.
 */
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {ensurePython} from "../../data-loaders/setup/python-environment.js";
import {BadInput} from "../../src/core/bad-input.js";
import {pythonChecks, runChecks, typescriptChecks} from "./checks.js";
import {runNodeTests} from "./node-tests.js";
import {PARTS, type Part} from "./parts.js";
import {runPytest} from "./pytest.js";
import {closingLine, nothing, report, sum, type Tally, type TimedTally} from "./tally.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function runPart(part: Part, python: string, shared: string): Promise<Tally> {
  const checks =
    part.checks === "typescript" ? typescriptChecks() : part.checks === "python" ? pythonChecks(python) : [];
  const tallies = [await runChecks(checks, 2)];
  if (part.checks === "python") tallies.push(await runPytest(python));
  if (part.folders.length > 0) tallies.push(await runNodeTests(part, shared));
  return sum(tallies);
}

/** A part that broke down is a failure, not the end of the others. */
function broken(error: unknown): Tally {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(text);
  return {...nothing(), failed: [text.split("\n")[0] ?? ""]};
}

/** The parts with these names, in the order of `PARTS`; all without names. */
function selected(names: readonly string[]): readonly Part[] {
  const unknown = names.find((name) => !PARTS.some((part) => part.name === name));
  if (unknown !== undefined)
    throw new BadInput({
      where: "npm test",
      expected: `some of: ${PARTS.map(({name}) => name).join(", ")}`,
      found: unknown,
      mend: "Leave it out, or name one of those."
    });
  return names.length === 0 ? PARTS : PARTS.filter(({name}) => names.includes(name));
}

async function main(names: readonly string[]): Promise<number> {
  const parts = selected(names);
  const {python} = await ensurePython({store: join(ROOT, ".because"), log: say, dev: true});
  const timed: TimedTally[] = [];
  const shared = mkdtempSync(join(tmpdir(), "because-test-shared-"));
  for (const part of parts) {
    say(`\n━━ ${part.name}`);
    const started = Date.now();
    const tally = await runPart(part, python, shared).catch(broken);
    timed.push({part: part.name, seconds: (Date.now() - started) / 1000, tally});
  }
  rmSync(shared, {recursive: true, force: true});
  say(report(timed));
  return timed.some(({tally}) => tally.failed.length > 0) ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof BadInput ? error.message : String(error instanceof Error ? error.stack : error));
  say(closingLine({...nothing(), failed: ["set-up"]}));
  process.exitCode = 1;
}
