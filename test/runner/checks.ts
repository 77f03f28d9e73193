import {spawn} from "node:child_process";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {nothing, sum, type Tally} from "./tally.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const bin = (path: string): string[] => [process.execPath, join(ROOT, "node_modules", path)];

/** A tool that says yes or no about the whole project. */
export interface Check {
  name: string;
  command: string[];
}

/** Where tools keep what they know of unchanged files. */
const CACHE = join(ROOT, "node_modules", ".cache");

/** Types, lint and layout of all TypeScript. */
export const typescriptChecks = (): Check[] => [
  {
    name: "types (tsc)",
    command: [...bin("typescript/bin/tsc"), "--incremental", "--tsBuildInfoFile", join(CACHE, "tsc.json")]
  },
  {name: "lint (eslint)", command: [...bin("eslint/bin/eslint.js"), ".", "--max-warnings", "0"]},
  {
    name: "layout (prettier)",
    command: [
      ...bin("prettier/bin/prettier.cjs"),
      ...["--check", "--log-level", "warn", "--cache", "--cache-location", join(CACHE, "because-prettier")],
      "**/*.{ts,js,mjs,css}"
    ]
  }
];

/** Lint, layout and types of all Python. */
export const pythonChecks = (python: string): Check[] => [
  {name: "lint (ruff)", command: [python, "-m", "ruff", "check", "--config", PYPROJECT, ...PYTHON_SOURCES]},
  {
    name: "layout (ruff format)",
    command: [python, "-m", "ruff", "format", "--check", "--config", PYPROJECT, ...PYTHON_SOURCES]
  },
  {
    name: "types (mypy --strict)",
    command: [
      python,
      "-m",
      "mypy",
      "--config-file",
      PYPROJECT,
      "remote-trainer/because_trainer",
      "remote-trainer/because_fleet",
      "test/python"
    ]
  }
];

/** Says how strictly: line length, rules, `strict = true` for mypy. */
const PYPROJECT = "remote-trainer/pyproject.toml";
const PYTHON_SOURCES = ["remote-trainer", "test/python", "test/places"];

/** Runs checks, some at a time; the output of a failed one is shown whole. */
export async function runChecks(checks: readonly Check[], atATime: number): Promise<Tally> {
  const waiting = [...checks];
  const worker = async (): Promise<Tally> => {
    const tallies: Tally[] = [];
    for (let check = waiting.shift(); check; check = waiting.shift()) tallies.push(await runCheck(check));
    return sum(tallies);
  };
  return sum(await Promise.all(Array.from({length: atATime}, worker)));
}

async function runCheck({name, command}: Check): Promise<Tally> {
  const started = Date.now();
  const [program = "", ...args] = command;
  const {code, output} = await combined(program, args);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "✔" : "✖"} ${name} (${seconds} s)\n${code === 0 ? "" : output}`);
  return code === 0 ? {...nothing(), passed: 1} : {...nothing(), failed: [`${name}: see above`]};
}

function combined(program: string, args: readonly string[]): Promise<{code: number | null; output: string}> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {cwd: ROOT, stdio: ["ignore", "pipe", "pipe"]});
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", (error) => resolve({code: null, output: `${error.message}\n`}));
    child.once("close", (code) => resolve({code, output}));
  });
}
