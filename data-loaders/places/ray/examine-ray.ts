/** What `because doctor --on` looks at where Ray schedules: its API, and whether a job fits a node; submits nothing. */
import {BadInput} from "../../../src/core/bad-input.js";
import type {RayPlace} from "../../../src/core/places/ray-place.js";
import {finding, remark, type Finding} from "../../setup/findings.js";
import {LinkLost} from "../transport.js";
import {demands, fitOn} from "./fitting.js";
import {RayClient, type NodeResources} from "./ray-client.js";

/** Milliseconds: nobody waits longer for a doctor. */
const TIMEOUT = 15_000;
/** Kinds of nodes that are named. */
const KINDS = 5;

export async function rayFindings(name: string, config: RayPlace): Promise<Finding[]> {
  try {
    const client = new RayClient({name, config, timeout: TIMEOUT});
    await client.jobs();
    const api = finding("Ray", true, `${await client.version()} at ${config.address}`, "", "");
    return [api, nodeFinding(config, await client.nodes())];
  } catch (error) {
    if (error instanceof BadInput) {
      const {found, expected, mend} = error.detail;
      return [finding("Ray", false, found, expected, mend)];
    }
    if (!(error instanceof LinkLost)) throw error;
    return [
      finding(
        "Ray",
        false,
        error.message,
        `an answer of the Jobs API at ${config.address}`,
        "Check `address` in the places file, and the tunnel or proxy that leads there."
      )
    ];
  }
}

/** Whether a job fits. A cluster may grow when something waits, which a number of `workers` says. */
export function nodeFinding(config: RayPlace, nodes: readonly NodeResources[]): Finding {
  const wanted = demands(config);
  const jobs = fitOn(nodes, config);
  const has = (node: NodeResources): string => amounts(wanted.map(([name]) => [name, node[name] ?? 0]));
  const kinds = [...new Set(nodes.map(has))].slice(0, KINDS).join("; ");
  const judge = config.workers === "auto" ? finding : remark;
  return judge(
    "Nodes",
    jobs > 0,
    jobs > 0
      ? `room for ${jobs} ${jobs === 1 ? "job" : "jobs"} of ${amounts(wanted)} on ${nodes.length} in all`
      : kinds || "none is alive",
    `a node with ${amounts(wanted)}`,
    "Change `gpus`, `cpus`, `memory_gb` or `resources`; where the cluster grows when something waits, give a number of `workers`."
  );
}

/** As Ray names them, memory in gigabytes. */
function amounts(entries: [name: string, amount: number][]): string {
  return entries
    .map(([name, amount]) =>
      name === "memory" ? `memory ${(amount / 1e9).toFixed(1)} GB` : `${name} ${amount}`
    )
    .join(", ");
}
