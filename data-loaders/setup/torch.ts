import {capture} from "./capture.js";
import {NEEDED_BYTES, NEEDED_BYTES_CUDA, roomFor} from "./disk-space.js";
import {isolated, type Machine} from "./environment.js";
import {PipFailed, pipInstall, type PipOptions} from "./pip.js";

/** Whether an NVIDIA GPU answers: `nvidia-smi -L` lists one a line. */
export async function hasNvidiaGpu(machine: Machine): Promise<boolean> {
  const {code, stdout} = await capture("nvidia-smi", ["-L"], {env: machine.env, timeout: 20_000});
  return code === 0 && /^GPU \d+/m.test(stdout);
}

/** Version of torch in an environment, such as `2.13.0+cpu`; nothing where it is not installed. */
export async function installedTorch(python: string, machine: Machine): Promise<string | undefined> {
  const ask = 'from importlib.metadata import version; print(version("torch"))';
  const {code, stdout} = await capture(python, ["-c", ask], {env: isolated(machine.env)});
  return code === 0 ? stdout.trim() : undefined;
}

/** Whether an installed version, with or without a build's name, is the pinned one. */
export const sameRelease = (installed: string | undefined, pinned: string): boolean =>
  installed !== undefined && installed.split("+")[0] === pinned;

/**
 * Installs the pinned torch alone; what it depends on comes with the trainer's other packages. Without a GPU the CPU
 * build is taken where the index offers it by its local version (`2.13.0+cpu`), because the default build for Linux
 * brings gigabytes of CUDA libraries; elsewhere, and with a GPU, the default build.
 *
 * BECAUSE_TORCH_INDEX names another index, used for torch and nothing else.
 *
 * @param version such as `2.13.0`
 * @throws PipFailed, BadInput (room)
 */
export async function installTorch(version: string, store: string, pip: PipOptions): Promise<void> {
  const {machine, log} = pip;
  const index = machine.env.BECAUSE_TORCH_INDEX;
  // Forced, because another build of the same version may be there: pip would take it for the same.
  const source = ["--no-deps", "--force-reinstall", ...(index ? ["--index-url", index] : [])];
  const from = index ? " from BECAUSE_TORCH_INDEX" : "";
  await roomFor(store, NEEDED_BYTES, "the trainer's Python packages and the runs", machine);
  if (!(await hasNvidiaGpu(machine))) {
    log(`Installing torch ${version} (CPU build${from}) …`);
    try {
      return await pipInstall([...source, `torch==${version}+cpu`], pip);
    } catch (error) {
      if (!(error instanceof PipFailed) || !error.notOffered) throw error;
    }
    log("The package index has no CPU build: taking its default build.");
  }
  if (machine.platform === "linux")
    await roomFor(store, NEEDED_BYTES_CUDA, "torch with its CUDA libraries", machine);
  log(`Installing torch ${version} (default build${from}) …`);
  await pipInstall([...source, `torch==${version}`], pip);
}
