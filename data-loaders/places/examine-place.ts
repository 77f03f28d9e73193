/** `because doctor --on`: looks at all that a place needs, before anything is queued there; changes nothing. */
import {BadInput} from "../../src/core/bad-input.js";
import type {PlaceConfig} from "../../src/core/places.js";
import type {Study} from "../../src/core/study.js";
import {finding, remark, type Finding} from "../setup/findings.js";
import {OLDEST_PYTHON} from "../setup/find-python.js";
import {factsAt, machineFindings, SLOW, variables, type Facts} from "./examine-machine.js";
import {atHome} from "./home.js";
import {rayFindings} from "./ray/examine-ray.js";
import {environmentFolder, trainerFolder} from "./reach-site.js";
import {slurmFindings} from "./slurm/examine-slurm.js";
import {LinkLost, type Answer, type Transport} from "./transport.js";

export async function examinePlace(
  name: string,
  config: PlaceConfig,
  transport: Transport,
  study: Study | null
): Promise<Finding[]> {
  const began = Date.now();
  const reached = await transport.run(["true"], {again: false}).catch((error: unknown) => error);
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
    ...modelFindings(facts, config, study),
    ...(await schedulerFindings(name, config, transport))
  ];
}

function schedulerFindings(name: string, config: PlaceConfig, transport: Transport): Promise<Finding[]> {
  switch (config.kind) {
    case "ssh":
      return Promise.resolve([]);
    case "slurm":
      return slurmFindings(name, config, transport);
    case "ray":
      return rayFindings(name, config);
  }
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
