import {access, constants, rm, writeFile} from "node:fs/promises";
import {existsSync} from "node:fs";
import {join} from "node:path";
import getPort from "get-port";
import {BadInput} from "../../src/core/bad-input.js";
import {capture} from "./capture.js";
import {existingFolder, gigabytes, NEEDED_BYTES} from "./disk-space.js";
import {isolated, thisMachine, type Machine} from "./environment.js";
import {finding, remark, type Finding} from "./findings.js";
import {findPython, OLDEST_PYTHON, versionText} from "./find-python.js";
import {ROOT} from "./launch.mjs";
import {nodeProblem, OLDEST_NODE} from "./node-version.mjs";
import {packagesMatch} from "./packages.mjs";
import {environmentFolder, environmentReady, TRAINER_FOLDER} from "./python-environment.js";
import {hasNvidiaGpu, installedTorch} from "./torch.js";
import {venvPython} from "./virtual-environment.js";

export {printFindings, healthy, type Finding} from "./findings.js";

export interface DoctorOptions {
  store: string;
  /** The port that the notebook is served on. */
  port?: number;
  machine?: Machine;
}

const START = "Run npm start: it installs what is missing.";

/**
 * Looks at everything that Because needs on this machine; changes nothing.
 *
 * @returns findings in the order in which one would mend them
 */
export async function examine({
  store,
  port = 3000,
  machine = thisMachine
}: DoctorOptions): Promise<Finding[]> {
  return [
    nodeFinding(),
    finding(
      "npm packages",
      packagesMatch(ROOT),
      packagesMatch(ROOT) ? "as locked" : "not as locked",
      "package-lock.json",
      START
    ),
    await pythonFinding(machine),
    await storeFinding(store),
    await diskFinding(store, machine),
    ...(await environmentFindings(store, machine)),
    await portFinding(port),
    await chromiumFinding(machine)
  ];
}

function nodeFinding(): Finding {
  const version = process.versions.node;
  const problem = nodeProblem(version);
  return finding("Node.js", !problem, version, `${OLDEST_NODE.join(".")} or newer`, problem ?? "");
}

async function pythonFinding(machine: Machine): Promise<Finding> {
  const expected = `${OLDEST_PYTHON.join(".")} or newer, with venv`;
  try {
    const python = await findPython(machine);
    return finding("Python", true, `${versionText(python)} (${python.executable})`, expected, "");
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return finding("Python", false, error.detail.found, expected, error.detail.mend);
  }
}

async function storeFinding(store: string): Promise<Finding> {
  const folder = existingFolder(store);
  const mend = "Give it write permission, or name another folder with `store:` in the study file.";
  try {
    await access(folder, constants.W_OK);
    const probe = join(folder, `.because-write-${process.pid}`);
    await writeFile(probe, "");
    await rm(probe);
    return finding("Store", true, store, "a folder that can be written", mend);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return finding("Store", false, found, "a folder that can be written", mend);
  }
}

async function diskFinding(store: string, machine: Machine): Promise<Finding> {
  const free = await machine.freeBytes(existingFolder(store));
  // Once the packages are there, what is left to write is small.
  const needed = existsSync(venvPython(environmentFolder(store))) ? NEEDED_BYTES / 6 : NEEDED_BYTES;
  const mend = "Free some space, or name a folder on another disk with `store:` in the study file.";
  return finding("Disk", free >= needed, `${gigabytes(free)} free`, `${gigabytes(needed)} free`, mend);
}

/** The virtual environment, what is installed in it, and what torch computes on. */
async function environmentFindings(store: string, machine: Machine): Promise<Finding[]> {
  const folder = environmentFolder(store);
  const ready = await environmentReady(store, machine);
  const environment = finding(
    "Environment",
    ready,
    ready ? folder : `none, or unfinished, in ${folder}`,
    "pinned packages",
    START
  );
  const python = venvPython(folder);
  const torch = await installedTorch(python, machine);
  if (!torch)
    return [environment, finding("Trainer", false, "no torch", "torch and the trainer's packages", START)];
  return [environment, await trainerFinding(python, machine), await deviceFinding(torch, machine)];
}

/** What `because_trainer check` prints: each pinned library, and whether the installed one is it. */
interface Requirements {
  libraries: {name: string; pinned: string; installed: string | null; holds: boolean}[];
}

async function trainerFinding(python: string, machine: Machine): Promise<Finding> {
  const env = {...isolated(machine.env), PYTHONPATH: TRAINER_FOLDER};
  const {stdout, stderr} = await capture(python, ["-m", "because_trainer", "check"], {env});
  const what = "Trainer";
  const expected = "its libraries as pinned";
  try {
    const {libraries} = JSON.parse(stdout) as Requirements;
    const wrong = libraries.filter(({holds}) => !holds);
    const found = wrong.map(
      ({name, pinned, installed}) => `${name} ${installed ?? "missing"} instead of ${pinned}`
    );
    const ok = libraries.length > 0 && wrong.length === 0;
    return finding(
      what,
      ok,
      ok ? `${libraries.length} libraries as pinned` : found.join(", "),
      expected,
      START
    );
  } catch {
    return finding(what, false, stderr.trim().split("\n").at(-1) || "no answer", expected, START);
  }
}

async function deviceFinding(torch: string, machine: Machine): Promise<Finding> {
  const cpuBuild = torch.endsWith("+cpu");
  const unused = cpuBuild && (await hasNvidiaGpu(machine));
  const found = `torch ${torch}${unused ? ", though there is an NVIDIA GPU" : ""}`;
  const mend =
    "Delete the folder `python` in the store and run npm start: it then takes the build for the GPU.";
  return remark("Device", !unused, found, "a build of torch for the GPU", mend);
}

async function portFinding(port: number): Promise<Finding> {
  const free = (await getPort({port})) === port;
  return remark(
    "Port",
    free,
    `${port} is ${free ? "free" : "taken"}`,
    `${port} free`,
    "Another one is taken, or name one with --port."
  );
}

async function chromiumFinding(machine: Machine): Promise<Finding> {
  const named = machine.env.BECAUSE_CHROMIUM;
  for (const command of named ? [named] : ["chromium", "chromium-browser", "google-chrome"]) {
    const {code, stdout} = await capture(command, ["--version"], {env: machine.env, timeout: 20_000});
    if (code === 0) return remark("Chromium", true, stdout.trim(), "Chromium", "");
  }
  const mend = "Only the browser tests and screenshots use it. Debian, Ubuntu: apt install chromium.";
  return remark("Chromium", false, named ? `${named} does not run` : "none on the PATH", "Chromium", mend);
}
