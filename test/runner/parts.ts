/**
 * The parts of `npm test`, in the order they run: what breaks often and is cheap to find comes first. Every folder of
 * test/ belongs to one part; a folder that none names is part of `fast`, so that nothing stays untested by an oversight.
 */
export interface Part {
  name: string;
  /** Folders under test/ whose `*.test.ts` it runs; one without a test file is a failure. */
  folders: readonly string[];
  /** Test files at a time. The heavy parts use both cores from within; those of places mostly wait. */
  concurrency: number;
  /** Minutes until a test that hangs is ended. */
  minutes: number;
  /** Checks that run before the tests, and count as one test each. */
  checks?: "typescript" | "python";
}

export const PARTS: readonly Part[] = [
  {
    name: "fast",
    folders: [
      "annotators",
      "cli",
      "core",
      "corpora",
      "fetch",
      "figures",
      "house",
      "interop",
      "jobs",
      "judges",
      "noise",
      "paper",
      "setup",
      "stages",
      "study",
      "tables",
      "trainers"
    ],
    concurrency: 2,
    minutes: 5,
    checks: "typescript"
  },
  {name: "python", folders: [], concurrency: 1, minutes: 15, checks: "python"},
  {name: "places", folders: ["places"], concurrency: 3, minutes: 20},
  {name: "street", folders: ["street"], concurrency: 1, minutes: 20},
  {name: "live", folders: ["live"], concurrency: 1, minutes: 10},
  {name: "browser", folders: ["site", "publish", "browser"], concurrency: 1, minutes: 20},
  {name: "demo", folders: ["demo"], concurrency: 1, minutes: 30},
  {name: "clone", folders: ["clone"], concurrency: 1, minutes: 20}
];
