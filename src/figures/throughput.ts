/** What training took: throughput, memory and time of every arm, one tick a training. */
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import {trainings} from "../core/learning-curves.js";
import type {RunRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {bytesUnit, formatBytes, formatCount, formatDuration} from "../core/format.js";
import {MODE_LOOKS, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {dotColumns} from "./dot-columns.js";
import type {DotColumn} from "./dot-columns.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";

type Cubes = Pick<AllCubes, "study" | "runs">;

/** What a column counts in. */
interface Unit {
  /** Empty for plain numbers. */
  name: string;
  size: number;
}

interface Quantity {
  title: string;
  of: (run: RunRow) => number | null;
  /** Of the axis, by the largest value. */
  unit: (most: number) => Unit;
  /** A value, in the axis' unit or in one that reads better. */
  text: (value: number, unit: Unit) => string;
  says: string;
}

interface ArmRuns {
  mode: Mode;
  runs: RunRow[];
}

const QUANTITIES: Quantity[] = [
  {
    title: "Tokens a second",
    of: ({tokens_per_second}) => tokens_per_second,
    unit: () => ({name: "", size: 1}),
    text: (value) => formatCount(value),
    says: "tokens a second"
  },
  {
    title: "Peak memory",
    of: ({peak_device_memory_bytes, peak_memory_bytes}) => peak_device_memory_bytes ?? peak_memory_bytes,
    unit: (most) => bytesUnit(most / FEW),
    text: formatBytes,
    says: "of memory at its peak"
  },
  {
    title: "Time of a training",
    of: ({wall_seconds}) => wall_seconds,
    unit: timeUnit,
    text: (value) => formatDuration(value),
    says: "a training"
  }
];

/** The largest value has so many of its axis' unit at least. */
const FEW = 3;

function timeUnit(most: number): Unit {
  if (most < FEW * 60) return {name: "s", size: 1};
  return most < FEW * 3600 ? {name: "min", size: 60} : {name: "h", size: 3600};
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
    alt: `${arms.map(({mode, runs}) => `${MODE_LOOKS[mode].title}: ${QUANTITIES.map((quantity) => `${wordsOf(cubes, runs, quantity)} ${quantity.says}`).join(", ")}`).join("; ")}.`,
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

function wordsOf(cubes: Cubes, runs: RunRow[], quantity: Quantity): string {
  const values = valuesOf(runs, quantity);
  return values.length > 0
    ? quantity.text(meanOf(values), quantity.unit(mostOf(cubes, quantity)))
    : "unknown";
}

/** Of all trainings of the study, so that scale and unit stay when arms are toggled. */
function mostOf({runs}: Cubes, quantity: Quantity): number {
  const trained = runs.filter(({kind, status}) => kind === "train" && status === "done");
  return Math.max(0, ...valuesOf(trained, quantity));
}

function columnOf(cubes: Cubes, arms: ArmRuns[], quantity: Quantity): DotColumn[] {
  const most = mostOf(cubes, quantity);
  const unit = quantity.unit(most);
  const rows = arms.flatMap(({mode, runs: own}) => {
    const values = valuesOf(own, quantity);
    if (values.length === 0) return [];
    const [text, low, high] = [meanOf(values), Math.min(...values), Math.max(...values)].map((value) =>
      quantity.text(value, unit)
    );
    const range = values.length > 1 ? `\n${values.length} trainings: ${low} to ${high}` : "";
    const [value, ...singles] = [meanOf(values), ...values].map((each) => each / unit.size);
    return [{mode, value: value!, singles, text: text!, title: `${text}${range}`}];
  });
  if (rows.length === 0) return [];
  const domain = [0, (most / unit.size) * 1.06 || 1] as const;
  return [{title: [quantity.title, unit.name].filter(Boolean).join(", "), rows, domain}];
}

function deviceWords(arms: ArmRuns[]): string {
  const devices = new Set(arms.flatMap(({runs}) => runs.map(({device, threads}) => `${device}, ${threads === 1 ? "1 thread" : `${threads} threads`} a run`))); // prettier-ignore
  return [...devices].join("; ");
}
