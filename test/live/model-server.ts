/**
 * A real model server on this machine: `transformers serve`, from the package index, with a model folder of ours. Its
 * few packages lie in an environment of their own beside the trainer's, whose torch and transformers it uses.
 */
import {execFile, spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {promisify} from "node:util";
import getPort from "get-port";
import {isolated, thisMachine} from "../../data-loaders/setup/environment.js";
import {holdLock} from "../../data-loaders/setup/lock.js";
import {PipFailed, pipInstall, pipProblem} from "../../data-loaders/setup/pip.js";
import {TRAINER_FOLDER} from "../../data-loaders/setup/python-environment.js";
import {requirementsHash} from "../../data-loaders/setup/requirements.js";
import {venvPython} from "../../data-loaders/setup/virtual-environment.js";
import type {Store} from "../../data-loaders/stages/store.js";

const REQUIREMENTS = "requirements-server.txt";
/** Seconds until a server that does not answer is given up. */
const START_WITHIN = 90;

/** The package index cannot be reached: the one reason for which there may be no server. */
export class NoIndex extends Error {
  override name = "NoIndex";
}

/**
 * Python of an environment with the server's packages, in the store's folder `model-server/`; installed once.
 *
 * @param python the trainer's
 * @throws NoIndex
 */
export async function ensureServer(store: Store, python: string): Promise<string> {
  const folder = store.path("model-server");
  const stamp = join(folder, "because.json");
  const run = promisify(execFile);
  const {stdout} = await run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  const packages = stdout.trim();
  const wanted = JSON.stringify({packages, hash: requirementsHash(TRAINER_FOLDER, [REQUIREMENTS])});
  await mkdir(store.root, {recursive: true});
  const release = await holdLock(store.path("model-server.lock"), () => undefined);
  try {
    if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return venvPython(folder);
    await rm(folder, {recursive: true, force: true});
    await run(python, ["-m", "venv", "--without-pip", folder], {env: isolated(process.env)});
    const own = await run(venvPython(folder), [
      "-c",
      "import sysconfig; print(sysconfig.get_path('purelib'))"
    ]);
    await writeFile(join(own.stdout.trim(), "trainer.pth"), `${packages}\n`);
    await install(venvPython(folder), store.path("logs", "model-server-setup.log"));
    await writeFile(stamp, wanted);
    return venvPython(folder);
  } finally {
    await release();
  }
}

async function install(python: string, logFile: string): Promise<void> {
  try {
    const options = {python, logFile, log: () => undefined, machine: thisMachine};
    await pipInstall(["-r", join(TRAINER_FOLDER, REQUIREMENTS)], options);
  } catch (error) {
    if (!(error instanceof PipFailed)) throw error;
    const problem = pipProblem(error, "the model server's packages", logFile);
    // An index that cannot be asked offers no version at all, one that lacks the pinned one offers others.
    const unreachable =
      /no connection/.test(problem.detail.found) || /from versions: none\)/.test(error.output.join());
    throw unreachable ? new NoIndex(problem.message) : problem;
  }
}

export interface ModelServer {
  /** For `base_url` of a judge. */
  address: string;
  /** Its name at the server. */
  model: string;
  /** Requests for completions that the server answered, by status, from its own log. */
  answered(): Map<string, number>;
  stop(): Promise<void>;
}

/** Serves a model folder, on the CPU and without a network beyond this machine. */
export async function startServer(python: string, model: string): Promise<ModelServer> {
  const port = await getPort({host: "127.0.0.1"});
  const args = ["serve", model, "--device", "cpu", "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(python, ["-m", "transformers.cli.transformers", ...args], {
    env: {
      ...isolated(process.env),
      HF_HUB_OFFLINE: "1",
      HF_HUB_DISABLE_TELEMETRY: "1",
      CUDA_VISIBLE_DEVICES: "",
      OMP_NUM_THREADS: "1"
    },
    stdio: ["ignore", "pipe", "pipe"]
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const address = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(address, child, () => output);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    address: `${address}/v1`,
    model,
    answered: () => countAnswers(output),
    async stop() {
      child.kill("SIGTERM");
      const killed = wait(5_000).then(() => child.kill("SIGKILL"));
      await Promise.race([ended, killed.then(() => ended)]);
    }
  };
}

async function untilHealthy(address: string, child: ChildProcess, output: () => string): Promise<void> {
  for (const began = Date.now(); Date.now() - began < START_WITHIN * 1000; await wait(200)) {
    if (child.exitCode !== null) throw new Error(`The model server ended:\n${output()}`);
    const answer = await fetch(`${address}/health`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error(`The model server did not answer within ${START_WITHIN} s:\n${output()}`);
}

function countAnswers(output: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, status = ""] of output.matchAll(/"POST \/v1\/chat\/completions HTTP\/[\d.]+" (\d+)/g))
    counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
