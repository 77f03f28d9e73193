/** `because noise`: trains the same jobs again and measures how far they differ. */
import {join} from "node:path";
import type {StudyOptions} from "../cli.js";
import {armId, crossArms} from "../../src/core/arms.js";
import {BadInput} from "../../src/core/bad-input.js";
import type {TrainJob} from "../../src/core/contract.js";
import type {NoiseRow} from "../../src/core/cubes.js";
import {noiseFloorSentence} from "../../src/core/sentences/noise.js";
import {repeated} from "../jobs/plan-jobs.js";
import type {PlannedRun} from "../jobs/plan-jobs.js";
import type {StudyPlan} from "../jobs/plan-study.js";
import type {StudyRuns} from "../jobs/run-study.js";
import type {DoneRun} from "../noise/measure-noise.js";
import {makeNoise} from "../noise/noise-stage.js";
import type {Context} from "../stages/context.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export interface NoiseOptions extends StudyOptions {
  times: number;
  arm: string[];
  on?: string;
}

/** Arms that are repeated unless others are named: those whose difference a study is about. */
const MODES = ["label-only", "explanation"];

export async function noise(options: NoiseOptions): Promise<Outcome> {
  const context = await openStudy(options);
  let chosen: Repeats[] = [];
  const choose = (plan: StudyPlan, version: string): PlannedRun<TrainJob>[] => {
    chosen = chooseRepeats(context, plan.training, options, version);
    return chosen.flatMap(({own, repeats}) => [own, ...repeats]);
  };
  const runs = await trainStudy(context, stopSignal(), {on: options.on}, choose);
  if (failures(runs).length > 0) return 1;
  const rows: NoiseRow[] = [];
  for (const {own, repeats} of chosen)
    rows.push(...(await makeNoise(context, own, doneRuns(context, runs, [own, ...repeats]))));
  if (options.json) printJson(rows);
  else process.stdout.write(`${noiseFloorSentence(rows, crossArms(context.file.study.arms))}\n`);
  return 0;
}

/** A run of the plan and those that repeat it. */
interface Repeats {
  own: PlannedRun<TrainJob>;
  repeats: PlannedRun<TrainJob>[];
}

/** The first seed of the arms asked for; the plan's own run counts as one of the repetitions. */
function chooseRepeats(
  {file}: Context,
  training: PlannedRun<TrainJob>[],
  {times, arm}: Pick<NoiseOptions, "times" | "arm">,
  version: string
): Repeats[] {
  const first = training.filter(({job}) => job.seed === file.study.seeds[0]);
  const ids = [...new Set(first.map(({job}) => armId(job.arm)))];
  for (const id of arm)
    if (!ids.includes(id))
      throw new BadInput({
        where: `--arm ${id}`,
        expected: `an arm of the study: ${ids.join(", ")}`,
        found: `“${id}”`,
        mend: "Name one of them."
      });
  const usual = MODES.flatMap((mode) => {
    const own = first.find(({job}) => job.arm.mode === mode);
    return own ? [armId(own.job.arm)] : [];
  });
  const wanted = arm.length > 0 ? arm : usual;
  return first
    .filter(({job, imported}) => wanted.includes(armId(job.arm)) && !refuseImported(imported, job))
    .map((own) => ({
      own,
      repeats: Array.from({length: times - 1}, (_, i) => repeated(own, i + 1, version))
    }));
}

/** What was trained elsewhere cannot be trained again here. */
function refuseImported(imported: string | undefined, {arm, seed}: TrainJob): false {
  if (imported === undefined) return false;
  throw new BadInput({
    where: `arm ${armId(arm)}, seed ${seed}`,
    expected: "a run that was trained here",
    found: `one imported from ${imported}`,
    mend: "Repeat another arm: --arm names it."
  });
}

function doneRuns({store}: Context, {verdicts}: StudyRuns, runs: PlannedRun[]): DoneRun[] {
  return runs.map(({run}) => ({folder: join(store.runs, run), manifest: verdicts.get(run)!.manifest!}));
}
