/** The sentence on calibration: is any arm better calibrated than label only, and is it too sure or not sure enough? */
import {leaningOf, levelOf, overconfidenceOf, pointsText} from "../calibration.js";
import {rowsWhere} from "../cube-index.js";
import type {EffectRow, MeasureId, StudyFacts} from "../cubes.js";
import type {AllCubes} from "../cubes-reader.js";
import {shownInterval, shownKind} from "../intervals.js";
import {formatEffect, formatMeasure} from "../measures.js";
import {MODE_LOOKS} from "../palette.js";
import {selectedArms, type Selection, type StudyArm} from "../selection.js";
import {
  effectText,
  effectsBySeed,
  intervalScope,
  joined,
  listOf,
  measureName,
  placeName,
  recipeName,
  rowsName,
  seedsDisagree,
  seedsName
} from "./phrases.js";
import type {Told} from "./phrases.js";

/** Without bins to choose first; bins of equal width in studies that have no other. */
const CALIBRATION: MeasureId[] = ["smooth_ece", "ece", "ece_mass"];

interface Compared {
  arm: StudyArm;
  row: EffectRow;
  low: number | null;
  high: number | null;
}

/** Is any arm shown better calibrated than label only? */
export const calibrationSentence = (cubes: AllCubes, selection: Selection): string =>
  calibrationTold(cubes, selection).lead;

/** Which arms are over- and which underconfident, how many are better calibrated, and what that rests on. */
export const calibrationEvidence = (cubes: AllCubes, selection: Selection): string =>
  calibrationTold(cubes, selection).evidence;

function calibrationTold(cubes: AllCubes, selection: Selection): Told {
  const {study, effects} = cubes;
  const arms = selectedArms(selection, study);
  const compared =
    CALIBRATION.map((measure) => arms.flatMap((arm) => compare(effects, arm, selection, measure))).find(
      ({length}) => length > 0
    ) ?? [];
  const leanings = leaningSentence(cubes, selection, arms);
  if (compared.length === 0)
    return {
      lead: `Nothing can be said here of which arm is better calibrated: no arm shown has a calibration error beside label only with ${recipeName(selection)}.`,
      evidence: leanings
    };
  return {
    lead: joined(
      answer(compared),
      doubt(effects, toldOf(compared), selection),
      accuracyBeside(cubes, toldOf(compared), selection),
      otherAnswer(cubes, compared, selection)
    ),
    evidence: joined(countArms(compared), leanings, restsOn(compared[0]!, study, selection))
  };
}

function compare(effects: EffectRow[], arm: StudyArm, selection: Selection, measure: MeasureId): Compared[] {
  const {corpus, axis, seed} = selection;
  const row = rowsWhere(effects, {measure, corpus, axis, seed}).find((one) => one.arm === arm.id);
  return row && row.effect !== null ? [{arm, row, ...shownInterval(row, selection)}] : [];
}

const isBetter = ({high}: Compared) => high !== null && high < 0;
const isWorse = ({low}: Compared) => low !== null && low > 0;

/** Of the explanation first, as the page asks; else of the best arm. */
function toldOf(compared: Compared[]): Compared {
  return compared.find(({arm}) => arm.mode === "explanation") ?? bestOf(compared);
}

function bestOf(compared: Compared[]): Compared {
  return compared.reduce((a, b) => (b.row.effect! < a.row.effect! ? b : a));
}

const sizeOf = ({row, low, high}: Compared) =>
  `its ${measureName(row.measure)} differs by ${effectText(row.measure, row.effect!, low, high)} from label only`;

function answer(compared: Compared[]): string {
  const told = toldOf(compared);
  const title = MODE_LOOKS[told.arm.mode].title.toLowerCase();
  const size = `${sizeOf(told)}${told.low === null ? ", without an interval" : ""}`;
  if (isBetter(told)) return `Yes: ${title} is better calibrated than label only: ${size}.`;
  if (isWorse(told)) return `No: ${title} is worse calibrated than label only: ${size}.`;
  return `Undecided: ${title} is not surely better or worse calibrated than label only: ${size}.`;
}

/** The best of the arms that are surely better than label only, where the one told of is not. */
function betterThanTold(compared: Compared[]): Compared | undefined {
  const better = compared.filter(isBetter);
  return better.length === 0 || isBetter(toldOf(compared)) ? undefined : bestOf(better);
}

function otherAnswer(cubes: AllCubes, compared: Compared[], selection: Selection): string {
  const other = betterThanTold(compared);
  if (!other) return "";
  return joined(
    `Surely better, the best of ${compared.length} arms shown, is ${MODE_LOOKS[other.arm.mode].title.toLowerCase()}: ${sizeOf(other)}.`,
    accuracyBeside(cubes, other, selection)
  );
}

function restsOn({row, low}: Compared, study: StudyFacts, selection: Selection): string {
  const evidence = [
    rowsName(row),
    placeName(study, selection),
    recipeName(selection),
    seedsName(selection, study.seeds.length)
  ].join(", ");
  return `This rests on ${evidence}; ${low === null ? "no interval" : `95 % intervals ${intervalScope(study, selection)}`}.`;
}

/** A model near chance is calibrated easily: how often the better one is right stands beside it. */
function accuracyBeside(cubes: AllCubes, better: Compared, selection: Selection): string {
  const accuracy = (system: string) =>
    levelOf(cubes, selection, "accuracy", {system, seed: selection.seed})?.value;
  const [own, alone] = [accuracy(better.row.arm), accuracy("label-only")];
  if (!isBetter(better) || own == null || alone == null || own >= alone) return "";
  return `But it is right less often: accuracy ${formatMeasure("accuracy", own)} against ${formatMeasure("accuracy", alone)}, and a model near chance is calibrated easily.`;
}

function countArms(compared: Compared[]): string {
  if (compared.length < 2) return "";
  const [better, worse] = [compared.filter(isBetter).length, compared.filter(isWorse).length];
  const counts = [
    {count: better, says: "better"},
    {count: worse, says: "worse"},
    {count: compared.length - better - worse, says: "undecided"}
  ].filter(({count}) => count > 0);
  if (counts.length === 1) return `All ${compared.length} arms shown are ${counts[0]!.says}.`;
  const said = counts.map(
    ({count, says}, i) => `${count} ${i > 0 ? "" : count === 1 ? "is " : "are "}${says}`
  );
  return `Of ${compared.length} arms shown ${listOf(said)}.`;
}

/** An interval over dialogues alone holds nothing of the training; one over trainings does. */
function doubt(effects: EffectRow[], told: Compared, selection: Selection): string {
  if (!(isBetter(told) || isWorse(told)) || selection.seed !== "all" || shownKind(selection) === "trainings")
    return "";
  const {arm, measure} = told.row;
  const bySeed = effectsBySeed(effects, arm, {...selection, measure}).map(({effect}) => effect);
  return seedsDisagree(bySeed, (effect) => formatEffect(measure, effect));
}

const LEANINGS = {
  over: "Overconfident, surer than right",
  under: "Underconfident, more often right than sure",
  open: "Not decided either way"
};

/** Which arms are surer than right and which the reverse, with the size for label only and the explanation. */
function leaningSentence(cubes: AllCubes, selection: Selection, arms: StudyArm[]): string {
  const known = arms.flatMap(({id, mode}) => {
    const over = overconfidenceOf(cubes, selection, id);
    return over ? [{mode, over, leaning: leaningOf(over)}] : [];
  });
  const said = (Object.keys(LEANINGS) as (keyof typeof LEANINGS)[]).flatMap((leaning) => {
    const names = known
      .filter((one) => one.leaning === leaning)
      .map(({mode, over}) => {
        const title = MODE_LOOKS[mode].title.toLowerCase();
        return mode === "label-only" || mode === "explanation"
          ? `${title} (${pointsText(over)} points)`
          : title;
      });
    return names.length > 0 ? [`${LEANINGS[leaning]}: ${listOf(names)}.`] : [];
  });
  return said.join(" ");
}
