/** The sentence on levels: the best arm, the best shortcut, and where no arm beats the majority class. */
import type {AllCubes} from "../cubes-reader.js";
import type {LevelRow} from "../cubes.js";
import {measureOf} from "../measures.js";
import {armTitle, BASELINE_TITLES} from "../palette.js";
import {selectedArms, type Selection} from "../selection.js";
import {
  intervalNote,
  levelText,
  listOf,
  measureName,
  placeName,
  rowsName,
  seedsName,
  settingName,
  settingsIn
} from "./phrases.js";
import type {Baseline} from "../contract.js";

/** Settings named one by one, at most. */
const NAMED = 3;

/** How good is the best arm shown, is it better than a shortcut, and where is no arm better than the majority class? */
export function accuracySentence(cubes: AllCubes, selection: Selection): string {
  const {study, levels} = cubes;
  const shown = new Set(selectedArms(selection, study).map(({id}) => id));
  const inCell = levels.filter(
    (row) =>
      row.corpus === selection.corpus && row.axis === selection.axis && row.measure === selection.measure
  );
  const arms = inCell.filter(
    ({kind, system, seed}) => kind === "arm" && seed === selection.seed && shown.has(system)
  );
  const best = bestOf(arms);
  if (!best)
    return (
      `Nothing can be said here: no arm shown has ${measureName(selection.measure)} in this cell. Either none has a finished ` +
      "run (see Runs), or the measure is undefined here."
    );
  const seeds = new Set(
    levels
      .filter(({system, seed, value}) => system === best.system && seed !== "all" && value !== null)
      .map(({seed}) => seed)
  ).size;
  const evidence = [
    placeName(study, selection),
    rowsName(best),
    seedsName(selection, seeds),
    intervalNote(best)
  ].join("; ");
  const baseline = bestOf(inCell.filter(({kind}) => kind === "baseline"));
  return [
    `Best of the arms shown is ${armTitle(best.system)}, with ${measureName(best.measure)} ${levelText(best)} (${evidence}).`,
    compareWithBaseline(best, baseline),
    compareWithMajority(cubes, selection, shown)
  ]
    .filter(Boolean)
    .join(" ");
}

/** The best value in the measure's better direction; the first of equals. */
function bestOf(rows: LevelRow[]): LevelRow | undefined {
  return rows
    .filter(({value}) => value !== null)
    .reduce<LevelRow | undefined>(
      (best, row) => (best && !isBetter(row.value!, best.value!, row) ? best : row),
      undefined
    );
}

function isBetter(a: number, b: number, {measure}: Pick<LevelRow, "measure">): boolean {
  return measureOf(measure).better === "higher" ? a > b : a < b;
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

/** Whether arms beat the majority class: accuracy whose interval (or, without one, whose value) lies above its share. */
function compareWithMajority({study, levels}: AllCubes, selection: Selection, shown: Set<string>): string {
  const settings = settingsIn(study, selection);
  const accuracies = levels.filter(
    ({measure, kind, seed, system, value}) =>
      measure === "accuracy" &&
      value !== null &&
      (kind === "baseline" || (seed === selection.seed && shown.has(system)))
  );
  const judged = settings.flatMap((setting) => {
    const here = accuracies.filter(({corpus, axis}) => corpus === setting.corpus && axis === setting.axis);
    const arms = here.filter(({kind}) => kind === "arm");
    if (arms.length === 0) return [];
    const majority = here.find(({system}) => system === "majority")?.value ?? setting.majority_share;
    const beating = arms.filter(({low, value}) => (low ?? value!) > majority).length;
    return [{setting, none: beating === 0, all: beating === arms.length}];
  });
  if (judged.length === 0) return "";
  const none = judged.filter((one) => one.none).map(({setting}) => settingName(study, setting));
  const all = judged.filter((one) => one.all).length;
  if (all === judged.length)
    return judged.length === 1
      ? "Every arm shown beats the majority class here."
      : `Every arm shown beats the majority class in all ${judged.length} settings.`;
  if (none.length === 0)
    return judged.length === 1
      ? "Some arms shown do not beat the majority class here."
      : `In ${judged.length - all} of ${judged.length} settings some arms shown do not beat the majority class.`;
  const named = none.length <= NAMED ? `: ${listOf(none.map((name) => `(${name})`))}` : "";
  return judged.length === 1
    ? "No arm shown beats the majority class here."
    : `In ${none.length} of ${judged.length} settings no arm shown beats the majority class${named}.`;
}
