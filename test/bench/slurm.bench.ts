/** What it costs the pipeline to look after many runs on a real Slurm: `npm run bench -- slurm [COUNT …]`. */
import {trainMany} from "../places/many-runs.js";
import {skipWithoutSlurm} from "../places/slurm-cluster.js";

const COUNTS = [100, 300, 1000];
const KILLS = 5;
const POLL_SECONDS = 5;

export async function main(args: string[]): Promise<void> {
  const missing = skipWithoutSlurm();
  if (missing) throw new Error(`This needs a Slurm: ${missing}.`);
  const counts = args.length > 0 ? args.map(Number) : COUNTS;
  console.log(`Pipelines killed on the way: ${KILLS}; a question each ${POLL_SECONDS} s.`);
  for (const count of counts) {
    const {seconds, submit, cpu, memory, rounds, calls, whole, trained} = await trainMany({
      count,
      kills: KILLS,
      poll: POLL_SECONDS
    });
    console.log(
      [
        `${count} runs: ${whole} whole, trained ${trained} times, ${seconds.toFixed(0)} s`,
        `submitted in ${submit?.toFixed(1) ?? "–"} s`,
        `calls ${JSON.stringify(calls)} in ${rounds} rounds`,
        `pipelines' own time ${cpu.toFixed(1)} s (${((1000 * cpu) / count).toFixed(1)} ms a run)`,
        `memory ${(memory / 1e6).toFixed(0)} MB`
      ].join("; ")
    );
  }
}
