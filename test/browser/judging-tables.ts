/** Adds the cubes about labels and judges to a folder of tables, as a study with three judges would have them. */
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {encodeColumns, type Row} from "../../src/core/columns.js";
import type {ExamplesDocument, StudyFacts} from "../../src/core/cubes.js";
import {sampleJudging} from "../figures/sample-judging.js";

export async function writeJudgingTables(folder: string): Promise<void> {
  const read = async (cube: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, `${cube}.json`), "utf8"));
  const [study, examples] = [
    (await read("study")) as StudyFacts,
    (await read("examples")) as ExamplesDocument
  ];
  const {votes, ...rows} = sampleJudging(study, examples);
  const files = Object.entries(rows).map(([name, cube]) => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    encodeColumns(cube as unknown as Row[])
  ]);
  for (const [cube, content] of [...files, ["votes", votes]])
    await writeFile(join(folder, `${String(cube)}.json`), JSON.stringify(content));
}
