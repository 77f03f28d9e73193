/** Starts a program of this machine and hears what it says. */
import {spawn} from "node:child_process";
import type {Answer} from "./transport.js";

/** What became of a program: `code` is 255 where it could not be started, as ssh itself says of a broken link. */
export interface ProgramOptions {
  input?: string;
  /** Milliseconds until it is ended. */
  timeout?: number;
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
  onText?: (text: string) => void;
}

/** A program that is not there. */
export class NoProgram extends Error {
  override name = "NoProgram";
}

/** A program that took longer than it may, and was ended. */
export const TIMED_OUT = 124;
/** Milliseconds for the last words, where a process that goes on in the background keeps the pipes open. */
const LAST_WORDS = 200;

/**
 * Runs a program to its end.
 *
 * @throws NoProgram where it is not installed; the signal's reason where that asks to stop
 */
export function runProgram(
  program: string,
  args: readonly string[],
  {input, timeout, signal, env, onText}: ProgramOptions = {}
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const child = spawn(program, args, {env: env ?? process.env, stdio: ["pipe", "pipe", "pipe"]});
    let [stdout, stderr, late] = ["", "", false];
    let heard = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      heard += text.length;
      if (onText) onText(text);
      else stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-65536)));
    child.stdin.on("error", () => undefined); // it ended before it read all; its exit code says more
    child.stdin.end(input ?? "");
    const stop = (): void => void child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, {once: true});
    const timer = timeout
      ? setTimeout(() => {
          late = true;
          child.kill("SIGKILL");
        }, timeout)
      : undefined;
    const end = (code: number | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      child.stdout.destroy();
      child.stderr.destroy();
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve({code: late ? TIMED_OUT : (code ?? 255), stdout, stderr});
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      reject(error.code === "ENOENT" ? new NoProgram(program) : error);
    });
    child.once("close", end);
    child.once("exit", (code) => {
      let before = heard;
      const pause = setInterval(() => {
        if (heard === before) end(code);
        else before = heard;
      }, LAST_WORDS);
      child.once("close", () => clearInterval(pause));
      pause.unref();
    });
  });
}
