/** The sentence on levels: the best arm, the best shortcut, and where no arm beats the majority class. */
import type {AllCubes} from "../cubes-reader.js";
import type {LevelRow} from "../cubes.js";
import {rowsWhere} from "../cube-index.js";
import {shownInterval} from "../intervals.js";
import {goodness} from "../measures.js";
import {armTitle, BASELINE_TITLES} from "../palette.js";
import {selectedArms, type Selection} from "../selection.js";
import {
  intervalScope,
  joined,
  levelText,
  listOf,
  measureName,
  placeName,
  rowsName,
  seedsName,
  settingName,
  settingsIn
} from "./phrases.js";
import type {Told} from "./phrases.js";
import type {Baseline} from "../contract.js";

/** Settings named one by one, at most. */
const NAMED = 3;

/** How good is the best arm shown, and is it better than a shortcut? */
export const accuracySentence = (cubes: AllCubes, selection: Selection): string =>
  accuracyTold(cubes, selection).lead;

/** Where no arm is better than the majority class, and what all that rests on. */
export const accuracyEvidence = (cubes: AllCubes, selection: Selection): string =>
  accuracyTold(cubes, selection).evidence;

function accuracyTold(cubes: AllCubes, selection: Selection): Told {
  const {study, levels} = cubes;
  const {corpus, axis, measure, seed} = selection;
  const shown = new Set(selectedArms(selection, study).map(({id}) => id));
  const inCell = rowsWhere(levels, {corpus, axis, measure});
  const arms = inCell.filter((row) => row.kind === "arm" && row.seed === seed && shown.has(row.system));
  const best = bestOf(arms);
  if (!best)
    return {
      lead:
        `Nothing can be said here: no arm shown has ${measureName(measure)} in this cell. Either none has a finished ` +
        "run (see Runs), or the measure is undefined here.",
      evidence: ""
    };
  const seeds = inCell.filter(
    (row) => row.system === best.system && row.seed !== "all" && row.value !== null
  );
  const {low, high} = shownInterval(best, selection);
  const evidence = [rowsName(best), placeName(study, selection), seedsName(selection, seeds.length)].join(
    ", "
  );
  const baseline = bestOf(inCell.filter(({kind}) => kind === "baseline"));
  return {
    lead: joined(
      `The best arm shown is ${armTitle(best.system, study.arms).toLowerCase()}: ${measureName(measure)} ${levelText({...best, low, high})}.`,
      compareWithBaseline({...best, low, high}, baseline)
    ),
    evidence: joined(
      compareWithMajority(cubes, selection, shown),
      `This rests on ${evidence}; ${low === null ? "no interval" : `95 % intervals ${intervalScope(study, selection)}`}.`
    )
  };
}

/** The best value in the measure's better direction; the first of equals. */
export function bestOf(rows: LevelRow[]): LevelRow | undefined {
  return rows
    .filter(({value}) => value !== null)
    .reduce<LevelRow | undefined>(
      (best, row) => (best && !isBetter(row.value!, best.value!, row) ? best : row),
      undefined
    );
}

function isBetter(a: number, b: number, {measure}: Pick<LevelRow, "measure">): boolean {
  return goodness(measure, a) > goodness(measure, b);
}

function compareWithBaseline(best: LevelRow, baseline: LevelRow | undefined): string {
  if (!baseline) return "No shortcut baseline was run.";
  const title = BASELINE_TITLES[baseline.system as Baseline].toLowerCase();
  const reaches = `The best shortcut, ${title}, reaches ${levelText(baseline)}`;
  if (!isBetter(best.value!, baseline.value!, best)) return `${reaches}: no arm shown is better than that.`;
  if (best.low === null || baseline.low === null)
    return `${reaches}, which is worse; without both intervals that isn't decided.`;
  return `${reaches}: ${apart(best, baseline) ? "clearly worse, the intervals lie apart" : "worse, but the intervals overlap"}.`;
}

function apart(a: LevelRow, b: LevelRow): boolean {
  return a.low! > b.high! || a.high! < b.low!;
}

/**
 * Whether arms beat the majority class: intervals that lie apart. The two aren't paired here, so this asks for more than
 * a paired difference would. Without an interval, values are compared.
 */
function compareWithMajority({study, levels}: AllCubes, selection: Selection, shown: Set<string>): string {
  const judged = settingsIn(study, selection).flatMap((setting) => {
    const {corpus, axis} = setting;
    const here = rowsWhere(levels, {measure: "accuracy", corpus, axis}).filter(({value}) => value !== null);
    const arms = here.filter(
      ({kind, seed, system}) => kind === "arm" && seed === selection.seed && shown.has(system)
    );
    if (arms.length === 0) return [];
    const majority = here.find(({kind, system}) => kind === "baseline" && system === "majority");
    const bar = majority?.high ?? majority?.value ?? setting.majority_share;
    const beating = arms.filter((row) => (shownInterval(row, selection).low ?? row.value!) > bar).length;
    return [{setting, none: beating === 0, all: beating === arms.length}];
  });
  if (judged.length === 0) return "";
  const by = selection.measure === "accuracy" ? "" : ", by accuracy,";
  const none = judged.filter((one) => one.none).map(({setting}) => settingName(study, setting));
  const all = judged.filter((one) => one.all).length;
  if (all === judged.length)
    return judged.length === 1
      ? `Every arm shown is${by} surely above the majority class here.`
      : `Every arm shown is${by} surely above the majority class in all ${judged.length} settings.`;
  if (none.length === 0)
    return judged.length === 1
      ? `Some arms shown are${by} not surely above the majority class here.`
      : `In ${judged.length - all} of ${judged.length} settings some arms shown are${by} not surely above the majority class.`;
  const named = none.length <= NAMED ? `: ${listOf(none.map((name) => `(${name})`))}` : "";
  return judged.length === 1
    ? `No arm shown is${by} surely above the majority class here.`
    : `In ${none.length} of ${judged.length} settings no arm shown is${by} surely above the majority class${named}.`;
}
