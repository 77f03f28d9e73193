/** `because doctor --on`: looks at all that a place needs, before anything is queued there; changes nothing. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {PlaceConfig} from "../../src/core/places.js";
import type {Study} from "../../src/core/study.js";
import {gigabytes, NEEDED_BYTES, NEEDED_BYTES_CUDA} from "../setup/disk-space.js";
import {finding, remark, type Finding} from "../setup/findings.js";
import {OLDEST_PYTHON} from "../setup/find-python.js";
import {TRAINER_PACKAGE} from "../trainers/trainer-package.js";
import {atHome} from "./home.js";
import {lastLine} from "./link-troubles.js";
import {environmentFolder, trainerFolder} from "./reach-site.js";
import {LinkLost, type Answer, type Transport} from "./transport.js";

/** What `because_fleet/facts.py` says. */
interface Facts {
  system: string;
  cores: number;
  memory: number;
  free: number;
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
const SLOW = 120_000;

export async function examinePlace(
  name: string,
  config: PlaceConfig,
  transport: Transport,
  study: Study | null
): Promise<Finding[]> {
  const began = Date.now();
  const reached = await transport.run(["true"]).catch((error: unknown) => error);
  if (reached instanceof BadInput)
    return [finding("Link", false, reached.detail.found, reached.detail.expected, reached.detail.mend)];
  if (reached instanceof LinkLost)
    return [
      finding(
        "Link",
        false,
        reached.message,
        "an answer",
        "Check that the machine is on and the network there."
      )
    ];
  if (reached instanceof Error) throw reached;
  const link = finding("Link", true, `${transport.title}, ${Date.now() - began} ms`, "an answer", "");
  const facts = await factsAt(config, transport, study);
  if (typeof facts === "string")
    return [
      link,
      finding(
        "Python",
        false,
        facts,
        `${OLDEST_PYTHON.join(".")} or newer as ${config.python}`,
        `Name it with \`python\` for ${name} in the places file.`
      )
    ];
  return [
    link,
    ...machineFindings(facts, config),
    ...(await environmentFindings(name, config, transport, facts)),
    ...modelFindings(facts, config, study)
  ];
}

/** Sends the script as it stands; the place need not be set up. */
async function factsAt(
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
print(json.dumps({**machine_facts(_root), "model": has_model(*_model) if _model else None}))
`;
  const command = ["env", ...variables(config), await atHome(transport, config.python), "-"];
  const {code, stdout, stderr} = await transport.run(command, {input: script + ask, timeout: SLOW});
  return code === 0 ? (JSON.parse(lastLine(stdout)) as Facts) : lastLine(stderr) || `exit code ${code}`;
}

const variables = ({variables: own}: PlaceConfig): string[] =>
  Object.entries(own).map(([name, value]) => `${name}=${value}`);

function machineFindings(facts: Facts, config: PlaceConfig): Finding[] {
  const {python, venv, free, memory, gpus, cores, system} = facts;
  const [major = 0, minor = 0] = python.version.split(".").map(Number);
  const fresh = major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
  const needed = config.environment ? NEEDED_BYTES / 6 : gpus?.length ? NEEDED_BYTES_CUDA : NEEDED_BYTES;
  const cards = (gpus ?? []).map((gpu) => `${gpu.name}, ${gpu.memory}, driver ${gpu.driver}`);
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
      "Disk",
      free >= needed,
      `${gigabytes(free)} free`,
      `${gigabytes(needed)} free`,
      "Free some space, or name another folder with `root`."
    ),
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
      !facts.ends_with_link,
      facts.ends_with_link ? "processes end with the link" : "processes outlive the link",
      "processes that outlive the link",
      "Run `loginctl enable-linger` there."
    )
  ];
}

/** The environment, as far as it is made; whether its libraries are as pinned; and whether torch sees the GPUs. */
async function environmentFindings(
  name: string,
  config: PlaceConfig,
  transport: Transport,
  {gpus}: Facts
): Promise<Finding[]> {
  const root = await atHome(transport, config.root);
  const folder = await atHome(transport, config.environment ?? environmentFolder(root));
  const mend = `Run \`because prepare ${name}\`.`;
  const expected = "the trainer's libraries as pinned";
  const python = `${folder}/bin/python`;
  if ((await transport.run(["test", "-x", python])).code !== 0)
    return [finding("Environment", false, `none in ${folder}`, expected, mend)];
  const trainer = await trainerFolder(root);
  const ask = (what: string) =>
    transport.run(
      ["env", ...variables(config), `PYTHONPATH=${trainer}`, python, "-m", "because_trainer", what],
      {
        timeout: SLOW
      }
    );
  const checked = parsed<{libraries: PinnedLibrary[]}>(await ask("check"));
  if (!checked)
    return [finding("Environment", false, `${folder}, and no trainer in ${trainer}`, expected, mend)];
  const wrong = checked.libraries
    .filter(({holds}) => !holds)
    .map(({name: library, pinned, installed}) => `${library} ${installed ?? "missing"} instead of ${pinned}`);
  const own = "Install them there (remote-trainer/requirements*.txt).";
  const environment = finding(
    "Environment",
    wrong.length === 0,
    wrong.length === 0 ? `${folder}, ${checked.libraries.length} libraries as pinned` : wrong.join(", "),
    expected,
    config.environment ? own : mend
  );
  const seen = parsed<{cuda: {name: string}[]}>(await ask("devices"))?.cuda.length ?? 0;
  const there = gpus?.length ?? 0;
  const device = finding(
    "Torch",
    seen >= there,
    there === 0 ? "trains on processors" : `sees ${seen} of ${there} GPUs`,
    `a build of torch that sees ${there} GPUs`,
    "Its driver may be too old for the build: name an older one's index with `torch_index`, or have it updated."
  );
  return [environment, device];
}

/** What `because_trainer check` says of a library. */
interface PinnedLibrary {
  name: string;
  pinned: string;
  installed: string | null;
  holds: boolean;
}

function parsed<T>({stdout}: Answer): T | null {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    return null;
  }
}

/** The study's base model: in the hub's cache there, or sent from here. */
function modelFindings(facts: Facts, config: PlaceConfig, study: Study | null): Finding[] {
  if (!study || !("hub" in study.model)) return [];
  const {hub, revision} = study.model;
  const offline = /^(?:1|true|yes|on)$/i.test(config.variables.HF_HUB_OFFLINE ?? "");
  const judge = offline ? finding : remark;
  return [
    judge(
      "Base model",
      facts.model === true,
      facts.model ? `${hub}, in ${facts.hub}` : `${hub} is not in ${facts.hub}`,
      "its weights in the hub's cache",
      `${offline ? "HF_HUB_OFFLINE is set: fetch" : "The first run fetches it; to do so before,"} \`hf download ${hub} --revision ${revision}\` there.`
    )
  ];
}
