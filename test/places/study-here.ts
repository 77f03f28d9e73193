import assert from "node:assert/strict";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {holdLock} from "../../data-loaders/setup/lock.js";
import {writeAtomically} from "../../data-loaders/stages/atomic-files.js";
import {because, createStreet, runBytes, SMALL_STUDY} from "../street/street.js";

/** The small study with two of its arms: what they start from, baselines and training runs, at a place each. */
export const PLACE_STUDY = SMALL_STUDY.replace(/modes: .*/, "modes: [label-only, explanation]").replace(
  /reductions: .*/,
  "reductions: [token-mean]"
);

/**
 * Bytes of that study's runs as this machine trains them, to compare those of other places with. Trained once for all
 * files of a run of the suite, by the first that asks (`BECAUSE_TEST_SHARED`, test/runner); alone, a file trains its own.
 */
export function studyHere(): Promise<Map<string, string>> {
  return (known ??= askShared());
}

let known: Promise<Map<string, string>> | null = null;

async function askShared(): Promise<Map<string, string>> {
  const given = process.env.BECAUSE_TEST_SHARED;
  const shared = given ?? (await mkdtemp(join(tmpdir(), "because-shared-")));
  const kept = join(shared, "place-study.json");
  const release = await holdLock(join(shared, "place-study.lock"), () => undefined);
  try {
    const before = await readFile(kept, "utf8").catch(() => null);
    if (before !== null) return new Map(JSON.parse(before) as [string, string][]);
    const bytes = await trained();
    await writeAtomically(kept, JSON.stringify([...bytes]));
    return bytes;
  } finally {
    await release();
    if (given === undefined) await rm(shared, {recursive: true, force: true});
  }
}

async function trained(): Promise<Map<string, string>> {
  const street = await createStreet();
  try {
    const {code, stderr} = await because("run", "--study", await street.writeStudy(PLACE_STUDY));
    assert.equal(code, 0, stderr);
    const bytes = await runBytes(street.store);
    assert.ok(bytes.size >= 7, `${bytes.size} files`); // predictions of two arms and three baselines, layers of the arms
    return bytes;
  } finally {
    await street.remove();
  }
}
