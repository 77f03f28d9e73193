/** Scratch folders, and the cubes in them as pages read them. */
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {CUBES} from "../../src/core/cubes.js";
import {decodeCubes, type AllCubes, type CubeDocuments} from "../../src/core/cubes-reader.js";

/** Runs something in a new folder, which is removed afterwards. */
export async function inScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "because-tables-test-"));
  try {
    return await run(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

export async function readCubes(folder: string): Promise<AllCubes> {
  const documents = await Promise.all(
    CUBES.map(
      async (name) => [name, JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"))] as const
    )
  );
  return decodeCubes(Object.fromEntries(documents) as CubeDocuments);
}
