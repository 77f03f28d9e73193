/** What ssh and rsync say when something does not get through: what a pause may mend, and what only the user can. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Answer} from "./transport.js";
import {TIMED_OUT} from "./run-program.js";

/** ssh's own exit code for a link that broke or could not be made. */
export const SSH_BROKE = 255;
/** rsync's exit codes for the same: socket, protocol stream, timeout, and timeout while connecting. */
const RSYNC_BROKE = new Set([10, 12, 30, 35, SSH_BROKE, TIMED_OUT]);
/** rsync: an error of a file's input or output, such as a full disk. */
const RSYNC_FILE = 11;

/** Throws BadInput where ssh said what no pause can mend. */
export function refuseSshProblem(host: string, {stderr}: Pick<Answer, "stderr">): void {
  const trouble = TROUBLES.find(({said}) => said.test(stderr));
  if (!trouble) return;
  throw new BadInput({
    where: `place at ${host}`,
    expected: trouble.expected,
    found: lastLine(stderr) || "a refusal of ssh",
    mend: trouble.mend(host)
  });
}

const TROUBLES: {said: RegExp; expected: string; mend: (host: string) => string}[] = [
  {
    said: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    expected: "the host key that your known hosts have for it",
    mend: (host) =>
      `Somebody may be in between. Ask who runs it whether its key changed; only then remove the old one (ssh-keygen -R) and connect once with \`ssh ${host}\`.`
  },
  {
    said: /Host key verification failed|No .* host key is known for/i,
    expected: "a host whose key is known",
    mend: (host) =>
      `Connect once by hand, \`ssh ${host}\`, compare the fingerprint with what who runs it says, and accept it.`
  },
  {
    said: /Permission denied \(/i,
    expected: "a key that the host accepts, without being asked for a password",
    mend: (host) =>
      `\`ssh ${host}\` must work without a question: load your key into the agent (ssh-add), or name it in your OpenSSH configuration.`
  },
  {
    said: /Could not resolve hostname/i,
    expected: "a host that can be found",
    mend: () => "Check `host` in the places file, and the host's entry in your OpenSSH configuration."
  },
  {
    said: /Bad configuration option|Bad owner or permissions|no such identity.*\n.*Permission denied/i,
    expected: "an OpenSSH configuration that can be read",
    mend: () => "Mend what it names in your OpenSSH configuration."
  }
];

/** Whether another try may get through. */
export function rsyncBroke({code}: Answer): boolean {
  return RSYNC_BROKE.has(code);
}

/** What an rsync that ended for another reason means for the user. */
export function rsyncProblem(title: string, {code, stderr}: Answer, receiver: string): Error {
  if (/No space left on device|Disk quota exceeded/i.test(stderr))
    return new BadInput({
      where: receiver,
      expected: "room for what is to be copied",
      found: "a full disk",
      mend: "Free some space there and start again: what has arrived whole is kept, and the rest goes on where it broke off."
    });
  const kind = code === RSYNC_FILE ? "cannot read or write a file" : `ended with exit code ${code}`;
  return new Error(`Copying with ${title}: rsync ${kind}: ${lastLine(stderr)}`);
}

/** The last line that says something; rsync's own closing line says less than the one before it. */
export function lastLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^rsync error: |^@{5,}/.test(line));
  return lines.at(-1) ?? "";
}
