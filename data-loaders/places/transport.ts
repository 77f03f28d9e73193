/** How commands and files come to a place and back, whatever link there is. */

/** What a finished command said. */
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** Its standard input; default: nothing. */
  input?: string;
  /** Milliseconds until it counts as lost. Default: 60 000. */
  timeout?: number;
  /** Whether it is sent again when the link breaks: only for what does nothing twice. Default: true. */
  again?: boolean;
  signal?: AbortSignal;
}

/** Which files of a folder are to travel. */
export interface TransferOptions {
  /** Paths within the folder, each a file or a folder; default: all. */
  paths?: readonly string[];
  signal?: AbortSignal;
}

/**
 * A link to a place. What does not get through is tried again with growing pauses; what no pause mends (a refused key, a
 * host whose key is another) is said at once.
 */
export interface Transport {
  /** What messages call the other end. */
  readonly title: string;
  /**
   * Runs a command: a program and its arguments, which reach it exactly as they stand.
   *
   * @throws LinkLost where the link does not come back, BadInput where the user has to mend something
   */
  run(argv: readonly string[], options?: CommandOptions): Promise<Answer>;
  /** The same, with its output as it comes; resolves with its exit code when it ends. */
  follow(
    argv: readonly string[],
    onText: (text: string) => void,
    options?: {signal?: AbortSignal}
  ): Promise<number>;
  /** Copies a folder of this machine to one at the place (a whole path), which is made. Goes on where it broke off. */
  send(local: string, remote: string, options?: TransferOptions): Promise<void>;
  /** Copies a folder of the place to one of this machine, which is made. Links and devices are left behind. */
  fetch(remote: string, local: string, options?: TransferOptions): Promise<void>;
  /** Gives the link back. */
  close(): Promise<void>;
}

/** The link to a place broke, and did not come back within the patience that there is. */
export class LinkLost extends Error {
  override name = "LinkLost";
}
