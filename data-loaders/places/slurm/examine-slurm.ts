/** What `because doctor --on` looks at where Slurm schedules: all that a submission needs; nothing is queued. */
import {gpusOf, type SlurmPlace} from "../../../src/core/places/slurm-place.js";
import {finding, healthy, remark, type Finding} from "../../setup/findings.js";
import {nearest} from "../../study/describe-issue.js";
import {atHome} from "../home.js";
import {lastLine} from "../link-troubles.js";
import type {Transport} from "../transport.js";
import {askProgram, type WayToSlurm} from "./ask-slurm.js";
import {sbatchOptions} from "./sbatch-options.js";
import {readSlurmSite, slurmSeconds, type Node, type Partition, type SlurmSite} from "./slurm-site.js";

const TIMEOUT = 60_000;
/** Kinds of nodes that are named. */
const KINDS = 5;

export async function slurmFindings(
  name: string,
  place: SlurmPlace,
  transport: Transport
): Promise<Finding[]> {
  const commands = place.commands ? await atHome(transport, place.commands) : null;
  const way: WayToSlurm = {transport, commands, timeout: TIMEOUT};
  const site = await readSlurmSite(way);
  if (typeof site === "string")
    return [
      finding(
        "Slurm",
        false,
        site,
        "sbatch, squeue, scontrol and scancel, and a controller that answers",
        `Name their folder with \`commands\` for ${name} in the places file; \`scontrol ping\` there must answer.`
      )
    ];
  const judged = judgeSite(place, site);
  const sound = healthy(judged) && judged.every(({what, ok}) => ok || what !== "Nodes");
  const trial = sound ? [await tried(place, way)] : [];
  return [finding("Slurm", true, site.version, "", ""), ...judged, ...trial];
}

/** What a place's keys ask for, beside what the site has. */
export function judgeSite(place: SlurmPlace, site: SlurmSite): Finding[] {
  const named = place.partition?.split(",") ?? [];
  const used = site.partitions.filter(({name, isDefault}) =>
    place.partition === undefined ? isDefault : named.includes(name)
  );
  return [
    partitionFinding(named, used, site),
    ...(used.length > 0 ? [timeFinding(place, used), nodeFinding(place, used, site)] : []),
    ...(used.length > 0 ? accountFindings(place, used, site) : []),
    arrayFinding(place, site),
    remark(
      "Accounting",
      site.accounting === "",
      site.accounting === "" ? "sacct answers" : site.accounting,
      "sacct, which remembers how tasks ended",
      "Nothing needs mending: the controller is asked instead."
    )
  ];
}

function partitionFinding(named: string[], used: Partition[], {partitions}: SlurmSite): Finding {
  const there = partitions.map(({name}) => name);
  const unknown = named.find((name) => !there.includes(name));
  const lacking = unknown === undefined ? "no default partition" : `no partition “${unknown}”`;
  if (unknown !== undefined || used.length === 0)
    return finding(
      "Partition",
      false,
      lacking,
      oneOf(there),
      `${unknown === undefined ? "" : didYouMean(unknown, there)}Name one with \`partition\`.`
    );
  return finding(
    "Partition",
    used.some(({state}) => state === "UP"),
    used.map(({name, state}) => (state === "UP" ? name : `${name}, which is ${state}`)).join("; "),
    "a partition that is UP",
    "Name another with `partition`, or wait until who runs the cluster opens it again."
  );
}

function timeFinding({time}: SlurmPlace, used: Partition[]): Finding {
  const limits = used.map(({name, most}) => `${name} ${duration(most)}`).join(", ");
  const most = Math.max(...used.map((partition) => partition.most));
  const ok = time === undefined || slurmSeconds(String(time)) <= most;
  return finding(
    "Time",
    ok,
    time === undefined ? `the partition's default; at most: ${limits}` : `${time}; at most: ${limits}`,
    `a time limit that the partition allows (${duration(most)})`,
    "Lower `time`: runs go on from their checkpoints in as many tasks as they need."
  );
}

/** One node has to have all that a task asks for. Where those that have it are down, tasks wait for them. */
function nodeFinding(place: SlurmPlace, used: Partition[], site: SlurmSite): Finding {
  const nodes = site.nodes.filter(({partitions}) => used.some(({name}) => partitions.includes(name)));
  const fit = nodes.filter((node) => fits(place, node));
  const away = fit.filter(({up}) => !up).length;
  const wanted = request(place);
  if (fit.length > 0)
    return remark(
      "Nodes",
      away < fit.length,
      `${fit.length} of ${nodes.length} have ${wanted}${away > 0 ? `, ${away} of them down or drained` : ""}`,
      "one that is up",
      "Runs may be submitted, and wait."
    );
  const kinds = [...new Set(nodes.map(describeNode))].slice(0, KINDS).join("; ") || "none";
  return finding(
    "Nodes",
    false,
    `${kinds} in ${used.map(({name}) => name).join(", ")}`,
    `a node with ${wanted}`,
    "Change `gpus`, `cpus`, `memory` or `partition`."
  );
}

function fits(place: SlurmPlace, {gpus, cores, memory}: Node): boolean {
  const type = typeof place.gpus === "string" ? place.gpus.split(":")[0]! : null;
  const there = type === null ? sum(gpus.values()) : (gpus.get(type) ?? 0);
  return (
    there >= gpusOf(place) && cores >= (place.cpus ?? 1) && memory >= megabytes(String(place.memory ?? 0))
  );
}

/** `64G` → 65536; Slurm's own unit is the megabyte. */
function megabytes(text: string): number {
  const unit = {K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2}[text.at(-1)!] ?? 1;
  return Number.parseInt(text) * unit;
}

function request({gpus, cpus, memory}: SlurmPlace): string {
  return [
    gpus === 0 ? "no GPU asked for" : `gpu:${gpus}`,
    `${cpus ?? 1} ${cpus === undefined || cpus === 1 ? "core" : "cores"}`,
    ...(memory === undefined ? [] : [`memory ${memory}`])
  ].join(", ");
}

function describeNode({gpus, cores, memory}: Node): string {
  const cards = [...gpus].map(([type, count]) => (type ? `gpu:${type}:${count}` : `gpu:${count}`));
  return [cards.join(", ") || "no GPU", `${cores} cores`, `memory ${memory}M`].join(", ");
}

/** Account and quality of service, as far as the site says who may have which. */
function accountFindings(place: SlurmPlace, used: Partition[], site: SlurmSite): Finding[] {
  const {account, qos} = place;
  const told = (site.accounts ?? []).filter(
    ({partition}) => partition === "" || used.some(({name}) => name === partition)
  );
  const accounts = [...new Set(told.map((charge) => charge.account))];
  const own = told.filter((charge) => account === undefined || charge.account === account);
  return [
    ...allowed(
      "Account",
      account,
      accounts,
      used.map((partition) => partition.accounts),
      site
    ),
    ...allowed(
      "QOS",
      qos,
      [...new Set(own.flatMap((charge) => charge.qos))],
      used.map((partition) => partition.qos),
      site
    )
  ];
}

/** Whether a name is one that partitions take and that the user has. A site that enforces no accounts takes any. */
function allowed(
  what: "Account" | "QOS",
  name: string | undefined,
  own: string[],
  taken: (string[] | null)[],
  {accounts, limits}: SlurmSite
): Finding[] {
  if (name === undefined) return [];
  const say = (judge: typeof finding, ok: boolean, found: string, listed: string[]): Finding[] => [
    judge(what, ok, found, oneOf(listed), `${didYouMean(name, listed)}Mend \`${what.toLowerCase()}\`.`)
  ];
  if (taken.every((names) => names !== null && !names.includes(name)))
    return say(
      finding,
      false,
      `the partition does not take “${name}”`,
      taken.flatMap((names) => names ?? [])
    );
  if (accounts === null) return say(remark, false, `“${name}”; sacctmgr does not tell which are yours`, []);
  const judge = /associations|limits|qos|safe/i.test(limits.get("AccountingStorageEnforce") ?? "")
    ? finding
    : remark;
  return own.includes(name)
    ? say(judge, true, name, own)
    : say(judge, false, `“${name}” is none of yours`, own);
}

const oneOf = (names: readonly string[]): string =>
  names.length > 0 ? `one of: ${[...new Set(names)].join(", ")}` : "one that you may use";

function didYouMean(name: string, names: readonly string[]): string {
  const like = nearest(name, names);
  return like === null ? "" : `Did you mean “${like}”? `;
}

function arrayFinding({max_array}: SlurmPlace, {limits}: SlurmSite): Finding {
  const said = limits.get("MaxArraySize");
  const most = Number(said ?? 0);
  return finding(
    "Arrays",
    most > 0,
    most > 0
      ? `of up to ${Math.min(most, max_array ?? Infinity)} tasks`
      : `MaxArraySize is ${said ?? "not told"}`,
    "job arrays, which runs are submitted as",
    "Ask who runs the cluster to raise MaxArraySize."
  );
}

/** Slurm's own judgement of the very options that arrays are submitted with. */
async function tried(place: SlurmPlace, way: WayToSlurm): Promise<Finding> {
  const {code, stderr, stdout} = await askProgram(way, "sbatch", [
    "--test-only",
    ...sbatchOptions(place),
    "--wrap=true"
  ]);
  const words = (lastLine(stderr) || lastLine(stdout)).replace(/^sbatch: (?:Job \d+ )?/, "");
  return finding(
    "Trial",
    code === 0,
    words || `sbatch --test-only ended with exit code ${code}`,
    "options that Slurm takes",
    "Mend partition, account, qos, time, gpus, memory or options in the places file."
  );
}

/** As Slurm writes it. */
function duration(seconds: number): string {
  if (seconds === Infinity) return "without limit";
  const two = (number: number): string => String(Math.floor(number)).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const clock = [(seconds % 86_400) / 3600, (seconds % 3600) / 60, seconds % 60].map(two).join(":");
  return days > 0 ? `${days}-${clock}` : clock;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
