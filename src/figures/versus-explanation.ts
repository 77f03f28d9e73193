/** Must the reason mean anything: every other mode against the explanation, of the same order and loss reduction. */
import {MODES, armId} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {EffectRow} from "../core/cubes.js";
import {versusInterval} from "../core/intervals.js";
import {effectUnitOf, formatCount, formatEffectInterval, shownScale} from "../core/format.js";
import {formatEffect, measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeTextColor, recipeTitle} from "../core/palette.js";
import type {Selection, StudyArm} from "../core/selection.js";
import {isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {ZERO_KEYS, shownIntervalNote} from "./interval-note.js";
import {absentText} from "./rows-by-arm.js";
import {ZERO, intervalPanels} from "./interval-panels.js";
import type {PlacedDatum} from "./interval-panels.js";
import {domainOf} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "effects">;
type Versus = PlacedDatum & {effect: EffectRow};

/** Pooled differences to the explanation arm, one panel for each order and loss reduction, with seeds as ticks. */
export function versusExplanation(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = `Difference to the real explanation in ${measureOf(selection.measure).title.toLowerCase()}`;
  const data = cubes.study.arms.flatMap((arm) => versusData(cubes, options, arm));
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason:
        selection.modes.length === 0
          ? ALL_HIDDEN
          : "This needs the explanation arm and another of the same order and loss reduction, and the mean over seeds."
    });
  const first = data[0]!.effect;
  const recipes = [...new Set(data.map(({column}) => column))];
  const marks = data.flatMap(({value, low, high, seeds = []}) => [value, low, high, ...seeds]);
  return frame({
    width,
    document,
    title,
    subtitle: `${[effectUnitOf(selection.measure), scopeTitle(cubes, selection)].filter(Boolean).join("; ")}; ${sampleNote(cubes, "all", first.n, first.dialogues)}`,
    keys: [...ZERO_KEYS, {text: "one seed", sign: "tick"}],
    note: `Zero is the explanation itself. ${shownIntervalNote(
      cubes.study,
      {...selection, seed: "all"},
      data.some(({low}) => low !== null)
    )} Read the seeds beside them. An interval that holds zero does not show that the two are equal: read its width.`,
    alt: `${data.map(({mode, column, effect}) => `${MODE_LOOKS[mode].title} (${column}): ${formatEffect(effect.measure, effect.versus_explanation ?? null)} ${intervalText(effect, selection)}`).join("; ")}.`,
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: isNarrow(options),
          columns: recipes.map((key) => ({key, title: capitalised(key), references: [ZERO]})),
          rows: MODES.filter((mode) => data.some((d) => d.mode === mode)).map((key) => ({
            key,
            label: MODE_LOOKS[key].title,
            color: modeTextColor(key)
          })),
          data,
          domain: domainOf(marks, {through: 0}),
          absent: absentText(cubes, selection),
          footer: `${effectUnitOf(selection.measure) || "difference"} against the explanation`
        })
      }
    ]
  });
}

function versusData({study, effects}: Cubes, {selection, link}: FigureOptions, arm: StudyArm): Versus[] {
  const {measure, corpus, axis} = selection;
  const effect = rowsWhere(effects, {arm: arm.id, seed: "all", measure, corpus, axis})[0];
  if (
    arm.mode === "explanation" ||
    (arm.tokens ?? "") !== selection.tokens ||
    !selection.modes.includes(arm.mode) ||
    effect?.versus_explanation == null
  )
    return [];
  const {versus_explanation: value} = effect;
  const {low, high} = versusInterval(effect, selection.interval);
  const scale = shownScale(measure);
  const recipe = recipeTitle(arm, study.arms);
  const seeds = versusBySeed({study, effects}, arm, selection);
  const bySeed =
    seeds.length > 0 ? `; seeds: ${seeds.map((each) => formatEffect(measure, each)).join(", ")}` : "";
  return [
    {
      mode: arm.mode,
      column: recipe,
      row: arm.mode,
      effect,
      value: value * scale,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      seeds: seeds.map((seed) => seed * scale),
      filled: low === null || high === null || low > 0 || high < 0,
      href: link?.({arm: arm.id}),
      title: `${MODE_LOOKS[arm.mode].title} against explanation · ${recipe}\n${formatEffect(measure, value)} ${formatEffectInterval(low, high, measure)}\nn = ${formatCount(effect.n)}, ${formatCount(effect.dialogues)} dialogues${bySeed}`
    }
  ];
}

/** The same difference seed by seed: both arms' effects are against the same label-only runs, which drop out. */
function versusBySeed({study, effects}: Cubes, arm: StudyArm, {measure, corpus, axis}: Selection): number[] {
  const of = (id: string, seed: string) =>
    rowsWhere(effects, {arm: id, seed, measure, corpus, axis})[0]?.effect;
  const explanation = armId({...arm, mode: "explanation"});
  return study.seeds.flatMap((seed) => {
    const [one, other] = [of(arm.id, seed), of(explanation, seed)];
    return typeof one === "number" && typeof other === "number" ? [one - other] : [];
  });
}

function intervalText(effect: EffectRow, {interval}: Selection): string {
  const {low, high} = versusInterval(effect, interval);
  return formatEffectInterval(low, high, effect.measure);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
