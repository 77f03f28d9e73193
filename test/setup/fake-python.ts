/**
 * Pythons that are not: small scripts that answer what set-up asks of an interpreter, so that every kind of machine can
 * be played in a temporary folder. `pip` writes its calls down and does what the variable FAKE_PIP says.
 */
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestContext} from "node:test";
import type {Machine} from "../../data-loaders/setup/environment.js";

export interface FakePython {
  version: [number, number, number];
  /** Has venv and ensurepip. */
  venv?: boolean;
  /** `python -m venv` fails although the modules are there, as Debian's does without python3-venv. */
  venvFails?: boolean;
}

/** What pip plays: FAKE_PIP. */
export type FakePip =
  "well" | "no network" | "no CPU build" | "disk full" | "killed in the trainer's packages";

const script = (fake: FakePython): string => `#!${process.execPath}
const fs = require("node:fs"), path = require("node:path");
const fake = ${JSON.stringify({venv: true, venvFails: false, ...fake})};
const args = process.argv.slice(2), home = path.join(path.dirname(__filename), "..");
const torch = path.join(home, "torch-version");
const end = (code, text = "") => { process[code ? "stderr" : "stdout"].write(text); process.exitCode = code; };
const ask = args[0] === "-c" ? args[1] : "";
if (ask.includes("ensurepip")) end(0, JSON.stringify({executable: __filename, version: fake.version, venv: fake.venv}));
else if (ask.includes("importlib.metadata")) fs.existsSync(torch) ? end(0, fs.readFileSync(torch, "utf8") + "\\n") : end(1);
else if (ask.includes("import torch")) end(process.env.FAKE_IMPORT ? 1 : 0, process.env.FAKE_IMPORT ?? "");
else if (args[1] === "venv" && fake.venvFails) end(1, "The virtual environment was not created: ensurepip is not available.\\n");
else if (args[1] === "venv") {
  fs.mkdirSync(path.join(args[2], "bin"), {recursive: true});
  fs.copyFileSync(__filename, path.join(args[2], "bin", "python"));
} else if (args[1] === "pip" && args[2] === "--version") end(0, "pip 99\\n");
else if (args[1] === "pip") {
  fs.appendFileSync(path.join(home, "pip-calls"), JSON.stringify(args.slice(6)) + "\\n");
  const wanted = args.find((arg) => arg.startsWith("torch=="));
  const kind = process.env.FAKE_PIP;
  if (kind === "no network") end(1, "WARNING: Retrying after connection broken by NewConnectionError('Name or service not known')\\nERROR: No matching distribution found (from versions: none)\\n");
  else if (kind === "disk full") end(1, "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\\n");
  else if (kind === "no CPU build" && wanted?.endsWith("+cpu")) end(1, "ERROR: Could not find a version that satisfies the requirement " + wanted + " (from versions: 2.12.0, 2.13.0)\\nERROR: No matching distribution found for " + wanted + "\\n");
  else if (kind === "killed in the trainer's packages" && !wanted) process.kill(process.pid, "SIGKILL");
  else if (wanted) fs.writeFileSync(torch, wanted.slice(7));
}
`;

/** Writes an executable; returns its path. */
export function writeExecutable(file: string, text: string): string {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** A machine in a temporary folder, gone after the test. */
export interface FakeMachine {
  folder: string;
  /** Where commands are found: its whole PATH. */
  bin: string;
  store: string;
  /** Folder of its requirement files. */
  requirements: string;
  machine: Machine;
  /** Lines that were logged. */
  lines: string[];
  install(command: string, fake: FakePython): string;
  /** Arguments of every `pip install` so far, as one line each. */
  pipCalls(): string[];
}

/** A Linux machine with nothing installed, 100 GB free, and requirement files. */
export function fakeMachine(t: TestContext, env: NodeJS.ProcessEnv & {FAKE_PIP?: FakePip} = {}): FakeMachine {
  const folder = mkdtempSync(join(tmpdir(), "because-setup-"));
  t.after(() => rmSync(folder, {recursive: true}));
  const [bin, store, requirements] = [
    join(folder, "bin"),
    join(folder, "a store"),
    join(folder, "requirements")
  ];
  for (const each of [bin, requirements]) mkdirSync(each);
  writeFileSync(join(requirements, "requirements-torch.txt"), "torch==2.13.0\n");
  writeFileSync(join(requirements, "requirements.txt"), "pyarrow==26.0.1\n");
  writeFileSync(join(requirements, "requirements-dev.txt"), "ruff==0.17.6\n");
  return {
    folder,
    bin,
    store,
    requirements,
    lines: [],
    machine: {env: {PATH: bin, ...env}, platform: "linux", freeBytes: () => Promise.resolve(100e9)},
    install: (command, fake) => writeExecutable(join(bin, command), script(fake)),
    pipCalls: () =>
      readFileSync(join(store, "python", "pip-calls"), "utf8")
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as string[]).join(" ").replaceAll(`${requirements}/`, ""))
  };
}
