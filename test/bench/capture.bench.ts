/**
 * What capturing activation entropies costs while scoring, at three sizes, and how far its numbers are from a naive
 * recomputation in float64: `npm run bench capture [-- --sizes 0.2M --rounds 4]`.
 */
import {runBench, trainerPython} from "./peers.js";

export async function main(args: string[]): Promise<void> {
  process.exitCode = runBench(await trainerPython(), "bench.capture", args) ?? 1;
}
