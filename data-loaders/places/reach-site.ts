/** Reaches a place: finds its folder, sends the trainer where it is not there yet, and finds or makes its environment. */
import {cp, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {PlaceConfig} from "../../src/core/places.js";
import {codeVersion} from "../stages/content-hash.js";
import {requirementsHash, TORCH_FILE, TRAINER_FILE} from "../setup/requirements.js";
import {TRAINER_PACKAGE} from "../trainers/trainer-package.js";
import {lastLine} from "./link-troubles.js";
import {makeEnvironment} from "./site-environment.js";
import {atHome} from "./home.js";
import {siteVariables, type Site} from "./site.js";
import type {Transport} from "./transport.js";

/** What of remote-trainer/ a place needs. */
const SENT = ["because_trainer", "because_fleet", TORCH_FILE, TRAINER_FILE];

export interface ReachOptions {
  name: string;
  config: PlaceConfig;
  transport: Transport;
  /** Called with each step that takes a while. */
  log: (line: string) => void;
  signal?: AbortSignal;
}

/** The place, ready to train. Does what is missing, and nothing twice; a step that broke off is taken up again. */
export async function reachSite(options: ReachOptions): Promise<Site> {
  const {name, config, transport, signal} = options;
  const root = await findRoot(transport, config.root, signal);
  const folder = await sendTrainer(options, root);
  const base = {name, config, transport, root, package: folder};
  const python = config.environment
    ? `${await findFolder(transport, config.environment, signal)}/bin/python`
    : await makeEnvironment(base, environmentFolder(root), options);
  return {...base, python, version: await versionAt({...base, python}, signal)};
}

/** The place's folder, which is made, as a whole path. */
export async function findRoot(transport: Transport, root: string, signal?: AbortSignal): Promise<string> {
  const script = 'umask 077; mkdir -p -- "$1" && cd -- "$1" && test -w . && pwd -P';
  const answer = await transport.run(["sh", "-c", script, "sh", await atHome(transport, root)], {signal});
  const path = lastLine(answer.stdout);
  if (answer.code === 0 && path.startsWith("/")) return path;
  throw new BadInput({
    where: `place at ${transport.title}, key root`,
    expected: "a folder that can be made and written",
    found: lastLine(answer.stderr) || `no folder ${root}`,
    mend: "Name another folder there in the places file."
  });
}

/** A folder that must be there, as a whole path. */
async function findFolder(transport: Transport, folder: string, signal?: AbortSignal): Promise<string> {
  const path = await atHome(transport, folder);
  const answer = await transport.run(["test", "-x", `${path}/bin/python`], {signal});
  if (answer.code === 0) return path;
  throw new BadInput({
    where: `place at ${transport.title}, key environment`,
    expected: "a virtual environment",
    found: `no ${folder}/bin/python there`,
    mend: "Name the folder of one that has the trainer's libraries, or remove the key: one is then made."
  });
}

/** Where a place keeps the trainer's package as it is here. */
export async function trainerFolder(root: string): Promise<string> {
  return `${root}/trainer/${(await codeVersion(TRAINER_PACKAGE, SENT)).slice(0, 16)}`;
}

/** Where a place keeps the environment that this trainer's pins ask for. */
export function environmentFolder(root: string): string {
  return `${root}/python/${requirementsHash(TRAINER_PACKAGE, [TORCH_FILE, TRAINER_FILE]).slice(0, 16)}`;
}

/** Sends the trainer's package under the hash of its content. */
async function sendTrainer({transport, log, signal}: ReachOptions, root: string): Promise<string> {
  const folder = await trainerFolder(root);
  if ((await transport.run(["test", "-d", folder], {signal})).code === 0) return folder;
  log(`Sending the trainer to ${transport.title} …`);
  const packed = await mkdtemp(join(tmpdir(), "because-trainer-"));
  try {
    for (const part of SENT)
      await cp(join(TRAINER_PACKAGE, part), join(packed, part), {
        recursive: true,
        filter: (path) => basename(path) !== "__pycache__"
      });
    const partial = `${folder}.partial-${basename(packed)}`;
    await transport.send(packed, partial, {signal});
    await renameAt(transport, partial, folder, signal);
  } finally {
    await rm(packed, {recursive: true, force: true});
  }
  return folder;
}

/** Renames a folder at the place, where nobody has put the same one meanwhile. */
async function renameAt(transport: Transport, from: string, to: string, signal?: AbortSignal): Promise<void> {
  const script = 'test -d "$2" || mv -- "$1" "$2"; test -d "$2" && rm -rf -- "$1" "$2/${1##*/}"';
  const answer = await transport.run(["sh", "-c", script, "sh", from, to], {signal});
  if (answer.code !== 0)
    throw new Error(`${transport.title}: ${to} cannot be made: ${lastLine(answer.stderr)}`);
}

async function versionAt(site: Omit<Site, "version">, signal?: AbortSignal): Promise<string> {
  const command = ["env", ...siteVariables(site), site.python, "-m", "because_trainer", "version"];
  const {code, stdout, stderr} = await site.transport.run(command, {signal});
  if (code === 0) return lastLine(stdout);
  throw new BadInput({
    where: `place ${site.name}`,
    expected: `a Python that runs the trainer: ${site.python}`,
    found: lastLine(stderr) || `exit code ${code}`,
    mend: `\`because doctor --on ${site.name}\` says what is missing there.`
  });
}
