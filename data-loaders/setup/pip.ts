import {spawn} from "node:child_process";
import {createWriteStream, mkdirSync} from "node:fs";
import {dirname} from "node:path";
import {createInterface} from "node:readline";
import {BadInput} from "../../src/core/bad-input.js";
import {isolated, type Machine} from "./environment.js";

/** A pip that did not succeed, with the end of what it wrote. */
export class PipFailed extends Error {
  override name = "PipFailed";

  constructor(
    readonly output: string[],
    readonly code: number | undefined
  ) {
    super(`pip ended with ${code === undefined ? "a signal" : `exit code ${code}`}`);
  }

  /** The index answered, but has no such version or build for this Python and platform. */
  get notOffered(): boolean {
    const text = this.output.join("\n");
    return /No matching distribution found/.test(text) && !/from versions: none\)/.test(text);
  }
}

export interface PipOptions {
  /** Python of the virtual environment. */
  python: string;
  /** Everything that pip writes is appended there. */
  logFile: string;
  log: (line: string) => void;
  machine: Machine;
  signal?: AbortSignal;
}

const REMEMBERED_LINES = 40;
/** Downloads smaller than this, in MB, pass without a line. */
const WORTH_A_LINE = 20;

/**
 * Runs `pip install` with some arguments, silently but for large downloads.
 *
 * @throws PipFailed
 */
export async function pipInstall(
  args: string[],
  {python, logFile, log, machine, signal}: PipOptions
): Promise<void> {
  mkdirSync(dirname(logFile), {recursive: true});
  const written = createWriteStream(logFile, {flags: "a"});
  const remembered: string[] = [];
  // One stream for both, so that a message stands after the line that led to it.
  const child = spawn(python, ["-m", "pip", "install", "--no-input", "--progress-bar", "off", ...args], {
    env: isolated(machine.env),
    stdio: ["ignore", "pipe", "pipe"],
    signal
  });
  written.write(`$ pip install ${args.join(" ").replace(/\/\/[^/@\s]+@/g, "//…@")}\n`); // no passwords in logs
  for (const stream of [child.stdout, child.stderr])
    createInterface({input: stream}).on("line", (line) => {
      written.write(`${line}\n`);
      remembered.push(line);
      if (remembered.length > REMEMBERED_LINES) remembered.shift();
      const download = largeDownload(line);
      if (download) log(download);
    });
  const code = await new Promise<number | undefined>((resolve) => {
    child.once("error", (error) => {
      remembered.push(error.message);
      resolve(undefined);
    });
    child.once("close", (status) => resolve(status ?? undefined));
  });
  await new Promise<void>((resolve) => written.end(resolve));
  signal?.throwIfAborted();
  if (code !== 0) throw new PipFailed(remembered, code);
}

/** `  torch-2.13.0-….whl (191.8 MB)` for pip's line about a large download, nothing for all others. */
export function largeDownload(line: string): string | undefined {
  const match = /^\s*Downloading (\S+) \(([\d.]+) (MB|GB)\)/.exec(line);
  if (!match) return undefined;
  const [, url = "", size = "0", unit = "MB"] = match;
  if (unit === "MB" && Number(size) < WORTH_A_LINE) return undefined;
  return `  downloading ${url.split("/").at(-1)} (${size} ${unit})`;
}

/** What went wrong, in the words of its mend, read from pip's output. */
export function pipProblem(failure: PipFailed, what: string, logFile: string): BadInput {
  const text = failure.output.join("\n");
  const {found, mend} = diagnose(text);
  const tail = failure.output.filter((line) => line.trim() !== "").slice(-3);
  return new BadInput({
    where: `Installing ${what}`,
    expected: "pip to succeed",
    found: `${found}${tail.length > 0 ? ` (pip's last words: ${tail.map((line) => line.trim()).join(" | ")})` : ""}`,
    mend: `${mend} All that pip wrote is in ${logFile}; what was installed so far is kept.`
  });
}

function diagnose(text: string): {found: string; mend: string} {
  if (/No space left on device|Errno 28/.test(text))
    return {
      found: "a full disk",
      mend: "Free some space on the disks of the store and of the temporary folder (TMPDIR names another), and start again."
    };
  if (
    /NewConnectionError|ConnectTimeout|ReadTimeout|Name or service not known|name resolution|getaddrinfo|Network is unreachable|ProxyError|SSLError|ConnectionReset/.test(
      text
    )
  )
    return {
      found: "no connection to the package index",
      mend: "Check the network or proxy, or point pip to a mirror (docs/setup.md, `Mirrors and machines without a network`), and start again."
    };
  if (/No matching distribution found/.test(text))
    return {
      found: "a package that the package index does not offer for this Python",
      mend: "Set BECAUSE_PYTHON to another Python (3.10 to 3.13), or point pip to an index that has the package, and start again."
    };
  if (/THESE PACKAGES DO NOT MATCH THE HASHES|hashes are required/.test(text))
    return {
      found: "a download that is not what the index promised",
      mend: "Empty pip's cache (pip cache purge), and start again."
    };
  return {found: "an error of pip", mend: "Start again; if it fails again, read its message."};
}
