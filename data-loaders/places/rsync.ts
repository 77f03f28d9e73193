/** Copies folders with rsync, on this machine or over a link, and goes on where a link broke. */
import {mkdir} from "node:fs/promises";
import {BadInput} from "../../src/core/bad-input.js";
import {lastLine, refuseSshProblem, rsyncBroke, rsyncProblem} from "./link-troubles.js";
import {patiently, PATIENT, type Patience} from "./patience.js";
import {NoProgram, runProgram} from "./run-program.js";
import {LinkLost, type TransferOptions} from "./transport.js";

/** How rsync reaches the other end. */
export interface RsyncLink {
  title: string;
  /** Host, or null for this machine. */
  host: string | null;
  /** The program that reaches it, with its arguments. */
  shell: readonly string[];
  patience?: Patience;
}

/** Seconds of silence after which rsync takes the link for broken. */
const SILENCE = 20;

const OPTIONS = [
  "--recursive",
  "--times",
  "--hard-links",
  "--safe-links", // and no --links, no --devices, no --specials: only files and folders travel
  "--inplace", // goes on where it broke off, and needs no room for a second copy; nobody reads what is arriving
  "-s", // paths reach the other end as they stand,
  `--timeout=${SILENCE}`
];

/** Copies the content of `local` into `remote`, which is there. */
export async function sendFolder(
  link: RsyncLink,
  local: string,
  remote: string,
  options: TransferOptions
): Promise<void> {
  const target = `${hostPart(link)}${withSlash(remote)}`;
  await copy(link, OPTIONS, [withSlash(local), target], options, `the disk of ${link.title}, ${remote}`);
}

/** Copies the content of `remote` into `local`, which is made; paths that are not there are passed over. */
export async function fetchFolder(
  link: RsyncLink,
  remote: string,
  local: string,
  options: TransferOptions
): Promise<void> {
  await mkdir(local, {recursive: true});
  const source = `${hostPart(link)}${withSlash(remote)}`;
  await copy(
    link,
    [...OPTIONS, "--ignore-missing-args"],
    [source, withSlash(local)],
    options,
    `the disk of ${local}`
  );
}

async function copy(
  link: RsyncLink,
  options: string[],
  ends: [string, string],
  {paths, signal}: TransferOptions,
  receiver: string
): Promise<void> {
  const list = paths ? ["--files-from=-", "--from0"] : [];
  const shell = link.host === null ? [] : ["-e", link.shell.map(quoteForRsync).join(" ")];
  const args = [...options, ...list, ...shell, "--", ...ends];
  await patiently(
    async () => {
      const answer = await rsync(args, paths?.map((path) => `${path}\0`).join(""), signal);
      if (answer.code === 0) return;
      if (link.host !== null) refuseSshProblem(link.host, answer);
      if (rsyncBroke(answer))
        throw new LinkLost(`The link to ${link.title} broke while copying: ${lastLine(answer.stderr)}`);
      throw rsyncProblem(link.title, answer, receiver);
    },
    link.patience ?? PATIENT,
    signal
  );
}

async function rsync(
  args: string[],
  input: string | undefined,
  signal: AbortSignal | undefined
): ReturnType<typeof runProgram> {
  try {
    return await runProgram("rsync", args, {input, signal});
  } catch (error) {
    if (!(error instanceof NoProgram)) throw error;
    throw new BadInput({
      where: "this machine",
      expected: "the program rsync, which carries files to places and back",
      found: "none on the PATH",
      mend: "Install it (Debian, Ubuntu: apt install rsync; macOS: brew install rsync)."
    });
  }
}

/** rsync splits the command at spaces itself; a quote within quotes is doubled. */
function quoteForRsync(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
}

const hostPart = ({host}: RsyncLink): string => (host === null ? "" : `${host}:`);
const withSlash = (path: string): string => (path.endsWith("/") ? path : `${path}/`);
