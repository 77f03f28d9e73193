/** A cluster whose jobs Slurm schedules. */
import {z} from "zod";
import {count} from "../study/names.js";
import {PLACE_KEYS, placeFolder, program, sshHost} from "./place-keys.js";

/** Names of partitions, accounts and the like, several with commas between. */
const word = z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.,@:+-]*$/u, "letters, digits and _.,@:+-");

/** One argument of a command: anything that is one line. */
const argument = z
  .string()
  .min(1)
  .regex(/^[^\x00-\x1f\x7f]+$/, "one line of text");

/** What the launcher says itself, and what would take a job out of its hands. */
const OWN_OPTIONS =
  /^(?:account|array|chdir|clusters?|comment|cpus-per-task|dependency|error|export(?:-file)?|get-user-env|gid|gpus.*|gres|help|hold|ignore-pbs|input|job-name|kill-on-invalid-dep|mem|no-requeue|nodes|ntasks|open-mode|output|parsable|partition|qos|quiet|requeue|signal|test-only|time|uid|usage|version|wait|wrap)$/;

export const SlurmPlace = z.strictObject({
  kind: z.literal("slurm").describe("A cluster with Slurm"),
  host: sshHost.optional().describe("The cluster's login node; without it, this machine is one"),
  ...PLACE_KEYS,
  partition: word.optional().describe("Slurm's partition, or several with commas between"),
  account: word.optional().describe("Slurm's account that jobs are charged to"),
  qos: word.optional().describe("Slurm's quality of service"),
  time: z
    .union([
      count,
      z
        .string()
        .regex(/^(?:\d+-\d{1,2}(?::\d{2}){0,2}|\d+(?::\d{2}){0,2})$/, "minutes, H:MM:SS or D-HH:MM:SS")
    ])
    .optional()
    .describe("Time limit of a task; near it, runs save a checkpoint and are queued again"),
  gpus: z
    .union([
      z.int().min(0).max(64),
      z.string().regex(/^[A-Za-z][\w.-]*:[1-9]\d?$/, "a number, or TYPE:NUMBER such as a100:1")
    ])
    .default(0)
    .describe("GPUs of a task, with their type if it matters (`a100:1`)"),
  gpus_by: z
    .enum(["gres", "gpus-per-task"])
    .default("gres")
    .describe("By which option of Slurm the site wants GPUs asked for"),
  cpus: count.optional().describe("Cores of a task"),
  memory: z
    .union([count, z.string().regex(/^[1-9]\d*[KMGT]?$/, "a number with K, M, G or T")])
    .optional()
    .describe("Memory of a task, such as 16G"),
  modules: z
    .array(z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.+/-]*$/u, "a module's name, such as cuda/12.4"))
    .default([])
    .describe("Environment modules that a task loads first"),
  container: z
    .array(argument)
    .default([])
    .describe(
      "Words of a command before the trainer's, which runs it in a container: `[apptainer, exec, --nv, image.sif]`, or `[srun, --container-image=image.sqsh]`"
    ),
  container_python: program
    .optional()
    .describe(
      "Interpreter within the container that has the trainer's libraries; default: that of the place"
    ),
  options: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z-]*[a-z]$/, "the long name of an option of sbatch, without hyphens before it")
        .refine((option) => !OWN_OPTIONS.test(option), "none that has a key of its own or that jobs rely on"),
      z.union([z.literal(true), z.int(), argument])
    )
    .default({})
    .describe("Further options of sbatch, such as `constraint: a100` or `exclusive: true`"),
  max_array: count.optional().describe("Tasks of an array job at most; default: the site's limit"),
  max_running: count.optional().describe("Tasks of an array job that run at a time; default: as many as fit"),
  commands: placeFolder
    .optional()
    .describe("Folder of sbatch, squeue, sacct, scontrol and scancel, where they are not on the PATH"),
  poll: z.int().min(1).max(3600).default(15).describe("Seconds between two questions about runs"),
  warning: z
    .int()
    .min(10)
    .max(3600)
    .default(120)
    .describe("Seconds before the time limit at which runs are asked to save a checkpoint and leave"),
  requeues: z
    .int()
    .min(0)
    .max(1000)
    .default(20)
    .describe("How often a task that reaches its time limit queues itself again"),
  file_lag: z
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe("Seconds for which the place's disk may hide files that another node wrote")
});
export type SlurmPlace = z.infer<typeof SlurmPlace>;

/** How many GPUs a task takes. */
export function gpusOf({gpus}: Pick<SlurmPlace, "gpus">): number {
  return typeof gpus === "number" ? gpus : Number(gpus.split(":")[1]);
}
