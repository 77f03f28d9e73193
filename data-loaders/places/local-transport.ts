/** The link to a place that is this machine, such as the login node of a cluster that the pipeline runs on. */
import {mkdir} from "node:fs/promises";
import {BadInput} from "../../src/core/bad-input.js";
import {fetchFolder, sendFolder} from "./rsync.js";
import {NoProgram, runProgram} from "./run-program.js";
import type {Answer, CommandOptions, TransferOptions, Transport} from "./transport.js";

const LINK = {title: "this machine", host: null, shell: []};
const TIMEOUT = 60_000;

export class LocalTransport implements Transport {
  readonly title = LINK.title;

  run([program = "", ...args]: readonly string[], options: CommandOptions = {}): Promise<Answer> {
    const {input, timeout = TIMEOUT, signal} = options;
    return runProgram(program, args, {input, timeout, signal}).catch(absent);
  }

  async follow(
    [program = "", ...args]: readonly string[],
    onText: (text: string) => void,
    {signal}: {signal?: AbortSignal} = {}
  ): Promise<number> {
    return (await runProgram(program, args, {onText, signal}).catch(absent)).code;
  }

  async send(local: string, remote: string, options: TransferOptions = {}): Promise<void> {
    await mkdir(remote, {recursive: true});
    await sendFolder(LINK, local, remote, options);
  }

  fetch(remote: string, local: string, options: TransferOptions = {}): Promise<void> {
    return fetchFolder(LINK, remote, local, options);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** As a shell says it. */
function absent(error: unknown): Answer {
  if (error instanceof NoProgram)
    return {code: 127, stdout: "", stderr: `${error.message}: command not found`};
  throw error instanceof BadInput ? error : (error as Error);
}
