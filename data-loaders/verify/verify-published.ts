/**
 * Whether what was published is whole and comes out again: every file by its hash, then everything that can be
 * recomputed from the bundled run logs, kind by kind.
 */
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {differencesFrom, readIntegrity, type Integrity} from "../publish/integrity.js";
import {codeOf} from "../publish/publish-study.js";
import {RECOMPUTABLE} from "./recomputable.js";

export type Verdict = "equal" | "different" | "not recomputable";

/** What was found of one thing that was published. */
export interface Finding {
  /** `files`, or a kind of what can be recomputed: `cubes`, `figures`. */
  kind: string;
  /** File, or file and place in it. */
  name: string;
  verdict: Verdict;
  /** What differs, or why it can't be recomputed. */
  why?: string;
}

export interface Verification {
  kind: Integrity["kind"];
  study: string;
  title: string;
  /** Whether this is the code that made it; if not, other numbers may be other code's. */
  same_code: boolean;
  software: string;
  findings: Finding[];
}

/** Verifies the site or bundle that lies in `folder`. Throws BadInput where none does. */
export async function verifyPublished(folder: string): Promise<Verification> {
  const integrity = await readIntegrity(folder);
  const {kind, study, title, software, code} = integrity;
  const findings = await verifyFiles(folder, integrity);
  const scratch = await mkdtemp(join(tmpdir(), "because-recompute-"));
  try {
    const opened = {folder, integrity, scratch, remade: new Map<string, string>()};
    for (const recompute of RECOMPUTABLE) findings.push(...(await recompute(opened)));
  } finally {
    await rm(scratch, {recursive: true, force: true});
  }
  return {kind, study, title, software, same_code: code === (await codeOf()), findings};
}

async function verifyFiles(folder: string, integrity: Integrity): Promise<Finding[]> {
  const differences = await differencesFrom(folder, integrity);
  const wrong = new Set(differences.map(({file}) => file));
  return [
    ...differences.map(({file, difference}): Finding => ({
      kind: "files",
      name: file,
      verdict: "different",
      why: `${difference}${runOf(file)}`
    })),
    ...Object.keys(integrity.files)
      .filter((file) => !wrong.has(file))
      .map((name): Finding => ({kind: "files", name, verdict: "equal"}))
  ];
}

function runOf(file: string): string {
  const run = /^runs\/([0-9a-f]{16})\//.exec(file)?.[1];
  return run ? `, of run ${run}` : "";
}
