/**
 * The link to a place over the user's own OpenSSH: its configuration, jump hosts, agent and known hosts, as they are.
 * Nothing is asked for (`BatchMode`), no host key is accepted, and no password or key passes through here. One connection
 * serves all commands and copies of this process; its socket lies in a folder that only this user can enter.
 */
import {mkdtempSync} from "node:fs";
import {rm} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {lastLine, refuseSshProblem, SSH_BROKE} from "./link-troubles.js";
import {patiently, PATIENT, type Patience} from "./patience.js";
import {fetchFolder, sendFolder} from "./rsync.js";
import {NoProgram, runProgram, TIMED_OUT} from "./run-program.js";
import {quoteCommand} from "./shell-quote.js";
import {LinkLost} from "./transport.js";
import type {Answer, CommandOptions, TransferOptions, Transport} from "./transport.js";

const TIMEOUT = 60_000;
/** A connection without an answer for so many seconds, so many times, is taken for broken. */
export interface Alive {
  seconds: number;
  times: number;
}
const ALIVE: Alive = {seconds: 5, times: 3};
const CONNECT_SECONDS = 15;
/** Seconds that the connection is kept after its last use. */
const PERSIST = 60;

export class SshTransport implements Transport {
  readonly title: string;
  readonly #host: string;
  readonly #folder: string;
  readonly #patience: Patience;
  readonly #env: NodeJS.ProcessEnv;
  readonly #alive: Alive;

  /**
   * @param host of the user's OpenSSH configuration; checked by the places file's schema to be no option
   */
  constructor(
    host: string,
    patience: Patience = PATIENT,
    env: NodeJS.ProcessEnv = process.env,
    alive = ALIVE
  ) {
    this.title = host;
    this.#host = host;
    this.#patience = patience;
    this.#env = env;
    this.#alive = alive;
    // Short, since a socket's path may have some 100 characters; mkdtemp makes it for this user alone (0700).
    this.#folder = mkdtempSync("/tmp/because-");
  }

  async run(argv: readonly string[], options: CommandOptions = {}): Promise<Answer> {
    const {input, timeout = TIMEOUT, again = true, signal} = options;
    return patiently(
      async () => {
        const answer = await this.#ssh(argv, {input, timeout, signal});
        if (answer.code === SSH_BROKE) {
          refuseSshProblem(this.#host, answer);
          throw new LinkLost(`The link to ${this.title} broke: ${lastLine(answer.stderr) || "no answer"}`);
        }
        if (answer.code === TIMED_OUT)
          throw new LinkLost(`${this.title} did not answer for ${Math.round(timeout / 1000)} s.`);
        return answer;
      },
      again ? this.#patience : {...this.#patience, retries: 0},
      signal
    );
  }

  async follow(
    argv: readonly string[],
    onText: (text: string) => void,
    {signal}: {signal?: AbortSignal} = {}
  ): Promise<number> {
    const answer = await this.#ssh(argv, {onText, signal});
    if (answer.code !== SSH_BROKE) return answer.code;
    refuseSshProblem(this.#host, answer);
    throw new LinkLost(`The link to ${this.title} broke: ${lastLine(answer.stderr) || "no answer"}`);
  }

  async send(local: string, remote: string, options: TransferOptions = {}): Promise<void> {
    await this.run(["mkdir", "-p", "--", remote], {signal: options.signal});
    await sendFolder(this.#link(), local, remote, options);
  }

  fetch(remote: string, local: string, options: TransferOptions = {}): Promise<void> {
    return fetchFolder(this.#link(), remote, local, options);
  }

  async close(): Promise<void> {
    await runProgram("ssh", [...this.#options(), "-O", "exit", "--", this.#host], {timeout: 5000}).catch(
      () => undefined // none was open
    );
    await rm(this.#folder, {recursive: true, force: true});
  }

  #link() {
    const shell = ["ssh", ...this.#options()];
    return {title: this.title, host: this.#host, shell, patience: this.#patience};
  }

  async #ssh(
    argv: readonly string[],
    options: {input?: string; timeout?: number; signal?: AbortSignal; onText?: (text: string) => void}
  ): Promise<Answer> {
    try {
      return await runProgram(
        "ssh",
        [...this.#options(), "-T", "--", this.#host, quoteCommand(argv)],
        options
      );
    } catch (error) {
      if (!(error instanceof NoProgram)) throw error;
      throw new BadInput({
        where: "this machine",
        expected: "the program ssh (OpenSSH)",
        found: "none on the PATH",
        mend: "Install it (Debian, Ubuntu: apt install openssh-client)."
      });
    }
  }

  /** The user's own configuration decides everything else. BECAUSE_SSH_CONFIG names another one, for tests. */
  #options(): string[] {
    const {BECAUSE_SSH_CONFIG} = this.#env;
    const settings = [
      "BatchMode=yes",
      "ControlMaster=auto",
      `ControlPath=${join(this.#folder, "%C")}`,
      `ControlPersist=${PERSIST}`,
      `ConnectTimeout=${CONNECT_SECONDS}`,
      `ServerAliveInterval=${this.#alive.seconds}`,
      `ServerAliveCountMax=${this.#alive.times}`,
      "ForwardAgent=no",
      "ForwardX11=no",
      "ClearAllForwardings=yes",
      "PermitLocalCommand=no",
      "RequestTTY=no",
      "RemoteCommand=none"
    ];
    return [
      ...(BECAUSE_SSH_CONFIG ? ["-F", BECAUSE_SSH_CONFIG] : []),
      ...settings.flatMap((setting) => ["-o", setting])
    ];
  }
}
