/** What Slurm says of a site: its partitions, their nodes, what a user may charge, and the site's limits. */
import {lastLine} from "../link-troubles.js";
import type {Answer} from "../transport.js";
import {askProgram, type WayToSlurm} from "./ask-slurm.js";

/** Programs without which nothing can be submitted, watched or cancelled. */
const NEEDED = ["sbatch", "squeue", "scontrol", "scancel"] as const;
/** Words of a node's state. */
const OUT = /DOWN|DRAIN|FAIL|ERROR|MAINT|REBOOT|FUTURE|UNKNOWN|NOT_RESPONDING/;
/** A shell's exit code for a program that is not there. */
const ABSENT = 127;

export interface Partition {
  name: string;
  isDefault: boolean;
  /** `UP` where jobs are taken and begun. */
  state: string;
  /** Seconds; Infinity where there is no limit. */
  most: number;
  /** Who may use it; null: everybody. */
  accounts: string[] | null;
  qos: string[] | null;
}

export interface Node {
  partitions: string[];
  /** Whether it begins tasks, now or when they are due; not where it is down or drained. */
  up: boolean;
  cores: number;
  /** Megabytes, as Slurm counts them (2²⁰ bytes). */
  memory: number;
  /** GPUs by type, which is empty where the site names none. */
  gpus: Map<string, number>;
}

export interface SlurmSite {
  version: string;
  partitions: Partition[];
  nodes: Node[];
  /** Names of the configuration → values. */
  limits: Map<string, string>;
  /** What the user may charge; null where nothing tells. */
  accounts: Charge[] | null;
  /** What sacct says against being asked; empty where it answers. */
  accounting: string;
}

/** An account with the qualities of service that it may have, for one partition or for all. */
export interface Charge {
  account: string;
  partition: string;
  qos: string[];
}

/** @returns the site, or what is wrong with Slurm's commands there */
export async function readSlurmSite(way: WayToSlurm): Promise<SlurmSite | string> {
  const ask = (program: string, ...args: string[]): Promise<Answer> => askProgram(way, program, args);
  const versions = await Promise.all(NEEDED.map((program) => ask(program, "--version")));
  const missing = NEEDED.filter((_, i) => versions[i]!.code === ABSENT);
  if (missing.length > 0) return `no ${missing.join(", ")}`;
  const [config, partitions, nodes] = await Promise.all([
    ask("scontrol", "show", "config"),
    ask("scontrol", "--all", "--oneliner", "show", "partition"),
    ask("scontrol", "--oneliner", "show", "node")
  ]);
  const silent = [config, partitions, nodes].find(({code}) => code !== 0);
  if (silent) return wordsOf(silent) || `scontrol ended with exit code ${silent.code}`;
  const user = (await way.transport.run(["id", "-un"])).stdout.trim();
  const [charges, kept] = await Promise.all([
    ask("sacctmgr", "-nP", "show", "assoc", `user=${user}`, "format=Account,Partition,QOS"),
    ask("sacct", "--noheader", "--allocations", "--parsable2", "--format=JobID")
  ]);
  return {
    version: versions[0]!.stdout.trim(),
    partitions: linesOf(partitions.stdout).map(readPartition),
    nodes: linesOf(nodes.stdout).map(readNode),
    limits: new Map(
      [...config.stdout.matchAll(/^(\w+)\s*= (.*)$/gm)].map(([, name = "", value = ""]) => [
        name,
        value.trim()
      ])
    ),
    accounts: charges.code === 0 ? readCharges(charges.stdout) : null,
    accounting: kept.code === 0 ? "" : wordsOf(kept) || "no sacct"
  };
}

/** A line of `scontrol --oneliner show partition`. */
export function readPartition(line: string): Partition {
  const facts = factsOf(line);
  const only = (name: string): string[] | null => {
    const names = (facts.get(name) ?? "ALL").split(",");
    return names.includes("ALL") ? null : names;
  };
  return {
    name: facts.get("PartitionName") ?? "",
    isDefault: facts.get("Default") === "YES",
    state: facts.get("State") ?? "",
    most: slurmSeconds(facts.get("MaxTime") ?? "UNLIMITED"),
    accounts: only("AllowAccounts"),
    qos: only("AllowQos")
  };
}

/** A line of `scontrol --oneliner show node`. */
export function readNode(line: string): Node {
  const facts = factsOf(line);
  return {
    partitions: (facts.get("Partitions") ?? "").split(",").filter(Boolean),
    up: !OUT.test((facts.get("State") ?? "").replace(/POWER\w*/g, "")), // one that sleeps is woken
    cores: Number(facts.get("CPUTot") ?? 0),
    memory: Number(facts.get("RealMemory") ?? 0),
    gpus: readGpus(facts.get("Gres") ?? "")
  };
}

/** `gpu:a100:4(S:0-1),gpu:2,shard:8` → a100: 4, without a type: 2. */
export function readGpus(gres: string): Map<string, number> {
  const gpus = new Map<string, number>();
  for (const each of gres.replace(/\([^)]*\)/g, "").split(",")) {
    const found = /^gpu(?::([^:]+))??(?::(\d+))?$/.exec(each);
    if (found) gpus.set(found[1] ?? "", (gpus.get(found[1] ?? "") ?? 0) + Number(found[2] ?? 1));
  }
  return gpus;
}

/** Lines `ACCOUNT|PARTITION|QOS,QOS` of sacctmgr. */
export function readCharges(text: string): Charge[] {
  return linesOf(text).flatMap((line) => {
    const [account = "", partition = "", qos = ""] = line.split("|");
    return account ? [{account, partition, qos: qos.split(",").filter(Boolean)}] : [];
  });
}

/** Seconds of a time as Slurm writes and takes it: minutes, M:SS, H:MM:SS, D-HH, D-HH:MM or D-HH:MM:SS. */
export function slurmSeconds(text: string): number {
  const [, days, clock = ""] = /^(?:(\d+)-)?(\d[\d:]*)$/.exec(text) ?? [];
  if (clock === "") return Infinity; // UNLIMITED, INFINITE
  const parts = clock.split(":").map(Number);
  const [hours = 0, minutes = 0, seconds = 0] =
    days !== undefined || parts.length === 3 ? parts : [0, ...parts];
  return ((Number(days ?? 0) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** `NAME=VALUE` of a line; a value ends at the first space. */
function factsOf(line: string): Map<string, string> {
  return new Map([...line.matchAll(/(\w+)=(\S*)/g)].map(([, name = "", value = ""]) => [name, value]));
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");

const wordsOf = ({stderr, stdout}: Answer): string => lastLine(stderr) || lastLine(stdout);
