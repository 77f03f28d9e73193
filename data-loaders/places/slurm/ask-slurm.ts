/** Asks Slurm about tasks, all in one question. No answer, or one that can't be read, is no word about any of them. */
import type {SlurmTask} from "../../../src/core/slurm-states.js";
import type {Transport} from "../transport.js";

/** Milliseconds that Slurm may take; a controller that hangs must not hold up what run folders say. */
const TIMEOUT = 30_000;
/** Seconds: Slurm's own window begins at midnight, and clocks and time zones differ. */
const TWO_DAYS = 2 * 86_400;

/** Where Slurm's commands lie at a place; null: on the PATH. */
export type Commands = string | null;

/** Slurm's name of a task of an array, by the array's token: `because-TOKEN`. */
export const jobName = (token: string): string => `because-${token}`;

/** What was heard of tasks, by `TOKEN_INDEX`, and Slurm's own ids of their arrays. */
export interface Heard {
  tasks: Map<string, SlurmTask>;
  jobs: Map<string, string>;
}

/** Tasks that are queued or run, and those that ended lately. */
export async function askSqueue(
  transport: Transport,
  tokens: readonly string[],
  commands: Commands
): Promise<Heard> {
  const argv = [
    at(commands, "squeue"),
    "--noheader",
    "--array",
    "--states=all",
    `--name=${tokens.map(jobName).join(",")}`,
    "--format=%j|%F|%K|%T|%r"
  ];
  const {stdout} = await transport.run(argv, {again: false, timeout: TIMEOUT});
  return readSqueue(stdout);
}

/** Lines `because-TOKEN|JOB|INDEX|STATE|REASON`; others are passed over. */
export function readSqueue(text: string): Heard {
  const heard: Heard = {tasks: new Map(), jobs: new Map()};
  for (const line of text.split("\n")) {
    const found = /^because-([0-9a-f]{12})\|(\d+)\|(\d+)\|([A-Z_]+)\|(.*)$/.exec(line.trim());
    if (!found) continue;
    const [, token = "", job = "", index = "", state = "", reason = ""] = found;
    heard.tasks.set(`${token}_${index}`, {state, reason});
    heard.jobs.set(token, job);
  }
  return heard;
}

/**
 * What accounting kept of arrays that squeue knows no more.
 *
 * @param since seconds since 1970, of the earliest submission
 * @returns null where the site keeps none
 */
export async function askSacct(
  transport: Transport,
  tokens: readonly string[],
  {since, commands}: {since: number; commands: Commands}
): Promise<Heard | null> {
  const start = new Date((since - TWO_DAYS) * 1000).toISOString().slice(0, 19);
  const argv = [
    at(commands, "sacct"),
    "--noheader",
    "--parsable2",
    "--allocations",
    `--starttime=${start}`,
    `--name=${tokens.map(jobName).join(",")}`,
    "--format=JobName,JobID,State,ExitCode"
  ];
  const answer = await transport.run(argv, {again: false, timeout: TIMEOUT});
  if (answer.code === 127 || /accounting storage is disabled/i.test(answer.stderr)) return null;
  return readSacct(answer.stdout);
}

/** Lines `because-TOKEN|JOB_INDEX|STATE|EXIT`; others are passed over. */
export function readSacct(text: string): Heard {
  const heard: Heard = {tasks: new Map(), jobs: new Map()};
  for (const line of text.split("\n")) {
    const found = /^because-([0-9a-f]{12})\|(\d+)_(\d+)\|([A-Z_]+)[^|]*\|(\d*:?\d*)$/.exec(line.trim());
    if (!found) continue;
    const [, token = "", job = "", index = "", state = "", exit = ""] = found;
    heard.tasks.set(`${token}_${index}`, {state, reason: exit === "0:0" ? "" : `exit ${exit}`});
    heard.jobs.set(token, job);
  }
  return heard;
}

/** Takes tasks back: `JOB_[0-3,7]` for each array. */
export async function scancel(
  transport: Transport,
  tasks: readonly {job: string; index: number}[],
  commands: Commands
): Promise<void> {
  const arrays = new Map<string, number[]>();
  for (const {job, index} of tasks) arrays.set(job, [...(arrays.get(job) ?? []), index]);
  const ids = [...arrays].map(([job, indices]) => `${job}_[${ranges(indices)}]`);
  if (ids.length > 0) await transport.run([at(commands, "scancel"), "--", ...ids], {timeout: TIMEOUT});
}

/** Numbers as Slurm writes them: `0-3,7`. */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

function at(commands: Commands, program: string): string {
  return commands === null ? program : `${commands}/${program}`;
}
