/** The sentences on token budgets: does more text help, and is it the length or the meaning? */
import {rowsWhere} from "../cube-index.js";
import type {AllCubes} from "../cubes-reader.js";
import type {EffectRow, IntervalKind, MeasureId} from "../cubes.js";
import {budgetCount, doseOf, dosesByMode} from "../dose-response.js";
import type {Dose} from "../dose-response.js";
import {formatNumber} from "../format.js";
import {shownInterval, shownKind, versusInterval} from "../intervals.js";
import {gainSign} from "../measures.js";
import {MODE_LOOKS} from "../palette.js";
import {parseArm, type Mode} from "../arms.js";
import type {Selection} from "../selection.js";
import type {Interval} from "../statistics/cluster-bootstrap.js";
import {verdictOf} from "../statistics/win-tie-loss.js";
import {effectText, intervalScope, listOf, measureName, placeName, recipeName, rowsName} from "./phrases.js";

type Cubes = Pick<AllCubes, "study" | "effects">;

interface Effect {
  tokens: number;
  arm: string;
  row: EffectRow & {effect: number};
}

/** How to train other lengths, where a study has but one. */
const DECLARE = "Several lengths in the study file would tell whether more text helps.";

/** Does more text beside the label help? */
export function budgetSentence(cubes: Cubes, selection: Selection): string {
  const {study} = cubes;
  const doses = dosesByMode(study, selection);
  if (study.lengths.length === 0)
    return `Nothing can be said here: these tables hold no lengths of texts. ${DECLARE}`;
  if (doses.length === 0)
    return `Nothing can be said here: no mode shown was trained with ${recipe(selection)}. Choose another order or loss.`;
  const told = doses.find(({mode}) => mode === "explanation") ?? doses[0]!;
  const effects = effectsAt(cubes, selection, told.doses);
  if (effects.length === 0)
    return `Nothing can be said here: ${measureName(selection.measure)} has no difference to label only in this cell.`;
  return [moreText(told.mode, effects, selection), oneLength(study, effects, selection)]
    .filter(Boolean)
    .join(" ");
}

function oneLength(study: Cubes["study"], effects: Effect[], selection: Selection): string {
  if (budgetCount(study) === 1) return `This study has one length. ${DECLARE}`;
  return effects.length === 1
    ? `With ${recipe(selection)} one length was trained; another loss or order may have more.`
    : "";
}

const recipe = (selection: Selection) => recipeName({...selection, tokens: ""});

function effectsAt({effects}: Cubes, selection: Selection, doses: Dose[]): Effect[] {
  const {corpus, axis, seed, measure} = selection;
  return doses.flatMap(({arm, tokens}) => {
    const row = rowsWhere<EffectRow>(effects, {arm: arm.id, seed, corpus, axis, measure})[0];
    return row && row.effect !== null ? [{arm: arm.id, tokens, row: {...row, effect: row.effect}}] : [];
  });
}

/** At most so many lengths are told one by one; of more, the ends. */
const TOLD = 4;

/** The texts of a mode against label-only by length, and the longest against the shortest. */
function moreText(mode: Mode, effects: Effect[], selection: Selection): string {
  const [first, last] = [effects[0]!, effects.at(-1)!];
  const said = ({row, tokens}: Effect) => {
    const {low, high} = shownInterval(row, selection);
    return `${effectText(row.measure, row.effect, low, high)} at ${formatNumber(tokens, 1)} tokens`;
  };
  const changes = `${modeName(mode)} changes ${measureName(selection.measure)} by`;
  const against = "against the label alone";
  if (effects.length === 1) return `${textWord(first.row, selection)}: ${changes} ${said(first)} ${against}.`;
  const told = effects.length > TOLD ? [first, last] : effects;
  const {measure, effect, low, high} = difference(first, last, selection);
  const size = `from the shortest to the longest by ${effectText(measure, effect, low, high)}`;
  const wide = low === null ? "" : " (both widths added)";
  return `${moreWord({measure, low, high})}: ${changes} ${listOf(told.map(said))} ${against}, ${size}${wide}.`;
}

/**
 * Difference of two effects, with an interval from theirs alone. The standard error of a difference is at most the sum
 * of both, whatever their correlation, so that half-widths add up to one that covers at least as often.
 */
function difference(
  first: Effect,
  last: Effect,
  selection: Selection
): Interval & {measure: MeasureId; effect: number} {
  const {measure} = last.row;
  const effect = last.row.effect - first.row.effect;
  const [a, b] = [first, last].map(({row}) => shownInterval(row, selection)) as [Interval, Interval];
  if (a.low === null || a.high === null || b.low === null || b.high === null)
    return {measure, effect, low: null, high: null};
  const reach = (a.high - a.low + b.high - b.low) / 2;
  return {measure, effect, low: effect - reach, high: effect + reach};
}

function moreWord(row: Pick<EffectRow, "measure" | "low" | "high">): string {
  if (gainSign(row.measure) === 0) return "By length";
  const verdicts = {
    helps: "Yes, the longest text does better than the shortest",
    hurts: "No, the longest text does worse than the shortest",
    undecided: "Whether the longest text does better than the shortest is undecided"
  };
  return verdicts[verdictOf(row)];
}

function textWord({measure, ...row}: EffectRow, selection: Selection): string {
  if (gainSign(measure) === 0) return "With text or without";
  const verdicts = {
    helps: "A text beside the label helps",
    hurts: "A text beside the label hurts",
    undecided: "Whether a text beside the label helps is undecided"
  };
  return verdicts[verdictOf({measure, ...shownInterval(row, selection)})];
}

/** Mean lengths that differ by no more than this share are the same. */
const SAME_LENGTH = 0.1;

/**
 * Is it the length or the meaning? Texts of the same length as the explanation: where they fall behind it, meaning
 * counts; where they beat label-only, length does.
 */
export function lengthOrMeaningSentence(cubes: Cubes, selection: Selection): string {
  const {study} = cubes;
  const all = dosesByMode(study, selection)
    .map(({mode, doses}) => ({mode, effects: effectsAt(cubes, selection, doses)}))
    .filter(({effects}) => effects.length > 0);
  if (all.length === 0) return "";
  const rivals = gainSign(selection.measure) === 0 ? [] : all.filter(({mode}) => mode !== "explanation");
  const isAsLong = ({arm, tokens}: Effect) => {
    const length = doseOf(study, {...parseArm(arm), mode: "explanation"});
    return length === undefined || Math.abs(tokens / length - 1) <= SAME_LENGTH;
  };
  const against = rivals.flatMap(
    ({mode, effects}) => againstExplanation(mode, effects.filter(isAsLong), shownKind(selection)) ?? []
  );
  const [{row}] = all[0]!.effects as [Effect];
  const rests = [rowsName(row), placeName(study, selection), recipe(selection)].join(", ");
  const {low} = shownInterval(row, selection);
  return [
    against.length > 0 ? `At the same length as the explanation, ${listOf(against)}.` : "",
    textAlone(rivals, selection),
    `This rests on ${rests}; ${low === null ? "no interval" : `95 % intervals ${intervalScope(study, selection)}`}.`
  ]
    .filter(Boolean)
    .join(" ");
}

function againstExplanation(mode: Mode, effects: Effect[], kind: IntervalKind): string | undefined {
  const pairs = effects.flatMap(({row, tokens}) => {
    const {measure, versus_explanation: effect} = row;
    return typeof effect === "number" ? [{measure, effect, ...versusInterval(row, kind), tokens}] : [];
  });
  const longest = pairs.at(-1);
  if (!longest) return undefined;
  const count = (verdict: string) => pairs.filter((pair) => verdictOf(pair) === verdict).length;
  const words = [
    {times: count("hurts"), is: "worse"},
    {times: count("helps"), is: "better"},
    {times: count("undecided"), is: "undecided"}
  ].filter(({times}) => times > 0);
  const often =
    pairs.length === 1
      ? words[0]!.is
      : words.length === 1
        ? `${words[0]!.is} at ${pairs.length === 2 ? "both" : `all ${pairs.length}`} such lengths`
        : `${listOf(words.map(({times, is}) => `${is} at ${times}`))} of ${pairs.length} such lengths`;
  const size = effectText(longest.measure, longest.effect, longest.low, longest.high);
  return `${modeName(mode)} is ${often} (${size} at ${formatNumber(longest.tokens, 1)} tokens)`;
}

/** Modes whose words say nothing of the example, the emptiest first. */
const EMPTY: Mode[] = ["filler", "random-vocabulary", "bag-of-words"];

/** The emptiest text among those shown, at its longest, against label only. */
function textAlone(rivals: {mode: Mode; effects: Effect[]}[], selection: Selection): string {
  const rival = EMPTY.flatMap((empty) => rivals.filter(({mode}) => mode === empty))[0];
  if (!rival) return "";
  const {row, tokens} = rival.effects.at(-1)!;
  const {low, high} = shownInterval(row, selection);
  const verdicts = {
    helps: "helps by itself",
    hurts: "hurts by itself",
    undecided: "is undecided by itself"
  };
  return (
    `Length without meaning (${modeName(rival.mode)}) ${verdicts[verdictOf({...row, low, high})]}: ` +
    `${effectText(row.measure, row.effect, low, high)} against label only at ${formatNumber(tokens, 1)} tokens.`
  );
}

function modeName(mode: Mode): string {
  return mode === "explanation" ? "the explanation" : MODE_LOOKS[mode].title.toLowerCase();
}
