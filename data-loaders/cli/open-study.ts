/** What most commands start with: the study, its store, and somewhere to report. */
import {LOCAL} from "../../src/core/places.js";
import type {StudyOptions} from "../cli.js";
import {createContext, SILENT} from "../stages/context.js";
import type {Context, Reporter} from "../stages/context.js";
import {readStudy} from "../study/read-study.js";
import {coloursFor} from "../setup/colours.js";

const pc = coloursFor(process.stderr);

/** Says on standard error what is being made; unchanged stages are not worth a line. */
export const LINES: Reporter = {
  stage: (stage, key, made) => {
    if (made) process.stderr.write(`${pc.dim(stage)} ${key}\n`);
  },
  note: (text) => process.stderr.write(`${text}\n`)
};

export async function openStudy({study, data, store, json}: StudyOptions): Promise<Context> {
  const file = await readStudy(study, {data: data ?? process.env.BECAUSE_DATA});
  return createContext(file, json ? SILENT : LINES, store ?? file.study.store);
}

/** npm passes one Ctrl-C on twice where its shell does not stand between; milliseconds within which both are one. */
const SAME_MILLISECONDS = 500;

/** Aborts at the first Ctrl-C or SIGTERM; a second one ends at once. At another place runs go on all the same. */
export function stopSignal(place: string = LOCAL): AbortSignal {
  const controller = new AbortController();
  let stopped = 0;
  const stop = (): void => {
    if (controller.signal.aborted && Date.now() - stopped < SAME_MILLISECONDS) return;
    if (controller.signal.aborted) process.exit(130);
    stopped = Date.now();
    const what =
      place === LOCAL ? "Stopping at the next step" : `Leaving; what was asked for goes on at ${place}`;
    process.stderr.write(`\n${what}; press Ctrl-C again to end at once.\n`);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
