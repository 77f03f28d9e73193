/** Claims on what runs took, and on what they ran. All from run manifests. */
import type {RunRow} from "../cubes.js";
import {formatBytes, formatCount, formatDuration} from "../format.js";
import {armTitle} from "../palette.js";
import {NOT_KNOWN} from "./claim.js";
import type {ClaimKind, Provenance} from "./claim.js";
import {RECIPE, armNamed, oneOf, ARM} from "./parameters.js";

const sum = (runs: RunRow[], of: (run: RunRow) => number) => runs.reduce((total, run) => total + of(run), 0);
const most = (runs: RunRow[], of: (run: RunRow) => number | null) => {
  const known = runs.map(of).filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

interface Cost {
  says: string;
  of(runs: RunRow[]): number | null;
  print(value: number): string;
}

const COSTS: Record<string, Cost> = {
  time: {
    says: "Time of computing",
    of: (runs) => sum(runs, (run) => run.wall_seconds),
    print: formatDuration
  },
  training: {
    says: "Time of training",
    of: (runs) => sum(runs, (run) => run.train_seconds),
    print: formatDuration
  },
  scoring: {
    says: "Time of scoring",
    of: (runs) => sum(runs, (run) => run.score_seconds),
    print: formatDuration
  },
  tokens: {says: "Training tokens", of: (runs) => sum(runs, (run) => run.tokens), print: formatCount},
  memory: {
    says: "Largest memory of a run",
    of: (runs) => most(runs, (run) => run.peak_memory_bytes),
    print: formatBytes
  },
  "device-memory": {
    says: "Largest memory of a GPU",
    of: (runs) => most(runs, (run) => run.peak_device_memory_bytes),
    print: formatBytes
  },
  resumed: {
    says: "Runs that went on from a checkpoint after an interruption",
    of: (runs) => runs.filter(({resumed}) => resumed > 0).length,
    print: formatCount
  }
};

/** Runs on other machines whose predictions were brought. */
const isImported = ({device}: RunRow) => device === "imported";

function provenanceOf(query: string, runs: RunRow[]): Provenance {
  const seeds = [...new Set(runs.filter(({kind}) => kind === "train").map(({seed}) => seed))];
  return {query, runs: runs.map(({run}) => run), seeds, items: null, dialogues: null};
}

/** What finished runs took. */
export const COMPUTE: ClaimKind = {
  says: "What finished runs took together, or the largest of them; of all runs, or of one arm's trainings",
  parameters: {
    of: oneOf("what", Object.keys(COSTS)),
    arm: {...ARM, choices: (cubes) => ["all", ...ARM.choices(cubes)], standard: () => "all"},
    ...RECIPE
  },
  make(cubes, values) {
    const arm = values.arm === "all" ? null : armNamed(cubes, values.arm!, values);
    const runs = cubes.runs.filter(
      (run) => run.status === "done" && !isImported(run) && (arm === null || run.system === arm)
    );
    const {says, of, print} = COSTS[values.of!]!;
    const value = runs.length === 0 ? null : of(runs);
    const whose = arm === null ? "all finished runs" : armTitle(arm, cubes.study.arms).toLowerCase();
    return {
      value,
      interval: null,
      text: value === null ? NOT_KNOWN : print(value),
      provenance: provenanceOf(`${says}, ${whose}, from their manifests`, runs)
    };
  }
};

const ON: Record<string, (run: RunRow) => string> = {
  devices: ({device, threads}) => {
    const beside =
      threads > 0 && device.startsWith("cpu")
        ? ` (${threads === 1 ? "1 thread" : `${formatCount(threads)} threads`})`
        : "";
    return `${device}${beside}`;
  },
  libraries: ({libraries}) => libraries,
  trainer: ({trainer_version}) => trainer_version,
  execution: ({execution}) => execution
};

/** What trainings ran on. */
export const ENVIRONMENT: ClaimKind = {
  says: "What trainings ran on: `devices`, `libraries`, version of the `trainer`, or how they were carried out (`execution`)",
  parameters: {of: oneOf("what", Object.keys(ON))},
  make(cubes, {of}) {
    const runs = cubes.runs.filter(({kind, status}) => kind === "train" && status === "done");
    const found = [...new Set(runs.map(ON[of!]!).filter(Boolean))].sort();
    const text = found.length === 0 ? NOT_KNOWN : found.join("; or ");
    return {
      value: null,
      interval: null,
      text,
      provenance: provenanceOf(
        `${of} of all finished trainings, from their manifests`.replace(/^./, (l) => l.toUpperCase()),
        runs
      )
    };
  }
};
