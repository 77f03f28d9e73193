/** Sentences on entropy: what explanations do to it, and whether low entropy means a right label. */
import {parseArm} from "../arms.js";
import {levelOf} from "../calibration.js";
import {rowsWhere} from "../cube-index.js";
import type {AllCubes} from "../cubes-reader.js";
import type {EntropySource, LayerRow, LevelRow, RelationRow} from "../cubes.js";
import {formatCount, formatNumber, formatSigned} from "../format.js";
import {kindAmong, layerOfKind, relationOfKind, shownInterval} from "../intervals.js";
import {armTitle, MODE_LOOKS} from "../palette.js";
import type {Selection} from "../selection.js";
import {
  armOf,
  intervalScope,
  joined,
  listOf,
  levelText,
  placeName,
  recipeName,
  seedsDisagree,
  seedsName,
  settingsIn
} from "./phrases.js";
import {signsDisagree} from "./pooling.js";
import type {Told} from "./phrases.js";

/** Name of an entropy inside a sentence. */
export const SOURCE_NAMES: Record<EntropySource, string> = {
  softmax: "softmax entropy over units",
  energy: "energy entropy",
  energy_trimmed: "trimmed energy entropy",
  logit_lens: "logit-lens entropy",
  logit_lens_kl: "divergence of the logit lens from the output",
  matrix: "matrix entropy",
  renyi: "Rényi entropy of order 2",
  attention: "attention entropy",
  histogram: "histogram entropy",
  label_entropy: "entropy over labels"
};

/** Do explanations change the entropy at the last layer? */
export const entropySentence = (cubes: AllCubes, selection: Selection): string =>
  entropyTold(cubes, selection).lead;

/** At which layer they change it most, and what that rests on. */
export const entropyEvidence = (cubes: AllCubes, selection: Selection): string =>
  entropyTold(cubes, selection).evidence;

function entropyTold(cubes: AllCubes, selection: Selection): Told {
  const {study, layers} = cubes;
  const arm = armOf("explanation", selection);
  if (selection.estimator === "label_entropy") return labelEntropyTold(cubes, selection, arm);
  const inCell = (seed: string) => {
    const {estimator, corpus, axis} = selection;
    return rowsWhere(layers, {estimator, corpus, axis, seed}).filter((row) => row.arm === arm);
  };
  const known = inCell(selection.seed).filter(({effect}) => effect !== null);
  const interval = kindAmong(
    known.map((row) => row.effect_low_trainings),
    selection
  );
  const rows = known.map((row) => layerOfKind(row, interval));
  const last = rows.reduce<LayerRow | undefined>(
    (deepest, row) => (deepest && deepest.layer > row.layer ? deepest : row),
    undefined
  );
  const name = SOURCE_NAMES[selection.estimator];
  if (!last)
    return {
      lead: `Nothing can be said here: no finished explanation run with ${recipeName(selection)} recorded ${name} beside label only.`,
      evidence: ""
    };
  const seeds = selection.seed === "all" ? study.seeds.filter((seed) => inCell(seed).length > 0).length : 1;
  const evidence = [
    `${formatCount(last.n)} test rows`,
    placeName(study, selection),
    recipeName(selection),
    seedsName(selection, seeds)
  ].join(", ");
  const scope =
    last.effect_low === null
      ? "no interval"
      : `95 % intervals ${intervalScope(study, {...selection, interval})}`;
  // The embedding is that of one token, often the same in every row: a difference there says nothing of answers.
  const decided = rows.filter((row) => row.layer > 0 && isDecided(row));
  const most = decided.reduce((a, b) => (Math.abs(b.effect!) > Math.abs(a.effect!) ? b : a), last);
  const where =
    most.layer === last.layer ? "" : `It differs most at layer ${most.layer}: ${differenceText(most)}.`;
  const bySeed = study.seeds.map((seed) => inCell(seed).find(({layer}) => layer === last.layer)?.effect);
  const doubt =
    selection.seed === "all" && interval === "dialogues"
      ? seedsDisagree(bySeed, (effect) => `${formatSigned(effect, 3)} nats`)
      : "";
  return {
    lead: joined(`${entropyAnswer(last, name)}.`, doubt),
    evidence: joined(where, `This rests on ${evidence}; ${scope}.`)
  };
}

const isDecided = ({effect_low: low, effect_high: high}: LayerRow) =>
  low !== null && high !== null && (low > 0 || high < 0);

function entropyAnswer(row: LayerRow, name: string): string {
  const size = differenceText(row);
  const place = `At the last layer (${row.layer})`;
  if (row.effect_low === null || row.effect_high === null)
    return `Undecided: at the last layer (${row.layer}) explanations change ${name} by ${size}, without an interval`;
  if (row.effect_low > 0) return `${place} explanations raise ${name}, by ${size} against label only`;
  if (row.effect_high < 0) return `${place} explanations lower ${name}, by ${size} against label only`;
  return `Undecided: at the last layer (${row.layer}) explanations change ${name} by ${size} against label only, which may be nothing`;
}

function differenceText({effect, effect_low, effect_high}: LayerRow): string {
  const interval =
    effect_low === null ? "" : ` [${formatSigned(effect_low, 3)}, ${formatSigned(effect_high, 3)}]`;
  return `${formatSigned(effect, 3)} nats${interval}`;
}

/** At the output entropies are levels, each with its own interval; their paired difference is on the overview. */
function labelEntropyTold({study, levels}: AllCubes, selection: Selection, arm: string): Told {
  const find = (system: string) =>
    levelOf({levels}, selection, "label_entropy", {system, seed: selection.seed});
  const said = (row: LevelRow) => levelText({...row, ...shownInterval(row, selection)});
  const [explained, alone] = [find(arm), find("label-only")];
  if (!explained || !alone)
    return {
      lead: `Nothing can be said here: there is no entropy over labels for both explanation and label only with ${recipeName(selection)}.`,
      evidence: ""
    };
  const direction =
    explained.value! < alone.value! ? "lower" : explained.value! > alone.value! ? "higher" : "the same";
  return {
    lead: `At the output, entropy over labels is ${direction} with explanations: ${said(explained)} against ${said(alone)} with label only.`,
    evidence: `This rests on ${formatCount(explained.n)} test rows, ${placeName(study, selection)}, ${recipeName(selection)}.`
  };
}

/** Does low entropy mean a right label? Within settings; with a warning where pooling says the opposite. Over all seeds. */
export const entropyAndAccuracySentence = (cubes: AllCubes, selection: Selection): string =>
  relationTold(cubes, selection).lead;

/** In how many arms that holds, how well entropy detects errors, and what all that rests on. */
export const entropyAndAccuracyEvidence = (cubes: AllCubes, selection: Selection): string =>
  relationTold(cubes, selection).evidence;

function relationTold({study, relations}: AllCubes, selection: Selection): Told {
  const layer = selection.estimator === "label_entropy" ? -1 : selection.layer;
  const known = relations.filter(
    (row) =>
      row.corpus === selection.corpus &&
      row.axis === selection.axis &&
      row.layer === layer &&
      row.estimator === selection.estimator
  );
  const overAll = {...selection, seed: "all"};
  const interval = kindAmong(
    known.map((row) => row.within_low_trainings),
    overAll
  );
  const here = known.map((row) => relationOfKind(row, interval));
  const row = [armOf("explanation", selection), "label-only"]
    .map((arm) => here.find((one) => one.arm === arm))
    .find((one) => one !== undefined);
  const where = layer === -1 ? "at the output" : `at layer ${layer}`;
  const name = `${SOURCE_NAMES[selection.estimator]} ${where}`;
  if (!row || row.within === null)
    return {
      lead: `Nothing can be said here: ${name} was not recorded, or doesn't vary, or all labels are right or all are wrong.`,
      evidence: ""
    };
  const evidence = [
    `${formatCount(row.n)} answers over all seeds`,
    placeName(study, selection),
    armTitle(row.arm).toLowerCase()
  ].join(", ");
  const scope =
    row.within_low === null ? "no interval" : `95 % interval ${intervalScope(study, {...overAll, interval})}`;
  const pooling = settingsIn(study, selection).length > 1 ? simpsonWarning(row) : "";
  return {
    lead: joined(
      `${relationAnswer(row, name)}: the correlation within settings is ${correlationText(row)} for ${armName(row)}.`,
      pooling,
      otherDirections(here, row, selection)
    ),
    evidence: joined(
      row.auroc === null
        ? ""
        : `As a detector of errors it has an AUROC of ${aurocText(row)}${settingsIn(study, selection).length > 1 ? " within settings" : ""}.`,
      otherArms(here, row, selection),
      `This rests on ${evidence}; ${scope}.`
    )
  };
}

const armName = ({arm}: RelationRow) => MODE_LOOKS[parseArm(arm).mode].title.toLowerCase();

/** Arms of this order and reduction in which the correlation is decided, and otherwise than in the one told of. */
function otherDirections(here: RelationRow[], told: RelationRow, selection: Selection): string {
  const others = ofRecipe(here, selection).filter((row) => row !== told);
  const said = ([-1, 1] as const).flatMap((direction) => {
    const rows = others.filter((row) => directionOf(row) === direction);
    if (rows.length === 0 || direction === directionOf(told)) return [];
    const names = rows.map((row) => `${armName(row)} (${correlationText(row)})`);
    return [`${direction < 0 ? "Low" : "High"} entropy does go with right labels for ${listOf(names)}.`];
  });
  return said.join(" ");
}

/** Those of this order, reduction and length, with label-only. */
function ofRecipe(here: RelationRow[], {order, reduction, tokens}: Selection): RelationRow[] {
  return here.filter(({arm, within}) => {
    const one = parseArm(arm);
    return (
      within !== null && (one.mode === "label-only" || arm === armOf(one.mode, {order, reduction, tokens}))
    );
  });
}

/** In how many of the arms of this order and reduction the correlation is decided the same way as in the one told of. */
function otherArms(here: RelationRow[], told: RelationRow, selection: Selection): string {
  const recipe = ofRecipe(here, selection);
  if (recipe.length < 2) return "";
  const others = recipe.filter((row) => row !== told);
  if (others.length === 0) return "";
  const alike = others.filter((row) => directionOf(row) === directionOf(told)).length;
  return `The same holds in ${alike} of ${others.length} other arms of this order and loss.`;
}

/** −1 or 1 where the interval excludes zero, else 0. */
function directionOf({within_low, within_high}: RelationRow): number {
  if (within_low !== null && within_low > 0) return 1;
  return within_high !== null && within_high < 0 ? -1 : 0;
}

function correlationText({within, within_low, within_high}: RelationRow): string {
  const interval =
    within_low === null ? "" : ` [${formatSigned(within_low, 2)}, ${formatSigned(within_high, 2)}]`;
  return `${formatSigned(within, 2)}${interval}`;
}

function aurocText({auroc, auroc_low: low, auroc_high: high}: RelationRow): string {
  const interval =
    typeof low === "number" ? ` [${formatNumber(low, 2)}, ${formatNumber(high ?? null, 2)}]` : "";
  return `${formatNumber(auroc, 2)}${interval}`;
}

/** Below this size a correlation is surely there and yet says next to nothing about a single answer. */
const WEAK = 0.1;

function relationAnswer({within, within_low, within_high}: RelationRow, name: string): string {
  const weak = Math.abs(within ?? 0) < WEAK;
  if (within_high !== null && within_high < 0)
    return `${weak ? "Barely" : "Yes"}: low ${name} goes ${weak ? "weakly " : ""}with right labels`;
  if (within_low !== null && within_low > 0)
    return `No, the reverse: high ${name} goes ${weak ? "weakly " : ""}with right labels`;
  if (within_low === null) return `Undecided: how low ${name} goes with right labels has no interval here`;
  return `Undecided: ${name} tells right from wrong labels no better than the noise allows`;
}

/** Where pooled and within-setting correlation disagree in sign, the pooled one speaks of settings, not of answers. */
function simpsonWarning(row: RelationRow): string {
  if (!signsDisagree(row)) return "";
  return `Beware: pooled over settings it has the opposite sign, ${formatSigned(row.pooled, 2)}.`;
}
