/** The Python environments of benchmarks: the trainer's, and one over it in which its peers are installed. */
import {spawnSync} from "node:child_process";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {ensurePython} from "../../data-loaders/setup/python-environment.js";
import {requirementsHash} from "../../data-loaders/setup/requirements.js";
import {venvPython} from "../../data-loaders/setup/virtual-environment.js";
import {PROJECT} from "../../data-loaders/stages/store.js";

const STORE = join(PROJECT, ".because");
const HERE = fileURLToPath(new URL(".", import.meta.url));
const REQUIREMENTS = "requirements-peers.txt";
const PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))";

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The trainer's Python, set up where it isn't. */
export const trainerPython = async (): Promise<string> =>
  (await ensurePython({store: STORE, log: say})).python;

/**
 * The peers' Python in `.because/bench-peers`, made anew when their requirements change. It sees the packages of the
 * trainer's environment too, by a path file, so that both run on one torch.
 */
export async function peersPython(trainer: string): Promise<string> {
  const folder = join(STORE, "bench-peers");
  const python = venvPython(folder);
  const stamp = join(folder, "requirements.sha256");
  const wanted = requirementsHash(HERE, [REQUIREMENTS]);
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return python;
  say("Installing the peers …");
  run(trainer, ["-m", "venv", "--clear", folder]);
  await writeFile(join(run(python, ["-c", PACKAGES]), "because.pth"), run(trainer, ["-c", PACKAGES]));
  run(python, ["-m", "pip", "install", "--no-input", "-q", "-r", join(HERE, REQUIREMENTS)]);
  await writeFile(stamp, wanted);
  return python;
}

/** What a command prints; throws with its last words where it fails. */
function run(command: string, args: string[]): string {
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: "utf8"});
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr.slice(-2000)}`);
  return stdout.trim();
}

/** Runs a module of test/python/bench; its tables go to standard output. Resolves to its exit code. */
export function runBench(python: string, module: string, args: string[]): number | null {
  const paths = [join(PROJECT, "remote-trainer"), join(PROJECT, "test/python")].join(":");
  const env = {...process.env, PYTHONPATH: paths, PYTHONDONTWRITEBYTECODE: "1", OMP_NUM_THREADS: "1"};
  return spawnSync(python, ["-m", module, ...args], {env, stdio: "inherit"}).status;
}
