import assert from "node:assert/strict";
import {chmod, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {healthy, type Finding} from "../../data-loaders/setup/findings.js";
import {examinePlace} from "../../data-loaders/places/examine-place.js";
import {LocalTransport} from "../../data-loaders/places/local-transport.js";
import {judgeSite, slurmFindings} from "../../data-loaders/places/slurm/examine-slurm.js";
import {
  readCharges,
  readGpus,
  readNode,
  readPartition,
  slurmSeconds,
  type SlurmSite
} from "../../data-loaders/places/slurm/slurm-site.js";
import {skipWithoutSlurm, SlurmCluster} from "./slurm-cluster.js";
import {slurmPlace} from "./slurm-place.js";

const WHERE = {root: "/scratch/me", environment: "/opt/venv"};

/** What is not well, each with what is said of it. */
const troubles = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ok}) => !ok)
    .map(
      ({what, needed, found, expected, mend}) =>
        `${needed ? "" : "without "}${what}: ${found} | ${expected} | ${mend}`
    );

/** As a site with accounts and two kinds of GPUs answers. */
const SITE: SlurmSite = {
  version: "slurm 24.05.3",
  partitions: [
    "PartitionName=cpu AllowAccounts=ALL AllowQos=ALL Default=YES MaxTime=UNLIMITED State=UP",
    "PartitionName=gpu AllowAccounts=lab-1,lab-2 AllowQos=ALL Default=NO MaxTime=1-00:00:00 State=UP",
    "PartitionName=short AllowAccounts=ALL AllowQos=quick Default=NO MaxTime=30:00 State=UP",
    "PartitionName=old AllowAccounts=ALL AllowQos=ALL Default=NO MaxTime=UNLIMITED State=DRAIN"
  ].map(readPartition),
  nodes: [
    "NodeName=c1 CPUTot=64 Gres=(null) OS=Linux 6.1 x RealMemory=256000 Partitions=cpu,old",
    "NodeName=g1 CPUTot=32 Gres=gpu:a100:4(S:0-1),shard:8 RealMemory=512000 Partitions=gpu,short",
    "NodeName=g2 CPUTot=16 Gres=gpu:v100:2(IDX:0-1) RealMemory=128000 Partitions=gpu"
  ].map(readNode),
  limits: new Map([
    ["MaxArraySize", "1001"],
    ["AccountingStorageEnforce", "associations,limits,qos"]
  ]),
  accounts: readCharges("lab-1||normal,high\nlab-3||normal\n"),
  accounting: ""
};
const judged = (keys: string, more: Partial<SlurmSite> = {}): string[] =>
  troubles(judgeSite(slurmPlace(WHERE, keys), {...SITE, ...more}));

describe("doctor at a place of Slurm", () => {
  it("finds nothing to mend where all that is asked for is there", () => {
    assert.deepEqual(judged(""), []);
    const keys =
      "partition: 'gpu,short', account: lab-1, qos: high, time: '1-00:00:00', gpus: 'a100:4', cpus: 32, memory: 500G";
    assert.deepEqual(judged(keys), []);
  });

  for (const [keys, said] of [
    [
      "partition: gpus",
      /^Partition: no partition “gpus” \| one of: cpu, gpu, short, old \| Did you mean “gpu”/
    ],
    ["partition: old", /^Partition: old, which is DRAIN \| a partition that is UP/],
    ["partition: short, time: 31", /^Time: 31; at most: short 00:30:00 \| .* \| Lower `time`/],
    ["partition: gpu, account: lab-1, time: 1-00:01", /^Time: 1-00:01; at most: gpu 1-00:00:00/],
    ["gpus: 1", /^Nodes: no GPU, 64 cores, memory 256000M in cpu \| a node with gpu:1, 1 core \|/],
    [
      "partition: gpu, gpus: 'h100:1'",
      /^Nodes: gpu:a100:4, 32 cores.*; gpu:v100:2, .* in gpu \| a node with gpu:h100:1/
    ],
    ["partition: gpu, gpus: 5", /^Nodes: .* \| a node with gpu:5/],
    [
      "partition: gpu, gpus: 'v100:2', memory: 200G",
      /^Nodes: .* \| a node with gpu:v100:2, 1 core, memory 200G/
    ],
    ["partition: gpu, cpus: 33", /^Nodes: .* \| a node with no GPU asked for, 33 cores/],
    [
      "account: lab-9",
      /^Account: “lab-9” is none of yours \| one of: lab-1, lab-3 \| Did you mean “lab-1”\? Mend `account`/
    ],
    [
      "partition: gpu, account: lab-3",
      /^Account: the partition does not take “lab-3” \| one of: lab-1, lab-2/
    ],
    ["account: lab-3, qos: high", /^QOS: “high” is none of yours \| one of: normal/]
  ] as const)
    it(`says what to mend: ${keys}`, () => {
      const said_ = judged(keys);
      assert.equal(said_.length, 1, said_.join("\n"));
      assert.match(said_[0]!, said);
    });

  it("a site without a default partition, or without arrays", () => {
    assert.match(
      judged("", {partitions: SITE.partitions.slice(1)})[0]!,
      /^Partition: no default partition \| one of: gpu/
    );
    const limits = new Map([["MaxArraySize", "0"]]);
    assert.match(judged("", {limits})[0]!, /^Arrays: MaxArraySize is 0 \|/);
  });

  it("nodes that are away are waited for", () => {
    const away = SITE.nodes.map((node) => ({...node, up: node.gpus.has("v100")}));
    const nodes = (keys: string) => judged(keys, {nodes: away});
    assert.deepEqual(nodes("partition: gpu, gpus: 2"), []);
    assert.match(
      nodes("partition: gpu, gpus: 3")[0]!,
      /^without Nodes: 1 of 2 have gpu:3, 1 core, 1 of them down or drained/
    );
    const states = ["IDLE", "MIXED+CLOUD", "IDLE+CLOUD+POWERED_DOWN", "IDLE+DRAIN", "DOWN*", "MIXED+DRAIN"];
    assert.deepEqual(
      states.map((state) => readNode(`NodeName=n State=${state} CPUTot=1`).up),
      [true, true, true, false, false, false]
    );
  });

  it("what a site does not enforce or tell is no reason to stop", () => {
    const free = new Map([
      ["MaxArraySize", "1001"],
      ["AccountingStorageEnforce", "none"]
    ]);
    assert.match(judged("account: lab-9", {limits: free})[0]!, /^without Account: “lab-9” is none of yours/);
    assert.match(
      judged("account: lab-9", {accounts: null})[0]!,
      /^without Account: .*sacctmgr does not tell/
    );
    assert.match(
      judged("", {accounting: "accounting storage is disabled"})[0]!,
      /^without Accounting: .*disabled/
    );
  });

  it("reads times and GPUs as Slurm writes them", () => {
    const times = ["90", "1:30", "2:00:00", "1-12", "1-12:30", "1-12:30:15", "UNLIMITED"].map(slurmSeconds);
    assert.deepEqual(times, [5400, 90, 7200, 129_600, 131_400, 131_415, Infinity]);
    assert.deepEqual(
      [...readGpus("gpu:a100:4(S:0-1),gpu:v100:2,shard:8")],
      [
        ["a100", 4],
        ["v100", 2]
      ]
    );
    assert.deepEqual([...readGpus("gpu:2")], [["", 2]]);
    assert.deepEqual([...readGpus("gpu")], [["", 1]]);
    assert.deepEqual([...readGpus("(null)")], []);
  });
});

describe("doctor at a real Slurm", {skip: skipWithoutSlurm()}, () => {
  let slurm: SlurmCluster;
  let folder: string;
  before(async () => {
    slurm = await SlurmCluster.start({maxArray: 7});
    folder = await mkdtemp(join(tmpdir(), "because-doctor-"));
  });
  after(async () => {
    await slurm.stop();
    await rm(folder, {recursive: true, force: true});
  });
  const examine = (keys: string): Promise<Finding[]> =>
    slurmFindings("cluster", slurmPlace(WHERE, keys), new LocalTransport());

  it("finds all that is needed, names what is there, and queues nothing", async () => {
    const findings = await examine("partition: main, gpus: 2, cpus: 2, memory: 7G, time: '2:00:00'");
    const found = new Map(findings.map(({what, found}) => [what, found]));
    assert.ok(healthy(findings), troubles(findings).join("\n"));
    assert.match(found.get("Slurm")!, /^slurm\S* \d+\.\d+/);
    assert.equal(found.get("Partition"), "main");
    assert.equal(found.get("Nodes"), "2 of 2 have gpu:2, 2 cores, memory 7G");
    assert.equal(found.get("Arrays"), "of up to 7 tasks");
    assert.match(found.get("Accounting")!, /accounting storage is disabled/);
    assert.match(found.get("Trial")!, /^to start at .* in partition main/);
    assert.equal(slurm.ask("squeue", "-h"), "");
  });

  it("says what to mend before anything is queued", async () => {
    assert.match(
      troubles(await examine("partition: nowhere"))[0]!,
      /^Partition: no partition “nowhere” \| one of: main, urgent/
    );
    assert.match(
      troubles(await examine("gpus: 3"))[0]!,
      /^Nodes: gpu:2, 2 cores, memory 8000M in main \| a node with gpu:3/
    );
    const own = troubles(await examine("options: {constraint: nvlink}"));
    assert.match(own.at(-1)!, /^Trial: .*[Ii]nvalid feature specification/);
  });

  it("takes nodes that are drained for no reason to stop", async () => {
    slurm.ask("scontrol", "update", "nodename=n1,n2", "state=drain", "reason=test");
    const findings = await examine("partition: main");
    slurm.ask("scontrol", "update", "nodename=n1,n2", "state=resume");
    assert.ok(healthy(findings), troubles(findings).join("\n"));
    assert.match(troubles(findings)[0]!, /^without Nodes: 2 of 2 have .*, 2 of them down or drained/);
  });

  it("looks at the machine that submits too: its Python, rsync, and whether the folder can be written", async () => {
    const look = (root: string): Promise<Finding[]> =>
      examinePlace("cluster", slurmPlace({...WHERE, root}), new LocalTransport(), null);
    const findings = await look(join(folder, "not", "there", "yet"));
    assert.deepEqual(findings.map(({what}) => what).slice(0, 8), [
      "Link",
      "Python",
      "rsync",
      "Folder",
      "Disk",
      "Environment",
      "Slurm",
      "Partition"
    ]);
    assert.equal(
      troubles(findings)
        .filter((line) => !/^(?:without|Environment)/.test(line))
        .join("\n"),
      ""
    );
    assert.deepEqual(await readdir(folder), [], "nothing was made");
    assert.match(
      troubles(await look("/proc/here"))[0]!,
      /^Folder: \/proc\/here: .* \| a folder that can be written, on a disk that all nodes see/
    );
  });

  it("commands that are not there, or whose controller is silent", async () => {
    assert.match(
      troubles(await examine("commands: /nowhere"))[0]!,
      /^Slurm: no sbatch, squeue, scontrol, scancel \|.*Name their folder with `commands` for cluster/
    );
    for (const name of ["sbatch", "squeue", "scontrol", "scancel"]) {
      await writeFile(
        join(folder, name),
        `#!/bin/sh\n[ "$1" = --version ] || { echo "slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)" >&2; exit 1; }\n`
      );
      await chmod(join(folder, name), 0o755);
    }
    assert.match(
      troubles(await examine(`commands: ${folder}`))[0]!,
      /^Slurm: .*Unable to contact slurm controller.*`scontrol ping` there must answer/
    );
  });
});
