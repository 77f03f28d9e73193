/** What the machine of a place is, of whatever kind: one that trains itself, or one that a scheduler is asked from. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {PlaceConfig} from "../../src/core/places.js";
import type {Study} from "../../src/core/study.js";
import {gigabytes, NEEDED_BYTES, NEEDED_BYTES_CUDA} from "../setup/disk-space.js";
import {finding, remark, type Finding} from "../setup/findings.js";
import {OLDEST_PYTHON} from "../setup/find-python.js";
import {TRAINER_PACKAGE} from "../trainers/trainer-package.js";
import {atHome} from "./home.js";
import {lastLine} from "./link-troubles.js";
import type {Transport} from "./transport.js";

/** What `because_fleet/facts.py` says. */
export interface Facts {
  system: string;
  cores: number;
  memory: number;
  free: number;
  /** Why nothing can be written there; empty where it can. */
  unwritable: string;
  gpus: {name: string; memory: string; driver: string}[] | null;
  python: {version: string; executable: string};
  venv: boolean;
  rsync: boolean;
  hub: string;
  ends_with_link: boolean;
  model: boolean | null;
}

/** Memory below which not even a small study can be trained beside torch. */
const NEEDED_MEMORY = 2e9;
/** Milliseconds that a Python may take which loads its libraries from a slow disk. */
export const SLOW = 120_000;

/** Asks by a script that is sent as it stands; the place need not be set up. Where it cannot be run, why. */
export async function factsAt(
  config: PlaceConfig,
  transport: Transport,
  study: Study | null
): Promise<Facts | string> {
  const script = await readFile(join(TRAINER_PACKAGE, "because_fleet", "facts.py"), "utf8");
  const model = study && "hub" in study.model ? [study.model.hub, study.model.revision] : null;
  const root = await atHome(transport, config.root);
  const ask = `
import json
from pathlib import Path as _Path
_root, _model = _Path(${JSON.stringify(root)}), json.loads(${JSON.stringify(JSON.stringify(model))})
while not _root.exists():
    _root = _root.parent
print(json.dumps({**machine_facts(_root), "unwritable": why_unwritable(_root), "model": has_model(*_model) if _model else None}))
`;
  const command = ["env", ...variables(config), await atHome(transport, config.python), "-"];
  const {code, stdout, stderr} = await transport.run(command, {input: script + ask, timeout: SLOW});
  return code === 0 ? (JSON.parse(lastLine(stdout)) as Facts) : lastLine(stderr) || `exit code ${code}`;
}

/** The place's own variables, for `env`. */
export const variables = ({variables: own}: PlaceConfig): string[] =>
  Object.entries(own).map(([name, value]) => `${name}=${value}`);

/** Whether the machine has what is needed on it. */
export function machineFindings(facts: Facts, config: PlaceConfig): Finding[] {
  const {python, venv, free, unwritable, gpus} = facts;
  const [major = 0, minor = 0] = python.version.split(".").map(Number);
  const fresh = major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
  const needed = config.environment ? NEEDED_BYTES / 6 : gpus?.length ? NEEDED_BYTES_CUDA : NEEDED_BYTES;
  return [
    finding(
      "Python",
      fresh && (venv || config.environment !== undefined),
      `${python.version} (${python.executable})${venv ? "" : ", without venv"}`,
      `${OLDEST_PYTHON.join(".")} or newer, with venv`,
      "Name another with `python`, or an environment with `environment`."
    ),
    finding(
      "rsync",
      facts.rsync,
      facts.rsync ? "there" : "none on the PATH",
      "rsync",
      "Have it installed there."
    ),
    finding(
      "Folder",
      unwritable === "",
      unwritable === "" ? `${config.root} can be written` : `${config.root}: ${unwritable}`,
      `a folder that can be written${config.kind === "ssh" ? "" : ", on a disk that all nodes see"}`,
      "Name another with `root`."
    ),
    finding(
      "Disk",
      free >= needed,
      `${gigabytes(free)} free`,
      `${gigabytes(needed)} free`,
      "Free some space, or name another folder with `root`."
    ),
    ...(config.kind === "ssh" ? trainingMachineFindings(facts) : [])
  ];
}

/** Of a machine that trains itself; where a scheduler finds one, it knows what they have. */
function trainingMachineFindings({memory, gpus, cores, system, ends_with_link}: Facts): Finding[] {
  const cards = (gpus ?? []).map((gpu) => `${gpu.name}, ${gpu.memory}, driver ${gpu.driver}`);
  return [
    finding(
      "Memory",
      memory >= NEEDED_MEMORY,
      `${gigabytes(memory)}, ${cores} cores, ${system}`,
      `${gigabytes(NEEDED_MEMORY)}`,
      "Take another machine."
    ),
    remark(
      "GPU",
      cards.length > 0,
      cards.length > 0 ? cards.join("; ") : "no NVIDIA driver answers",
      "a GPU, for models that are not small",
      "Where there is one, have its driver looked at: nvidia-smi must list it."
    ),
    remark(
      "Background",
      !ends_with_link,
      ends_with_link ? "processes end with the link" : "processes outlive the link",
      "processes that outlive the link",
      "Run `loginctl enable-linger` there."
    )
  ];
}
