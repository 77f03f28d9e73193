/** A real Slurm on loopback for one test file: munge with its own key, a controller, two nodes of two cores and GPUs. */
import {spawn, spawnSync, type ChildProcess} from "node:child_process";
import {randomBytes} from "node:crypto";
import {existsSync} from "node:fs";
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {hostname, tmpdir, userInfo} from "node:os";
import {delimiter, join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import getPort from "get-port";

const FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/sbin"];
const DAEMONS = ["munged", "slurmctld", "slurmd"] as const;
const NODES = ["n1", "n2"] as const;
const programs = new Map(
  [...DAEMONS, "sbatch", "rsync", "python3"].map((name) => [
    name,
    FOLDERS.map((folder) => join(folder, name)).find(existsSync)
  ])
);

/** For `describe(name, {skip}, …)`: says loudly, by name, what is missing. */
export function skipWithoutSlurm(): string | false {
  const missing = [...programs].filter(([, path]) => !path).map(([name]) => name);
  return missing.length > 0 ? `no ${missing.join(", ")} (Debian: slurm-wlm, munge, rsync, python3)` : false;
}

export interface ClusterOptions {
  /** Tasks of an array at most; the site's limit. */
  maxArray?: number;
  /** Tasks that a node of this cluster does at a time; each takes a core, which need not be there. */
  cores?: number;
}

export class SlurmCluster {
  readonly folder: string;
  readonly #daemons = new Map<string, ChildProcess>();
  readonly #before = process.env.SLURM_CONF;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts it, and lets this process and its children use it. */
  static async start(options: ClusterOptions = {}): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(await mkdtemp(join(tmpdir(), "because-slurm-")));
    await cluster.#write(options);
    process.env.SLURM_CONF = cluster.config;
    cluster.#start("munged", "munged", ["--foreground", "--force", ...cluster.#mungeOptions()]);
    await until(() => existsSync(join(cluster.folder, "munge", "socket")), "munged");
    await cluster.startController();
    for (const node of NODES) cluster.startNode(node);
    await until(() => cluster.ask("sinfo", "-h", "-t", "idle", "-o", "%D").trim() === "2", "both nodes");
    return cluster;
  }

  get config(): string {
    return join(this.folder, "slurm.conf");
  }

  /** Runs one of Slurm's commands and returns what it says. */
  ask(program: string, ...args: string[]): string {
    return spawnSync(program, args, {encoding: "utf8", timeout: 20_000}).stdout ?? "";
  }

  async startController(): Promise<void> {
    this.#start("slurmctld", "slurmctld", ["-D"]);
    await until(() => /UP/.test(this.ask("scontrol", "ping")), "slurmctld");
  }

  startNode(node: (typeof NODES)[number]): void {
    this.#start(node, "slurmd", ["-D", "-N", node]);
  }

  /** Takes a node that was declared lost back once its tasks are gone. */
  nodeUp(node: string): void {
    setTimeout(() => this.ask("scontrol", "update", `nodename=${node}`, "state=resume"), 8000).unref();
  }

  /** Ends a daemon as a crash does. */
  async crash(name: "slurmctld" | (typeof NODES)[number]): Promise<void> {
    await this.#end(name, "SIGKILL");
  }

  /** Lets tasks that were queued again start at once: Slurm would hold them for two minutes. */
  hurry(): void {
    const waiting = this.ask("squeue", "-h", "-r", "-t", "PENDING", "-o", "%F_%K %r").split("\n");
    for (const line of waiting)
      if (line.endsWith(" BeginTime"))
        this.ask("scontrol", "update", `jobid=${line.split(" ")[0]}`, "StartTime=now");
  }

  /** Waits until no task is left, queued or running. */
  idle(): Promise<void> {
    return until(() => this.ask("squeue", "-h") === "", "its tasks to end");
  }

  /** Ends everything, tasks first. */
  async stop(): Promise<void> {
    this.ask("scancel", "--user", userInfo().username);
    await this.idle().catch(() => undefined); // the daemons end all the same
    for (const name of [...NODES, "slurmctld", "munged"]) await this.#end(name, "SIGTERM");
    if (this.#before === undefined) delete process.env.SLURM_CONF;
    else process.env.SLURM_CONF = this.#before;
    await rm(this.folder, {recursive: true, force: true, maxRetries: 5});
  }

  /** What its daemons wrote last, for the message of a failed test. */
  async said(): Promise<string> {
    const logs = ["slurmctld", ...NODES].map((name) => join(this.folder, "log", name));
    const texts = await Promise.all(logs.map((file) => readFile(file, "utf8").catch(() => "")));
    return texts.map((text) => text.slice(-2000)).join("\n");
  }

  #start(name: string, program: string, args: string[]): void {
    this.#daemons.set(name, spawn(programs.get(program)!, args, {stdio: "ignore"}));
  }

  async #end(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#daemons.get(name);
    this.#daemons.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await Promise.race([ended, sleep(10_000, null, {ref: false}).then(() => child.kill("SIGKILL"))]);
  }

  #mungeOptions(): string[] {
    return ["key", "socket", "pid", "log", "seed"].map((name) => {
      const option = name === "socket" ? name : `${name}-file`;
      return `--${option}=${join(this.folder, "munge", name)}`;
    });
  }

  async #write({maxArray = 1001, cores = 2}: ClusterOptions): Promise<void> {
    const at = (...names: string[]): string => join(this.folder, ...names);
    for (const name of ["munge", "state", "log"]) await mkdir(at(name), {mode: 0o700});
    await chmod(this.folder, 0o755);
    await writeFile(at("munge", "key"), randomBytes(1024), {mode: 0o600});
    const user = userInfo().username;
    const here = hostname().split(".")[0];
    const [controller, ...ports] = [await getPort(), await getPort(), await getPort()];
    const nodes = NODES.map(
      (node, i) =>
        `NodeName=${node} NodeHostname=${here} NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=${cores} RealMemory=8000 Gres=gpu:2`
    );
    await writeFile(
      this.config,
      `${[
        "ClusterName=because",
        `SlurmctldHost=${here}(127.0.0.1)`,
        `SlurmctldPort=${controller}`,
        `SlurmUser=${user}`,
        `SlurmdUser=${user}`,
        "AuthType=auth/munge",
        "CredType=cred/munge",
        `AuthInfo=socket=${at("munge", "socket")}`,
        `StateSaveLocation=${at("state")}`,
        `SlurmdSpoolDir=${at("spool-%n")}`,
        `SlurmctldPidFile=${at("slurmctld.pid")}`,
        `SlurmdPidFile=${at("%n.pid")}`,
        `SlurmctldLogFile=${at("log", "slurmctld")}`,
        `SlurmdLogFile=${at("log", "%n")}`,
        "ProctrackType=proctrack/linuxproc",
        "TaskPlugin=task/none",
        "SelectType=select/cons_tres",
        "SelectTypeParameters=CR_Core_Memory",
        "SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000",
        "JobAcctGatherType=jobacct_gather/linux",
        "JobAcctGatherFrequency=1",
        "JobAcctGatherParams=OverMemoryKill",
        "DefMemPerCPU=500",
        "SlurmdParameters=config_overrides",
        "ReturnToService=2",
        "MpiDefault=none",
        "MessageTimeout=5",
        "JobCompType=jobcomp/none",
        "AccountingStorageType=accounting_storage/none",
        `MaxArraySize=${maxArray}`,
        "KillWait=10",
        "GresTypes=gpu",
        "PreemptType=preempt/partition_prio",
        "PreemptMode=REQUEUE",
        ...nodes,
        "PartitionName=main Nodes=n1,n2 Default=YES DefaultTime=60 PriorityTier=1",
        "PartitionName=urgent Nodes=n1,n2 DefaultTime=60 PriorityTier=10"
      ].join("\n")}\n`
    );
    const gpus = NODES.flatMap((node) =>
      ["/dev/zero", "/dev/full"].map((file) => `NodeName=${node} Name=gpu File=${file}`)
    );
    await writeFile(at("gres.conf"), `${gpus.join("\n")}\n`);
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (condition()) return;
    await sleep(100);
  }
  throw new Error(`Slurm: waited in vain for ${what}`);
}
