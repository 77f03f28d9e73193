/** `npm start`: everything, from set-up to the served notebook. */
import {once} from "node:events";
import open from "open";
import type {StudyOptions} from "../cli.js";
import {serveSite} from "../site/serve-site.js";
import {buildStudy} from "./build.js";
import {formatDuration} from "../../src/core/format.js";
import {openStudy, stopSignal} from "./open-study.js";
import type {Outcome} from "./outcome.js";
import {coloursFor} from "../setup/colours.js";

const err = coloursFor(process.stderr);
const out = coloursFor(process.stdout);

interface StartOptions extends StudyOptions {
  port?: number;
  open: boolean;
  serve: boolean;
  on?: string;
}

export async function start(options: StartOptions): Promise<Outcome> {
  const began = Date.now();
  const context = await openStudy(options);
  const signal = stopSignal();
  const {site, tables, failed} = await buildStudy(context, signal, options);
  context.report.note(`${context.file.study.title}: done in ${formatDuration((Date.now() - began) / 1000)}.`);
  context.report.note(`${err.dim("tables")} ${tables}\n${err.dim("notebook")} ${site}`);
  if (options.serve) await serve(site, options, signal);
  return failed > 0 ? 1 : 0;
}

async function serve(folder: string, {port, open: wanted}: StartOptions, signal: AbortSignal): Promise<void> {
  const server = await serveSite({folder, port});
  process.stdout.write(`${out.bold("Notebook")} ${server.url} (Ctrl-C to end)\n`);
  if (wanted && process.stdout.isTTY) await open(server.url).catch(() => undefined); // the address stands above
  if (!signal.aborted) await once(signal, "abort");
  await server.close();
}
