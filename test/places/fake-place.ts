/** A place on this machine whose trainer only pretends: jobs of any number, in no time. */
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {hashValue} from "../../data-loaders/stages/content-hash.js";

const TRAINER = fileURLToPath(new URL("fake_trainer.py", import.meta.url));

export interface FakePlace {
  /** All of it; removed at the end. */
  folder: string;
  /** What the places file calls `root` and `environment`. */
  root: string;
  environment: string;
  /** The store of this side. */
  store: {root: string; jobs: string; runs: string};
  /** Writes job folders into the store. */
  writeJobs(runs: string[]): Promise<void>;
  /** How often each run was trained at the place. */
  trained(): Promise<Map<string, number>>;
  remove(): Promise<void>;
}

/** A run's id whose first digit says what becomes of it (fake_trainer.py). */
export const runId = (kind: string, n = 0): string => `${kind}${n.toString(16).padStart(15, "0")}`;

export async function createFakePlace(): Promise<FakePlace> {
  const folder = await mkdtemp(join(tmpdir(), "because-place-"));
  const [root, environment, here] = ["place", "environment", "store"].map((name) => join(folder, name)) as [
    string,
    string,
    string
  ];
  const store = {root: here, jobs: join(here, "jobs"), runs: join(here, "runs")};
  const python = join(environment, "bin", "python");
  await mkdir(join(environment, "bin"), {recursive: true});
  await writeFile(
    python,
    `#!/bin/sh\nif [ "$2" = because_trainer ]; then shift 2; exec python3 ${TRAINER} "$@"; fi\nexec python3 "$@"\n`
  );
  await chmod(python, 0o755);
  return {
    folder,
    root,
    environment,
    store,
    writeJobs: (runs) => writeFakeJobs(store.jobs, runs),
    async trained() {
      const text = await readFile(join(root, "trained"), "utf8").catch(() => "");
      const counts = new Map<string, number>();
      for (const run of text.split("\n").filter(Boolean)) counts.set(run, (counts.get(run) ?? 0) + 1);
      return counts;
    },
    remove: () => rm(folder, {recursive: true, force: true})
  };
}

async function writeFakeJobs(jobs: string, runs: string[]): Promise<void> {
  for (const run of runs) {
    await mkdir(join(jobs, run), {recursive: true});
    const data = {file: "train.parquet", rows: 1, content: hashValue("rows")};
    await writeFile(join(jobs, run, "train.parquet"), `rows of ${run}`);
    const job = {
      contract: 1,
      kind: "tokenizer",
      vocabulary: 100,
      text: {label_prefix: " ", because: " because ", therefore: " so "},
      labels: {axis: ["1", "2"]},
      data: {train: data}
    };
    await writeFile(join(jobs, run, "job.json"), JSON.stringify(job));
  }
}
