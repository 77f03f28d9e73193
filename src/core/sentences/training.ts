/** The sentence on training: does an explanation get in the way of learning the label, and what does it cost? */
import type {RunRow} from "../cubes.js";
import type {AllCubes} from "../cubes-reader.js";
import {formatCount, formatCounted, formatDuration, formatNumber, formatSigned} from "../format.js";
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
  const higher = differences.filter((difference) => difference > 0).length;
  const lead =
    higher === differences.length
      ? "Yes: with the explanation the label part ends at a higher training loss"
      : higher === 0
        ? "No: with the explanation the label part ends at no higher a training loss"
        : "Undecided: with the explanation the label part ends at a higher training loss in some trainings only";
  const where =
    differences.length === 1
      ? "in the only training of each"
      : `higher in ${higher} of ${differences.length} pairs of trainings`;
  return `${lead}, ${formatNumber(meanEnd(explained))} against ${formatNumber(meanEnd(alone))} nats a token (${where}${differenceList(differences)}; ${recipeName(selection)}).`;
}

/** Named one by one where they are few. */
function differenceList(differences: number[]): string {
  return differences.length > 5 ? "" : `: ${listOf(differences.map((each) => formatSigned(each)))}`;
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
  const seconds = (runs: RunRow[]) => mean(runs.map(workSeconds));
  const times = seconds(explained) / seconds(alone);
  const [one, most] = [Math.min, Math.max].map((of) => of(...explained.map(workSeconds)));
  const range =
    explained.length > 1
      ? `, from ${formatDuration(one!)} to ${formatDuration(most!)} over ${formatCounted(explained.length, "training")}`
      : "";
  return `Training on explanations and scoring take ${formatNumber(times, 1)} × the time of label only, start-up left out: ${formatDuration(seconds(explained))}${range}, against ${formatDuration(seconds(alone))}.`;
}

/** Named, since a resumed run's time counts only what was not lost. */
function resumedSentence(runs: RunRow[]): string {
  const resumed = runs.filter((run) => run.resumed > 0);
  if (resumed.length === 0) return "";
  const named = resumed
    .slice(0, 3)
    .map(
      ({system, kind, seed}) =>
        `${system ? armOrBaseline(system, kind) : kind}${seed ? `, seed ${seed}` : ""}`
    );
  const more = resumed.length > named.length ? [`${formatCount(resumed.length - named.length)} more`] : [];
  return `Resumed from a checkpoint: ${listOf([...named.map((name) => `(${name})`), ...more])}.`;
}

function armOrBaseline(system: string, kind: RunRow["kind"]): string {
  return kind === "train" ? armTitle(system) : system;
}
