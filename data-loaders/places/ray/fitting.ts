/** Whether Ray's nodes have what a job asks for. */
import type {RayPlace} from "../../../src/core/places/ray-place.js";
import type {NodeResources} from "./ray-client.js";

/** What a job asks of one node, resource by resource, as Ray names them. */
export function demands({gpus, cpus, memory_gb = 0, resources}: RayPlace): [name: string, amount: number][] {
  const all = {GPU: gpus, CPU: cpus, memory: memory_gb * 1e9, ...resources};
  return Object.entries(all).filter(([, amount]) => amount > 0);
}

/** Jobs that fit on the nodes side by side. */
export function fitOn(nodes: readonly NodeResources[], place: RayPlace): number {
  const wanted = demands(place);
  const count = (node: NodeResources): number =>
    Math.min(...wanted.map(([name, amount]) => Math.floor((node[name] ?? 0) / amount)));
  return nodes.reduce((sum, node) => sum + count(node), 0);
}
