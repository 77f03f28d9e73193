/** What a place's keys say to sbatch, each as one argument, which no shell reads. */
import type {SlurmPlace} from "../../../src/core/places/slurm-place.js";

/**
 * Options of every array of a place. `B:USR1` goes to the task's own process a while before its time limit, which is how
 * it tells the limit from preemption (TERM); `--requeue` has Slurm begin again what it preempts or what loses its node.
 */
export function sbatchOptions(place: SlurmPlace): string[] {
  const {partition, account, qos, time, gpus, gpus_by, cpus, memory, warning, options} = place;
  const named: Record<string, string | number | true | undefined> = {
    partition,
    account,
    qos,
    time,
    "cpus-per-task": cpus,
    mem: memory,
    ...(gpus === 0 ? {} : {[gpus_by]: gpus_by === "gres" ? `gpu:${gpus}` : gpus}),
    nodes: 1,
    ntasks: 1,
    signal: `B:USR1@${warning}`,
    requeue: true,
    ...options
  };
  return Object.entries(named).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value === true ? `--${name}` : `--${name}=${value}`;
  });
}
