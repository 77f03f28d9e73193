/**
 * What set-up asks of the machine. Everything that finds, measures or starts something gets one of these, so that a
 * test can play a machine without Python, without a network or with a full disk.
 */
import {statfs} from "node:fs/promises";

export interface Machine {
  /** Environment variables: PATH, BECAUSE_PYTHON, BECAUSE_TORCH_INDEX. */
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** Free bytes for an ordinary user on the disk of an existing folder. */
  freeBytes(folder: string): Promise<number>;
}

export const thisMachine: Machine = {
  env: process.env,
  platform: process.platform,
  async freeBytes(folder) {
    const {bavail, bsize} = await statfs(folder);
    return bavail * bsize;
  }
};

/** `because` and its packages only: a user's PYTHONPATH or per-user packages must not leak into the environment. */
export function isolated(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean: NodeJS.ProcessEnv = {
    ...env,
    PYTHONNOUSERSITE: "1",
    PIP_USER: "0",
    PIP_DISABLE_PIP_VERSION_CHECK: "1"
  };
  for (const name of ["PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"]) delete clean[name];
  return clean;
}
