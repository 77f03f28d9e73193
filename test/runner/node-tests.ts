import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {PARTS, type Part} from "./parts.js";
import {nothing, sum, type Tally} from "./tally.js";

const TEST_FOLDER = fileURLToPath(new URL("..", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REPORTER = new URL("counting-reporter.mjs", import.meta.url).href;

/**
 * The folders of a part: those that it names, and for the first part all that no part names.
 *
 * @param present folders of test/ that hold test files
 */
export function foldersOf(part: Part, present: readonly string[]): string[] {
  if (part !== PARTS[0]) return [...part.folders];
  const named = new Set(PARTS.flatMap(({folders}) => folders));
  return [...part.folders, ...present.filter((folder) => !named.has(folder))];
}

/**
 * Runs a part's `*.test.ts` files, showing Node's own report, and counts. A folder without a test file fails.
 *
 * @param shared folder for what several test files need and one of them makes
 */
export async function runNodeTests(part: Part, shared: string): Promise<Tally> {
  const present = readdirSync(TEST_FOLDER).filter((folder) => testFiles(folder).length > 0);
  const found = foldersOf(part, present).map((folder) => ({folder, files: testFiles(folder)}));
  const empty = found.filter(({files}) => files.length === 0);
  const files = found.flatMap((each) => each.files);
  const missing: Tally = {
    ...nothing(),
    failed: empty.map(({folder}) => `test/${folder}: no test file found`)
  };
  return files.length === 0 ? missing : sum([missing, await runFiles(files, part, shared)]);
}

function testFiles(folder: string): string[] {
  const path = join(TEST_FOLDER, folder);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  return readdirSync(path, {recursive: true, encoding: "utf8"})
    .filter((file) => file.endsWith(".test.ts"))
    .sort()
    .map((file) => join(path, file));
}

async function runFiles(
  files: readonly string[],
  {concurrency, minutes}: Part,
  shared: string
): Promise<Tally> {
  const scratch = mkdtempSync(join(tmpdir(), "because-test-"));
  const counts = join(scratch, "counts.jsonl");
  try {
    const code = await new Promise<number | null>((resolve) => {
      const args = [
        ...["--import", import.meta.resolve("tsx"), "--test"],
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${minutes * 60_000}`,
        ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
        ...[`--test-reporter=${REPORTER}`, `--test-reporter-destination=${counts}`],
        ...files
      ];
      const child = spawn(process.execPath, args, {
        cwd: ROOT,
        env: {...process.env, BECAUSE_TEST_SHARED: shared},
        stdio: ["ignore", "inherit", "inherit"]
      });
      child.once("close", resolve);
    });
    return tallyOf(readFileSync(counts, "utf8"), code, new Set(files));
  } finally {
    rmSync(scratch, {recursive: true});
  }
}

interface Line {
  name: string;
  file: string | null;
  nesting: number;
  outcome: "passed" | "failed" | "skipped";
  reason: string;
}

/**
 * Counts the reporter's lines.
 *
 * @param code exit code of the test process: one other than 0 fails even where no line says so
 * @param files a passed line with the name of one of these is a file that held no test: a failure
 */
export function tallyOf(lines: string, code: number | null, files: ReadonlySet<string>): Tally {
  const tally = nothing();
  for (const text of lines.split("\n").filter((line) => line !== "")) {
    const {name, file, nesting, outcome, reason} = JSON.parse(text) as Line;
    const where = file ? `${relative(ROOT, file)}: ${name}` : name;
    const isFile = nesting === 0 && (files.has(name) || files.has(join(ROOT, name)));
    if (outcome === "passed" && isFile) tally.failed.push(`${relative(ROOT, name)}: holds no test`);
    else if (outcome === "passed") tally.passed += 1;
    else tally[outcome].push(`${where}: ${reason}`);
  }
  if (code !== 0 && tally.failed.length === 0)
    tally.failed.push(`the test process ended with ${code === null ? "a signal" : `exit code ${code}`}`);
  return tally;
}
