import {spawn} from "node:child_process";

/** What a finished command said. `code` is undefined where it could not be started or was killed. */
export interface Captured {
  code: number | undefined;
  stdout: string;
  stderr: string;
}

export interface CaptureOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Milliseconds until it is killed. Default: 60 000. */
  timeout?: number;
}

/**
 * Runs a short command and returns what it wrote, whichever way it ends; never throws. Found through `env.PATH`.
 */
export function capture(
  command: string,
  args: string[],
  {env, cwd, timeout = 60_000}: CaptureOptions
): Promise<Captured> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {env, cwd, stdio: ["ignore", "pipe", "pipe"]});
    // Not spawn's own `timeout`: its timer outlives a command that was not found, and keeps the process from ending.
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    let stdout = "";
    let stderr = "";
    const end = (captured: Captured): void => {
      clearTimeout(timer);
      resolve(captured);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => end({code: undefined, stdout, stderr: error.message}));
    child.once("close", (code) => end({code: code ?? undefined, stdout, stderr}));
  });
}
