/** What every figure takes and how it is registered: cubes and options in, one self-contained SVG out. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatCounted} from "../core/format.js";
import type {Selection} from "../core/selection.js";

/** Drawing widths in pixels. A page scales a figure to its column, so that three drawings serve every screen. */
export const WIDTHS = {wide: 920, middle: 600, narrow: 360} as const;

export type DrawingSize = keyof typeof WIDTHS;

/** Screens that the smaller drawings are for, as in style/figures.css; all others show the wide one. */
export const SCREENS = {
  middle: "(min-width: 560px) and (max-width: 859.98px)",
  narrow: "(max-width: 559.98px)"
} as const;

/** The drawing that the style sheet shows; `matches` is the page's `matchMedia`. */
export function drawingSize(matches: (query: string) => {matches: boolean}): DrawingSize {
  const small = (Object.keys(SCREENS) as (keyof typeof SCREENS)[]).find(
    (size) => matches(SCREENS[size]).matches
  );
  return small ?? "wide";
}

export interface FigureOptions {
  selection: Selection;
  /** Drawing width in pixels: one of {@link WIDTHS} on pages, any on paper. */
  width: number;
  /** Whether it is for paper, where nothing can be pointed at. */
  paper?: boolean;
  /** The document that makes the elements; Node passes linkedom's. */
  document?: Document;
  /** Where a mark of this setting and arm leads, as a link relative to the page. */
  link?: (to: {arm?: string; corpus?: string; axis?: string; run?: string}) => string;
}

export type Figure = (cubes: AllCubes, options: FigureOptions) => SVGSVGElement;

export function isNarrow({width}: Pick<FigureOptions, "width">): boolean {
  return width < 640;
}

/** `all corpora, all axes` or their titles: what a figure's numbers are over. */
export function scopeTitle(
  {study}: Pick<AllCubes, "study">,
  {corpus, axis}: Pick<Selection, "corpus" | "axis">
): string {
  const corpora = corpus === "all" ? allOf(study.corpora, "corpora") : corpusTitle(study, corpus);
  return `${corpora}, ${axis === "all" ? allOf(study.axes, "axes") : axisTitle(study, axis)}`;
}

/** `all 6 corpora`; where there is but one, its title. */
function allOf(entries: {id: string; title?: string}[], noun: string): string {
  const [only] = entries;
  return entries.length === 1 ? (only!.title ?? only!.id) : `all ${entries.length} ${noun}`;
}

export function corpusTitle(study: AllCubes["study"], id: string): string {
  return id === "all" ? "All corpora" : (study.corpora.find((corpus) => corpus.id === id)?.title ?? id);
}

export function axisTitle(study: AllCubes["study"], id: string): string {
  return id === "all" ? "All axes" : (study.axes.find((axis) => axis.id === id)?.title ?? id);
}

/** `n = 2,160 test rows of 240 dialogues, mean of 3 seeds`. */
export function sampleNote(
  {study}: Pick<AllCubes, "study">,
  seed: string,
  n: number,
  dialogues?: number
): string {
  const rows = `n = ${formatCounted(n, "test row")}${dialogues === undefined ? "" : ` of ${formatCounted(dialogues, "dialogue")}`}`;
  return `${rows}, ${seedNote(study, seed)}`;
}

export function seedNote({seeds}: AllCubes["study"], seed: string): string {
  if (seed !== "all") return `seed ${seed}`;
  return seeds.length === 1 ? `1 seed` : `mean of ${formatCount(seeds.length)} seeds`;
}
