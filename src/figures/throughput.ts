/** What training took: throughput, memory and time of every arm, one tick a training. */
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import {trainings} from "../core/learning-curves.js";
import type {RunRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatBytes, formatCount, formatDuration, formatNumber} from "../core/format.js";
import {MODE_LOOKS, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {dotColumns} from "./dot-columns.js";
import type {DotColumn} from "./dot-columns.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";

type Cubes = Pick<AllCubes, "study" | "runs">;

interface Quantity {
  /** Of the column, with the axis' unit; `most` is the largest value. */
  title: (most: number) => string;
  of: (run: RunRow) => number | null;
  text: (value: number) => string;
  /** How much one of the axis' unit is. */
  unit: (most: number) => number;
  /** Of the axis, in its unit. */
  tick?: (value: number) => string;
  says: string;
}

interface ArmRuns {
  mode: Mode;
  runs: RunRow[];
}

const QUANTITIES: Quantity[] = [
  {
    title: () => "Tokens a second",
    of: ({tokens_per_second}) => tokens_per_second,
    text: (value) => formatCount(value),
    unit: () => 1,
    tick: (value) => (value >= 1000 ? `${formatNumber(value / 1000, 0)}k` : formatNumber(value, 0)),
    says: "tokens a second"
  },
  {
    title: (most) => `Peak memory, ${most < 1e10 ? "MB" : "GB"}`,
    of: ({peak_device_memory_bytes, peak_memory_bytes}) => peak_device_memory_bytes ?? peak_memory_bytes,
    text: formatBytes,
    unit: (most) => (most < 1e10 ? 1e6 : 1e9),
    tick: (value) => formatCount(value),
    says: "of memory at its peak"
  },
  {
    title: (most) => `Time of a training, ${timeUnit(most).name}`,
    of: ({wall_seconds}) => wall_seconds,
    text: formatDuration,
    unit: (most) => timeUnit(most).seconds,
    says: "a training"
  }
];

/** The largest unit of which the longest time has a few. */
function timeUnit(most: number): {name: string; seconds: number} {
  if (most < 180) return {name: "s", seconds: 1};
  return most < 3 * 3600 ? {name: "min", seconds: 60} : {name: "h", seconds: 3600};
}

/** One column a quantity, each from zero; scores and checkpoints are part of a training's time. */
export function throughput(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "What a training takes";
  const arms = armRuns(cubes, options);
  if (arms.length === 0) {
    const reason = "No training of this selection has ended.";
    return emptyFigure({width, document, title, reason});
  }
  const columns = QUANTITIES.flatMap((quantity) => columnOf(cubes, arms, quantity));
  return frame({
    width,
    document,
    title,
    subtitle: `mean over the trainings of an arm; ${recipeTitle(selection, cubes.study.arms)}; ${deviceWords(arms)}`,
    keys: [{text: "one training", sign: "tick"}],
    note: "Time is from start to manifest: training, scoring and checkpoints. Trainings that shared a machine also shared its cores, so that times differ with what else ran.",
    alt: `${arms.map(({mode, runs}) => `${MODE_LOOKS[mode].title}: ${QUANTITIES.map((quantity) => `${wordsOf(runs, quantity)} ${quantity.says}`).join(", ")}`).join("; ")}.`,
    panels: [dotColumns({width, document, columns, perRow: width >= 800 ? 3 : 1})]
  });
}

function armRuns(cubes: Cubes, {selection}: FigureOptions): ArmRuns[] {
  return selectedArms(selection, cubes.study)
    .map(({id, mode}) => ({
      mode,
      runs: trainings(cubes, selection, id).filter(({status}) => status === "done")
    }))
    .filter(({runs}) => runs.length > 0)
    .sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode));
}

function valuesOf(runs: readonly RunRow[], {of}: Quantity): number[] {
  return runs.flatMap((run) => of(run) ?? []);
}

const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function wordsOf(runs: RunRow[], quantity: Quantity): string {
  const values = valuesOf(runs, quantity);
  return values.length > 0 ? quantity.text(meanOf(values)) : "unknown";
}

/** The scale holds every training of the study, so that it stays when arms are toggled. */
function columnOf({runs}: Cubes, arms: ArmRuns[], quantity: Quantity): DotColumn[] {
  const all = valuesOf(runs.filter(({kind, status}) => kind === "train" && status === "done"), quantity); // prettier-ignore
  const most = Math.max(0, ...all);
  const unit = quantity.unit(most);
  const rows = arms.flatMap(({mode, runs: own}) => {
    const values = valuesOf(own, quantity);
    if (values.length === 0) return [];
    const [text, low, high] = [meanOf(values), Math.min(...values), Math.max(...values)].map(quantity.text);
    const range = values.length > 1 ? `\n${values.length} trainings: ${low} to ${high}` : "";
    const [value, singles] = [meanOf(values) / unit, values.map((each) => each / unit)];
    return [{mode, value, singles, text: text!, title: `${text}${range}`}];
  });
  if (rows.length === 0) return [];
  const domain = [0, (most / unit) * 1.06 || 1] as const;
  return [{title: quantity.title(most), rows, domain, ...(quantity.tick ? {format: quantity.tick} : {})}];
}

function deviceWords(arms: ArmRuns[]): string {
  const devices = new Set(arms.flatMap(({runs}) => runs.map(({device, threads}) => `${device}, ${threads === 1 ? "1 thread" : `${threads} threads`} a run`))); // prettier-ignore
  return [...devices].join("; ");
}
