/** `because tables`: run logs into tables. */
import type {StudyOptions} from "../cli.js";
import {CUBES} from "../../src/core/cubes.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export async function tables(options: StudyOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const runs = await trainStudy(context, stopSignal());
  const folder = await makeTables(context, runs);
  if (options.json) printJson({folder, cubes: CUBES, database: "study.duckdb"});
  else process.stdout.write(`${folder}\n`);
  return failures(runs).length > 0 ? 1 : 0;
}
