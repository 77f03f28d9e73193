import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {DOMParser} from "linkedom";
import {nothing, type Tally} from "./tally.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Runs test/python with pytest, showing its report, and counts from its JUnit file. */
export async function runPytest(python: string): Promise<Tally> {
  const scratch = mkdtempSync(join(tmpdir(), "because-pytest-"));
  const junit = join(scratch, "junit.xml");
  try {
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(
        python,
        ["-m", "pytest", "test/python", "-ra", "--durations=5", `--junitxml=${junit}`],
        {
          cwd: ROOT,
          env: {...process.env, PYTHONPATH: join(ROOT, "remote-trainer"), PYTHONUNBUFFERED: "1"},
          stdio: ["ignore", "inherit", "inherit"]
        }
      );
      child.once("error", () => resolve(null));
      child.once("close", resolve);
    });
    return junitTally(existsSync(junit) ? readFileSync(junit, "utf8") : "<testsuites/>", code);
  } finally {
    rmSync(scratch, {recursive: true});
  }
}

/**
 * Counts the cases of a JUnit file.
 *
 * @param code pytest's exit code: one other than 0 fails even where no case did, as when nothing was collected
 */
export function junitTally(xml: string, code: number | null): Tally {
  const tally = nothing();
  const cases = new DOMParser().parseFromString(xml, "text/xml").querySelectorAll("testcase");
  for (const each of cases) {
    const name = `${each.getAttribute("classname") ?? ""}.${each.getAttribute("name") ?? ""}`;
    const problem = each.querySelector("failure, error");
    const skipped = each.querySelector("skipped");
    if (problem) tally.failed.push(`${name}: ${(problem.getAttribute("message") ?? "").split("\n")[0]}`);
    else if (skipped) tally.skipped.push(`${name}: ${skipped.getAttribute("message") ?? ""}`);
    else tally.passed += 1;
  }
  if (code !== 0 && tally.failed.length === 0)
    tally.failed.push(`pytest ended with ${code === null ? "a signal" : `exit code ${code}`}`);
  return tally;
}
