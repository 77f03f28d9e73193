/** The sentence on training: does an explanation get in the way of learning the label, and what does it cost? */
import type {RunRow} from "../cubes.js";
import type {AllCubes} from "../cubes-reader.js";
import {formatCount, formatDuration, formatNumber, formatSigned} from "../format.js";
import {armCurves, finalLoss, trainings, type ArmCurves} from "../learning-curves.js";
import {armTitle} from "../palette.js";
import type {Selection} from "../selection.js";
import {armOf, joined, listOf, recipeName} from "./phrases.js";

/** The label part's last loss with explanations beside label only, training by training. */
export function trainingSentence(cubes: AllCubes, selection: Selection): string {
  const shown: Selection = {...selection, modes: ["explanation"]};
  return lossAnswer(armCurves(cubes, shown, "label"), selection);
}

/** Both arms' time, and which runs went on from a checkpoint. */
export function trainingTimeSentence(cubes: AllCubes, selection: Selection): string {
  return joined(timeSentence(cubes, selection), resumedSentence(cubes.runs));
}

function lossAnswer(arms: ArmCurves[], selection: Selection): string {
  const [alone, explained] = [
    arms.find(({mode}) => mode === "label-only"),
    arms.find(({mode}) => mode === "explanation")
  ];
  if (!alone || !explained)
    return `Nothing can be said here of learning: there are no loss curves of both explanation and label only with ${recipeName(selection)}.`;
  const differences = pairedEnds(alone, explained);
  if (differences.length === 0)
    return "Nothing can be said here of learning: explanation and label only have no seed in common.";
  const [own, other] = [meanEnd(explained), meanEnd(alone)].map((loss) => formatNumber(loss));
  const losses = own === other ? `${own} nats a token` : `${own} against ${other} nats a token`;
  return `${outcomeOf(differences)}, ${losses} (${pairsOf(differences)}; ${recipeName(selection)}).`;
}

/** A single pair decides nothing, nor do pairs that part. */
function outcomeOf(differences: number[]): string {
  const higher = higherIn(differences);
  const lower = higherIn(differences.map((difference) => -difference));
  const ends = (how: string) => `with the explanation the label part ends at ${how} training loss`;
  if (higher + lower === 0) return `No: ${ends("the same")} as without`;
  if (differences.length === 1)
    return `Undecided, with one training of each: ${ends(higher > 0 ? "a higher" : "a lower")}`;
  if (higher === 0) return `No: ${ends(lower === differences.length ? "a lower" : "no higher a")}`;
  return higher === differences.length
    ? `Yes: ${ends("a higher")}`
    : `Undecided: ${ends("a higher")} in some trainings only`;
}

/** Of differences as they are printed: what no decimal shows is none. */
function higherIn(differences: number[]): number {
  return differences.filter((difference) => Number(difference.toFixed(2)) > 0).length;
}

function pairsOf(differences: number[]): string {
  if (differences.length === 1) return `difference${differenceList(differences)}`;
  return `higher in ${higherIn(differences)} of ${differences.length} pairs of trainings${differenceList(differences)}`;
}

/** Named one by one where they are few. */
function differenceList(differences: number[]): string {
  const none = higherIn(differences.map(Math.abs)) === 0;
  return none || differences.length > 5 ? "" : `: ${listOf(differences.map((each) => formatSigned(each)))}`;
}

/** Explanation less label-only, for every seed and scope that both were trained with. */
function pairedEnds(alone: ArmCurves, explained: ArmCurves): number[] {
  const key = ({seed, scope}: RunRow) => `${seed} ${scope}`;
  const ends = new Map(alone.curves.map((curve) => [key(curve.run), finalLoss(curve)]));
  return explained.curves.flatMap((curve) => {
    const end = ends.get(key(curve.run));
    return end === undefined ? [] : [finalLoss(curve) - end];
  });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const meanEnd = ({curves}: ArmCurves) => mean(curves.map(finalLoss));

/** Training and scoring: starting a process and loading a model take as long for any arm. */
const workSeconds = ({train_seconds, score_seconds}: RunRow) => train_seconds + score_seconds;

function timeSentence(cubes: AllCubes, selection: Selection): string {
  const done = (arm: string) =>
    trainings(cubes, selection, arm).filter((run) => run.status === "done" && workSeconds(run) > 0);
  const [alone, explained] = [done("label-only"), done(armOf("explanation", selection))];
  if (alone.length === 0 || explained.length === 0) return "";
  const [own, other] = [timesOf(explained), timesOf(alone)];
  const [time, against] = [own.mean, other.mean].map(formatDuration);
  const times = time === against ? `${time} a training` : `${time} a training, against ${against}`;
  const overlap = own.least <= other.most && other.least <= own.most;
  const how = overlap
    ? "about as long as with label only"
    : `${formatNumber(own.mean / other.mean, 1)} × the time of label only`;
  const ratio = formatNumber(tokensOf(explained) / tokensOf(alone), 1);
  const tokens = ratio === "1.0" ? "as many tokens" : `${ratio} × the tokens`;
  return joined(
    `Training on explanations and scoring take ${how}, with ${tokens}, start-up left out: ${times}.`,
    shareTime([...explained, ...alone], cubes.runs)
      ? "Some ran beside other trainings on the same machine, which makes any of them slower."
      : ""
  );
}

const tokensOf = (runs: RunRow[]) => mean(runs.map(({tokens}) => tokens));

/** Whether any of the runs was at work while another of the study was, on the same device. */
function shareTime(runs: RunRow[], all: readonly RunRow[]): boolean {
  const end = ({started, wall_seconds}: RunRow) => started + wall_seconds;
  return runs.some((run) =>
    all.some(
      (other) =>
        other.run !== run.run &&
        other.device === run.device &&
        other.started < end(run) &&
        end(other) > run.started
    )
  );
}

/** Where two arms' times overlap, trainings of one arm differ as much as the arms do. */
function timesOf(runs: RunRow[]): {mean: number; least: number; most: number} {
  const seconds = runs.map(workSeconds);
  return {mean: mean(seconds), least: Math.min(...seconds), most: Math.max(...seconds)};
}

/** Named, since a resumed run's time counts only what was not lost. */
function resumedSentence(runs: RunRow[]): string {
  const resumed = runs.filter((run) => run.resumed > 0);
  if (resumed.length === 0) return "";
  const named = resumed
    .slice(0, 3)
    .map(({system, kind, seed}) => (kind === "train" ? `${armTitle(system)}, seed ${seed}` : "warm-up"));
  const more = resumed.length > named.length ? [`${formatCount(resumed.length - named.length)} more`] : [];
  return `Resumed from a checkpoint: ${listOf([...named.map((name) => `(${name})`), ...more])}.`;
}
