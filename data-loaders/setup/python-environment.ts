/**
 * The trainer's Python: a virtual environment in the store, with pinned packages. Made once, checked in a twentieth of
 * a second at every start, taken up again where an interrupted set-up left off.
 */
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {BadInput} from "../../src/core/bad-input.js";
import {capture} from "./capture.js";
import {writableStore} from "./disk-space.js";
import {isolated, thisMachine, type Machine} from "./environment.js";
import {versionText} from "./find-python.js";
import {holdLock} from "./lock.js";
import {PipFailed, pipInstall, pipProblem, type PipOptions} from "./pip.js";
import {
  DEV_FILE,
  requirementsHash,
  textHash,
  TORCH_FILE,
  torchVersion,
  TRAINER_FILE
} from "./requirements.js";
import {installedTorch, installTorch, sameRelease} from "./torch.js";
import {
  ensureVenv,
  forgetHalfPackages,
  readStamp,
  removeStamp,
  runningVenv,
  venvPython,
  writeStamp,
  type Stamp
} from "./virtual-environment.js";

/** Folder of the trainer's package and its requirement files. */
export const TRAINER_FOLDER = fileURLToPath(new URL("../../remote-trainer", import.meta.url));

export interface PythonOptions {
  /** The store; the environment is its folder `python/`. */
  store: string;
  /** Gets one short line at a time. */
  log: (line: string) => void;
  /** Also linters, type checker and test runner. */
  dev?: boolean;
  /** Folder of the requirement files. Default: `remote-trainer/`. */
  requirements?: string;
  /** Stops pip; what was installed so far is kept. */
  signal?: AbortSignal;
  machine?: Machine;
}

/** Where the environment of a store lies. */
export const environmentFolder = (store: string): string => join(resolve(store), "python");

/** Where pip's full output lies. */
export const setupLog = (store: string): string => join(resolve(store), "logs", "python-setup.log");

/**
 * Makes sure that the store has a Python with the trainer's pinned packages, installing what is missing.
 *
 * @returns path of its interpreter
 * @throws BadInput where the machine lacks something: Python, venv, room, a package index
 */
export async function ensurePython(options: PythonOptions): Promise<{python: string}> {
  const {store, log, dev = false, requirements = TRAINER_FOLDER, signal, machine = thisMachine} = options;
  const folder = environmentFolder(store);
  const wanted = wantedStamp(requirements, dev, machine);
  if (await isReady(folder, wanted, machine)) return {python: venvPython(folder)};

  await writableStore(store);
  const release = await holdLock(
    join(store, "python.lock"),
    () => log("Another set-up is at work here: waiting …"),
    signal
  );
  try {
    // Whoever held the lock may have done it all.
    if (!(await isReady(folder, wanted, machine))) await setUp(folder, wanted, options, machine);
  } finally {
    await release();
  }
  return {python: venvPython(folder)};
}

async function setUp(
  folder: string,
  wanted: Wanted,
  options: PythonOptions,
  machine: Machine
): Promise<void> {
  const {store, log, dev = false, requirements = TRAINER_FOLDER, signal} = options;
  const started = Date.now();
  const before = readStamp(folder);
  const python = await ensureVenv(folder, log, machine);
  await removeStamp(folder);
  await forgetHalfPackages(folder);
  const pip: PipOptions = {python: venvPython(folder), logFile: setupLog(store), log, machine, signal};
  await explained("torch", pip, () => ensureTorch(wanted, before, options, pip));
  await installRest(requirements, dev, pip);
  await checkImports(pip);
  await writeStamp(folder, {torchIndex: before?.torchIndex, ...wanted, python: versionText(python)});
  log(`Python environment ready after ${Math.round((Date.now() - started) / 1000)} s.`);
}

type Wanted = Omit<Stamp, "python">;

function wantedStamp(requirements: string, dev: boolean, {env}: Machine): Wanted {
  return {
    trainer: requirementsHash(requirements, [TORCH_FILE, TRAINER_FILE]),
    ...(dev ? {dev: requirementsHash(requirements, [DEV_FILE])} : {}),
    ...(env.BECAUSE_TORCH_INDEX ? {torchIndex: textHash(env.BECAUSE_TORCH_INDEX)} : {})
  };
}

/** Whether the store's environment is as the requirement files ask, so that `ensurePython` would do nothing. */
export const environmentReady = (store: string, machine: Machine = thisMachine): Promise<boolean> =>
  isReady(environmentFolder(store), wantedStamp(TRAINER_FOLDER, false, machine), machine);

/** Whether set-up once finished with the same requirements, and its Python still runs. */
async function isReady(folder: string, wanted: Wanted, machine: Machine): Promise<boolean> {
  const stamp = readStamp(folder);
  if (!stamp) return false;
  for (const key of Object.keys(wanted) as (keyof Wanted)[]) if (stamp[key] !== wanted[key]) return false;
  const python = await runningVenv(folder, machine);
  return python !== undefined && versionText(python) === stamp.python;
}

/** Turns pip's failure into what a user can do about it. */
async function explained(what: string, pip: PipOptions, install: () => Promise<void>): Promise<void> {
  try {
    await install();
  } catch (error) {
    throw error instanceof PipFailed ? pipProblem(error, what, pip.logFile) : error;
  }
}

/** Leaves the pinned torch alone where it is installed, unless another index was named since. */
async function ensureTorch(
  wanted: Wanted,
  before: Stamp | undefined,
  {store, requirements = TRAINER_FOLDER}: PythonOptions,
  pip: PipOptions
): Promise<void> {
  const pinned = torchVersion(requirements);
  const otherIndex = wanted.torchIndex !== undefined && wanted.torchIndex !== before?.torchIndex;
  if (!otherIndex && sameRelease(await installedTorch(pip.python, pip.machine), pinned)) return;
  await installTorch(pinned, store, pip);
}

async function installRest(requirements: string, dev: boolean, pip: PipOptions): Promise<void> {
  const file = (name: string): string[] => ["-r", join(requirements, name)];
  pip.log("Installing the trainer's packages …");
  await explained("the trainer's packages", pip, () =>
    pipInstall([...file(TORCH_FILE), ...file(TRAINER_FILE)], pip)
  );
  if (!dev) return;
  pip.log("Installing the developers' packages …");
  await explained("the developers' packages", pip, () => pipInstall(file(DEV_FILE), pip));
}

/** Loads the compiled packages once: a system library that is missing shows here, not in the middle of a study. */
async function checkImports({python, machine}: PipOptions): Promise<void> {
  const {code, stderr} = await capture(python, ["-c", "import torch, transformers, tokenizers, pyarrow"], {
    env: isolated(machine.env),
    timeout: 300_000
  });
  if (code === 0) return;
  throw new BadInput({
    where: python,
    expected: "torch, transformers, tokenizers and pyarrow to load",
    found: stderr.trim().split("\n").at(-1) || "a crash",
    mend: "Mend what it names, or delete the folder `python` in the store, and start again."
  });
}
