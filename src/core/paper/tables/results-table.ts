/** The main results: every setting, label-only's level, and how far each arm differs from it. */
import {rowsWhere} from "../../cube-index.js";
import type {AllCubes} from "../../cubes-reader.js";
import type {AcrossRow, EffectRow, IntervalKind, LevelRow} from "../../cubes.js";
import {MISSING, effectUnitOf, formatNumber, formatSigned, shownScale, unitOf} from "../../format.js";
import {intervalOf, shownKind} from "../../intervals.js";
import {gainSign, measureOf} from "../../measures.js";
import {MODE_LOOKS} from "../../palette.js";
import {recipeNote} from "./recipe-note.js";
import {selectedArms, type Selection, type StudyArm} from "../../selection.js";
import {axisName, corpusName, intervalScope, rowsName, seedsName} from "../../sentences/phrases.js";
import {holm} from "../../statistics/multiple-comparisons.js";
import type {CsvRow} from "../csv.js";
import {ALPHA, BASE, bestByTest, effectP} from "./best-by-test.js";
import {bracketed, digitsFor, type Cell, type PaperTable, type Row} from "./paper-table.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "effects" | "across">;

interface Place {
  corpus: string;
  axis: string;
  title: string;
}

/** One line of numbers: label-only in a cell, and the effects of arms there. */
interface Line extends Place {
  base: LevelRow;
  effects: (EffectRow | undefined)[];
}

interface Frame {
  cubes: Cubes;
  selection: Selection;
  arms: StudyArm[];
  kind: IntervalKind;
  scale: number;
}

/** Null where no arm was trained beside label-only. */
export function resultsTable(cubes: Cubes, selection: Selection): PaperTable | null {
  const {study} = cubes;
  const arms = selectedArms(selection, study).filter(({mode}) => mode !== "label-only");
  const frame: Frame = {
    cubes,
    selection,
    arms,
    kind: shownKind(selection),
    scale: shownScale(selection.measure)
  };
  const corpora = study.corpora.map((corpus) => ({
    corpus,
    lines: study.settings
      .filter((setting) => setting.corpus === corpus.id)
      .flatMap(({axis}) => lineOf(frame, {corpus: corpus.id, axis, title: axisName(study, axis)}))
  }));
  const lines = corpora.flatMap((group) => group.lines);
  const pooled = lineOf(frame, {corpus: "all", axis: "all", title: "All, pooled"});
  const shown = [...lines, ...pooled].filter(({effects}) => effects.some(Boolean));
  if (shown.length === 0) return null;
  const digits = digitsFor(shown.flatMap((line) => halfWidths(line, frame)));
  const starred = significant(lines, frame);
  const write = (line: Line): Row => rowOf(line, frame, {digits, starred});
  const several = study.corpora.length > 1;
  return {
    name: "results",
    caption: captionOf(frame, shown, lines.length),
    columns: [
      {title: several ? "Corpus, axis" : "Axis", numeric: false},
      {title: withUnit("Label only", unitOf(selection.measure)), numeric: true},
      ...arms.map(({mode}) => ({title: MODE_LOOKS[mode].title, numeric: true}))
    ],
    rows: [
      ...corpora.flatMap(({corpus, lines}) => [
        ...(several && lines.length > 0
          ? [{cells: [{text: corpusName(study, corpus.id)}], heading: true}]
          : []),
        ...lines.map(write)
      ]),
      ...(lines.length > 1 ? [meanRow(frame, digits)] : []),
      ...(lines.length > 1 ? pooled.map((line) => ({...write(line), summary: true})) : [])
    ],
    data: shown.flatMap((line) => dataOf(line, frame, starred))
  };
}

function lineOf({cubes, selection, arms}: Frame, place: Place): Line[] {
  const {measure, seed} = selection;
  const where = {corpus: place.corpus, axis: place.axis, measure, seed};
  const [base] = rowsWhere(cubes.levels, {...where, system: BASE});
  if (!base) return [];
  return [{...place, base, effects: arms.map(({id}) => rowsWhere(cubes.effects, {...where, arm: id})[0])}];
}

function halfWidths({effects}: Line, {kind, scale}: Frame): number[] {
  return effects.flatMap((row) => {
    const {low, high} = row ? intervalOf(row, kind) : {low: null, high: null};
    return low === null || high === null ? [] : [((high - low) / 2) * scale];
  });
}

/** Effects of settings that are told from zero, Holm over all settings and arms of the table. */
function significant(lines: readonly Line[], {kind}: Frame): Map<EffectRow, number> {
  const rows = lines.flatMap(({effects}) => effects.filter((row) => row !== undefined));
  const adjusted = holm(rows.map((row) => effectP(row, kind)));
  return new Map(rows.flatMap((row, i) => (adjusted[i] === null ? [] : [[row, adjusted[i]!] as const])));
}

function rowOf(
  {title, base, effects}: Line,
  {selection: {measure}, kind, scale}: Frame,
  {digits, starred}: {digits: number; starred: ReadonlyMap<EffectRow, number>}
): Row {
  const best = bestByTest(
    effects.filter((row) => row !== undefined),
    {measure, kind}
  );
  return {
    cells: [
      {text: title},
      {text: formatNumber(base.value === null ? null : base.value * scale, digits), bold: best.has(BASE)},
      ...effects.map((row): Cell => {
        if (!row || row.effect === null) return {text: MISSING};
        const p = starred.get(row);
        return {
          ...withInterval(row.effect, intervalOf(row, kind), scale, digits),
          bold: best.has(row.arm),
          mark: p !== undefined && p < ALPHA ? "*" : undefined
        };
      })
    ]
  };
}

function meanRow({cubes, selection, arms, scale}: Frame, digits: number): Row {
  const of = (arm: StudyArm): AcrossRow | undefined =>
    rowsWhere(cubes.across, {arm: arm.id, corpus: "all", axis: "all", measure: selection.measure})[0];
  return {
    summary: true,
    cells: [
      {text: "Mean of settings"},
      {text: ""},
      ...arms.map((arm): Cell => {
        const row = of(arm);
        return row?.mean == null ? {text: MISSING} : withInterval(row.mean, row, scale, digits);
      })
    ]
  };
}

/** `−3.2` and its interval. */
function withInterval(
  value: number,
  ends: {low: number | null; high: number | null},
  scale: number,
  digits: number
): Cell {
  const show = (of: number): string => formatSigned(of * scale, digits);
  return {text: show(value), interval: bracketed(ends, show)};
}

const withUnit = (title: string, unit: string): string => (unit ? `${title} (${unit})` : title);

function captionOf({cubes: {study}, selection, arms, kind}: Frame, shown: Line[], settings: number): string {
  const {measure} = selection;
  const {title, better} = measureOf(measure);
  const largest = shown.at(-1)!.base;
  const direction = gainSign(measure) === 0 ? "" : ` ${better === "higher" ? "Higher" : "Lower"} is better.`;
  const unit = effectUnitOf(measure);
  return [
    `${title} of label only, and differences to it${unit ? ` in ${unit}` : ""}, paired on the same test rows and seeds${recipeNote(arms)}.${direction}`,
    `${rowsName(largest)}${settings > 1 ? ` in ${settings} settings` : ""}, ${seedsName(selection, study.seeds.length)}; brackets are 95 % intervals ${intervalScope(study, selection)}.`,
    `* differs from zero at the 5 % level by a t test on dialogues${kind === "trainings" ? " and trainings" : ""}, Holm over all settings and arms of this table.`,
    gainSign(measure) === 0
      ? ""
      : "Bold: not surely worse than the best of its row (t tests against the best, Holm over the row; paired against label only and the explanation, otherwise as if independent). No bold: nothing is told apart.",
    settings > 1 ? "Mean of settings: random effects, for these trained models." : ""
  ]
    .filter(Boolean)
    .join(" ");
}

function dataOf(
  {corpus, axis, base, effects}: Line,
  {selection, kind}: Frame,
  starred: ReadonlyMap<EffectRow, number>
): CsvRow[] {
  const {measure} = selection;
  const place = {corpus, axis, measure};
  const ends = (row: LevelRow | EffectRow): CsvRow => ({...intervalOf(row, kind)});
  return [
    {
      ...place,
      arm: BASE,
      quantity: "level",
      value: base.value,
      ...ends(base),
      p_holm: null,
      n: base.n,
      dialogues: base.dialogues
    },
    ...effects.flatMap((row): CsvRow[] =>
      row
        ? [
            {
              ...place,
              arm: row.arm,
              quantity: "difference",
              value: row.effect,
              ...ends(row),
              p_holm: starred.get(row) ?? null,
              n: row.n,
              dialogues: row.dialogues
            }
          ]
        : []
    )
  ];
}
