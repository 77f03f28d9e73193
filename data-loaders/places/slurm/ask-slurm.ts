/** Asks Slurm about tasks, all in one question. No answer, or one that can't be read, is no word about any of them. */
import type {SlurmTask} from "../../../src/core/slurm-states.js";
import type {Answer, Transport} from "../transport.js";

/** Seconds: Slurm's own window begins at midnight, and clocks and time zones differ. */
const TWO_DAYS = 2 * 86_400;

/** How Slurm is asked. */
export interface WayToSlurm {
  transport: Transport;
  /** Folder of its commands at the place; null: they are on the PATH. */
  commands: string | null;
  /** Milliseconds that it may take. */
  timeout: number;
}

/** Slurm's name of a task of an array, by the array's token: `because-TOKEN`. */
export const jobName = (token: string): string => `because-${token}`;

/** What was heard of tasks, by `TOKEN_INDEX`, and Slurm's own ids of their arrays. */
export interface Heard {
  tasks: Map<string, SlurmTask>;
  jobs: Map<string, string>;
}

/** Tasks that are queued or run, and those that ended lately. */
export async function askSqueue(tokens: readonly string[], way: WayToSlurm): Promise<Heard> {
  const argv = [
    "--noheader",
    "--array",
    "--states=all",
    `--name=${tokens.map(jobName).join(",")}`,
    "--format=%j|%F|%K|%T|%r"
  ];
  return readSqueue((await askProgram(way, "squeue", argv)).stdout);
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
  tokens: readonly string[],
  since: number,
  way: WayToSlurm
): Promise<Heard | null> {
  const start = new Date((since - TWO_DAYS) * 1000).toISOString().slice(0, 19);
  const argv = [
    "--noheader",
    "--parsable2",
    "--allocations",
    `--starttime=${start}`,
    `--name=${tokens.map(jobName).join(",")}`,
    "--format=JobName,JobID,State,ExitCode"
  ];
  const answer = await askProgram(way, "sacct", argv);
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
  tasks: readonly {job: string; index: number}[],
  way: WayToSlurm
): Promise<void> {
  const arrays = new Map<string, number[]>();
  for (const {job, index} of tasks) arrays.set(job, [...(arrays.get(job) ?? []), index]);
  const ids = [...arrays].map(([job, indices]) => `${job}_[${ranges(indices)}]`);
  if (ids.length > 0) await askProgram(way, "scancel", ids);
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

/** Runs one of Slurm's commands, once. */
export function askProgram(
  {transport, commands, timeout}: WayToSlurm,
  program: string,
  args: string[]
): Promise<Answer> {
  const path = commands === null ? program : `${commands}/${program}`;
  return transport.run([path, ...args], {again: false, timeout});
}
