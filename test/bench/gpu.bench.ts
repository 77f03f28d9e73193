/**
 * Mistral-7B's architecture with random weights on one GPU, this trainer beside TRL: `npm run bench gpu`. Where there
 * is no Node.js the same is `python -m bench.gpu` (docs/performance.md).
 */
import {peersPython, runBench, trainerPython} from "./peers.js";

export async function main(args: string[]): Promise<void> {
  const trainer = await trainerPython();
  process.exitCode = runBench(await peersPython(trainer), "bench.gpu", args) ?? 1;
}
