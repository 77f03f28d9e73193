/** A Slurm that lies, for a fake place: its commands lie in a folder of the place (fake_slurm.py). */
import {spawnSync} from "node:child_process";
import {copyFile, mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {createFakePlace, type FakePlace} from "./fake-place.js";

const SLURM = fileURLToPath(new URL("fake_slurm.py", import.meta.url));

/** For `describe(name, {skip}, …)`: says loudly, by name, what is missing. */
export function skipWithoutPrograms(): string | false {
  const missing = ["rsync", "python3", "bash"].filter(
    (program) => spawnSync(program, ["--version"]).status !== 0
  );
  return missing.length > 0 ? `no ${missing.join(", ")}` : false;
}

/** What becomes of one start of a task. */
export interface TaskLie {
  /** How often its script is run; 1 by default. */
  run?: number;
  /** At once, and not one after the other. */
  together?: boolean;
  /** The state that it is said to have ended in; by default what its exit code means. */
  state?: string;
  /** Whether squeue forgets it then, and only accounting still knows it. */
  forget?: boolean;
}

export interface Lies {
  /** `killed`: whoever submits dies before the answer comes. A number: tasks that a user may queue at once. */
  sbatch?: "unheard" | "killed" | "killed before" | "nameless" | number;
  squeue?: "empty" | "garbage" | "fail" | "hang";
  sacct?: "disabled" | "empty" | "garbage" | "yesterday";
  /** For each start of a task, in order; the last also for all that follow. */
  tasks?: TaskLie[];
}

export interface LyingSlurm {
  place: FakePlace;
  /** Keys of the places file. */
  keys: string;
  lie(lies: Lies): Promise<void>;
  /** While held, no task starts. */
  hold(held: boolean): Promise<void>;
  /** Sizes of the arrays that sbatch was asked for. */
  submitted(): Promise<number[]>;
  /** As if files that nodes write could not be seen from the login node. */
  hide(hidden: boolean): Promise<void>;
}

export async function createLyingSlurm(lies: Lies = {}): Promise<LyingSlurm> {
  const place = await createFakePlace();
  const folder = join(place.folder, "slurm");
  await mkdir(folder);
  for (const program of ["sbatch", "squeue", "sacct", "scontrol", "scancel"])
    await writeFile(
      join(folder, program),
      `#!/usr/bin/env -S python3 -I -S\n${await readFile(SLURM, "utf8")}`,
      {
        mode: 0o755
      }
    );
  await hideable(place);
  const lie = (next: Lies): Promise<void> => writeFile(join(folder, "lies.json"), JSON.stringify(next));
  const touch = (file: string, there: boolean): Promise<void> =>
    there ? writeFile(file, "") : rm(file, {force: true});
  await lie(lies);
  return {
    place,
    keys: `commands: ${folder}`,
    lie,
    hold: (held) => touch(join(folder, "hold"), held),
    async submitted() {
      const calls = (await readFile(join(folder, "calls"), "utf8").catch(() => "")).split("\n");
      return calls.filter((call) => call.startsWith("sbatch")).map((call) => Number(call.split(" ")[1]));
    },
    hide: (hidden) => touch(join(place.folder, "hidden"), hidden)
  };
}

/** Lets the place's Python look at runs without what their nodes wrote last, while a file says so. */
async function hideable({folder, environment}: FakePlace): Promise<void> {
  const python = join(environment, "bin", "python");
  const honest = join(environment, "bin", "honest");
  await copyFile(python, honest);
  const blind = `import json,sys
for line in sys.stdin: print(json.dumps({**json.loads(line), "manifest": None, "ending": None, "said": None}))`;
  await writeFile(
    python,
    `#!/bin/sh\ncase " $* " in *" look "*) if [ -e ${folder}/hidden ]; then ${honest} "$@" | python3 -c '${blind}'; exit; fi;; esac\nexec ${honest} "$@"\n`
  );
}
