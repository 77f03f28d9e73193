/**
 * Trains and scores with this trainer, TRL and lm-eval on one machine in one run: `npm run bench trainer [-- --study
 * FILE --data FOLDER]`. The rows are those of a study (default: the demo's), as the pipeline reads them; further
 * options go to `test/python/bench/trainer.py` and are listed by `--help`.
 */
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {openStudy} from "../../data-loaders/cli/open-study.js";
import {prepareCorpora} from "../../data-loaders/corpora/prepare-corpora.js";
import {writeDataFile} from "../../data-loaders/jobs/data-files.js";
import {annotatedRows, testRows} from "../../data-loaders/jobs/rows.js";
import {peersPython, runBench, trainerPython} from "./peers.js";

export async function main(args: string[]): Promise<void> {
  const {study = "studies/demo.yaml", data, rest} = ownOptions(args);
  const python = await trainerPython();
  const peers = await peersPython(python);
  const rows = await mkdtemp(join(tmpdir(), "because-bench-"));
  try {
    await writeRows(study, data, rows);
    process.exitCode = runBench(python, "bench.trainer", ["--rows", rows, "--peers", peers, ...rest]) ?? 1;
  } finally {
    await rm(rows, {recursive: true, force: true});
  }
}

/** Writes a study's training rows with their explanations, and its test rows, as Parquet. */
async function writeRows(study: string, data: string | undefined, folder: string): Promise<void> {
  const context = await openStudy({study, data});
  const corpora = await prepareCorpora(context);
  await writeDataFile(annotatedRows(context.file, corpora), join(folder, "train.parquet"));
  await writeDataFile(testRows(context.file, corpora), join(folder, "test.parquet"));
}

/** `--study` and `--data`; what else is given belongs to the Python side. */
function ownOptions(args: string[]): {study?: string; data?: string; rest: string[]} {
  const own: {study?: string; data?: string; rest: string[]} = {rest: []};
  for (let i = 0; i < args.length; ++i) {
    if (args[i] === "--study") own.study = args[++i];
    else if (args[i] === "--data") own.data = args[++i];
    else own.rest.push(args[i]!);
  }
  return own;
}
