import {existsSync, readFileSync} from "node:fs";
import {readdir, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {capture} from "./capture.js";
import {isolated, type Machine} from "./environment.js";
import {findPython, newEnough, probePython, versionText, type Python} from "./find-python.js";

/** The virtual environment's own interpreter. */
export const venvPython = (folder: string): string => join(folder, "bin", "python");

/** What stands in the environment when set-up has finished; written last, so an interrupted set-up has none. */
export interface Stamp {
  /** Version of Python, such as `3.11.7`. */
  python: string;
  /** Hash of the trainer's requirement files. */
  trainer: string;
  /** Hash of the developers' requirement file, where those packages are installed too. */
  dev?: string;
  /** Hash of the index that torch came from, where BECAUSE_TORCH_INDEX named one: an address may hold a password. */
  torchIndex?: string;
}

const stampFile = (folder: string): string => join(folder, "because.json");

/** The stamp, or nothing where set-up never finished. */
export function readStamp(folder: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(stampFile(folder), "utf8")) as Stamp;
  } catch {
    return undefined;
  }
}

/** Writes the stamp beside its place and renames it there. */
export async function writeStamp(folder: string, stamp: Stamp): Promise<void> {
  const draft = `${stampFile(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(stamp, null, 2)}\n`);
  await rename(draft, stampFile(folder));
}

/** Takes the stamp away, before anything is changed. */
export const removeStamp = (folder: string): Promise<void> => rm(stampFile(folder), {force: true});

/**
 * An environment whose Python runs and has pip: the one that is there, or a new one.
 *
 * @param folder of the environment
 * @returns its interpreter
 * @throws BadInput where the machine has no Python for it
 */
export async function ensureVenv(
  folder: string,
  log: (line: string) => void,
  machine: Machine
): Promise<Python> {
  const present = await usableVenv(folder, machine);
  if (present) return present;
  const base = await findPython(machine);
  if (existsSync(folder)) {
    log("The Python environment is unfinished or does not fit: making it anew.");
    await rm(folder, {recursive: true, force: true});
  }
  log(`Making a Python environment with ${base.executable} (${versionText(base)}) …`);
  const made = await capture(base.command, ["-m", "venv", folder], {
    env: isolated(machine.env),
    timeout: 300_000
  });
  const python = made.code === 0 ? await probePython(venvPython(folder), machine) : undefined;
  if (python) return python;
  throw new BadInput({
    where: folder,
    expected: `${base.executable} -m venv to make a virtual environment`,
    found: lastLine(made.stderr || made.stdout) || "an environment whose Python does not run",
    mend:
      machine.platform === "linux"
        ? "Install what it lacks (Debian, Ubuntu: apt install python3-venv), or set BECAUSE_PYTHON to another Python, and start again."
        : "Set BECAUSE_PYTHON to another Python, and start again."
  });
}

/** The environment's Python where it runs, is new enough, is what BECAUSE_PYTHON asks for, and has pip. */
async function usableVenv(folder: string, machine: Machine): Promise<Python | undefined> {
  const python = await runningVenv(folder, machine);
  if (!python) return undefined;
  const pip = await capture(python.command, ["-m", "pip", "--version"], {env: isolated(machine.env)});
  return pip.code === 0 ? python : undefined;
}

/** As `usableVenv`, without asking for pip: quick enough for every start. */
export async function runningVenv(folder: string, machine: Machine): Promise<Python | undefined> {
  const python = await probePython(venvPython(folder), machine);
  if (!python || !newEnough(python)) return undefined;
  const named = machine.env.BECAUSE_PYTHON;
  if (!named) return python;
  const wanted = await probePython(named, machine);
  return wanted && versionText(wanted) !== versionText(python) ? undefined : python;
}

/**
 * Forgets packages whose installation was interrupted. pip writes `INSTALLER` and then `RECORD` after a package's own
 * files; without them it would still take the package for installed, so its `dist-info` folder goes and pip puts the
 * whole package in place again.
 *
 * @returns names of the forgotten `dist-info` folders
 */
export async function forgetHalfPackages(folder: string): Promise<string[]> {
  const forgotten: string[] = [];
  const lib = join(folder, "lib");
  for (const version of existsSync(lib) ? await readdir(lib) : []) {
    const packages = join(lib, version, "site-packages");
    for (const name of existsSync(packages) ? await readdir(packages) : []) {
      if (!name.endsWith(".dist-info")) continue;
      const info = join(packages, name);
      if (existsSync(join(info, "INSTALLER")) && existsSync(join(info, "RECORD"))) continue;
      await rm(info, {recursive: true, force: true});
      forgotten.push(name);
    }
  }
  return forgotten;
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
