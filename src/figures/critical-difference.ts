/** The critical-difference diagram: average ranks of arms over settings, and which of them are not told apart. */
import {scaleLinear} from "d3";
import type {ScaleLinear} from "d3";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber} from "../core/format.js";
import {measureOf} from "../core/measures.js";
import {MODE_LOOKS, modeColor, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {StudyArm} from "../core/selection.js";
import {formatP} from "../core/sentences/hypotheses.js";
import {settingsIn} from "../core/sentences/phrases.js";
import {goodnessBySetting} from "../core/setting-scores.js";
import {friedman} from "../core/statistics/friedman.js";
import type {FriedmanResult} from "../core/statistics/friedman.js";
import {cliques, criticalDifference} from "../core/statistics/nemenyi.js";
import {add, sheet} from "./elements.js";
import {isNarrow, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {round, shapeOf} from "./interval-panels.js";
import {INK, MUTED} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "levels">;

interface Ranked {
  arms: StudyArm[];
  result: FriedmanResult;
  /** Null where the arms can't be tested. */
  difference: number | null;
  /** The critical difference if only whole corpora counted as settings; null with one corpus. */
  byCorpus: {settings: number; difference: number} | null;
  /** Groups not told apart, as indices of arms. */
  groups: number[][];
}

const ALPHA = 0.05;
/** Below so many settings no difference of ranks can be large enough to matter, or only one that is perfect. */
const FEW_SETTINGS = 6;

/** Average ranks, 1 best. What few settings, or settings that share dialogues, leave unsaid is said under it. */
export function criticalDifferenceDiagram(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const title = `Average rank in ${measureOf(selection.measure).title.toLowerCase()} over settings`;
  const ranked = rank(cubes, options);
  const {arms, result, difference, byCorpus} = ranked;
  if (arms.length < 2 || result.settings < 2)
    return emptyFigure({
      width,
      document,
      title,
      reason:
        selection.modes.length === 0
          ? ALL_HIDDEN
          : arms.length < 2
            ? "Ranks need two arms at least: choose more modes, or an order and loss reduction that was trained."
            : "Ranks need two settings at least in which every arm shown has this measure."
    });
  const test =
    result.p === null || result.statistic === null
      ? (result.reason ?? "")
      : `Friedman’s χ² = ${formatNumber(result.statistic, 1)} with ${result.df} degrees of freedom, p ${formatP(result.p)}`;
  const corpora = new Set(settingsIn(study, selection).map(({corpus}) => corpus)).size;
  return frame({
    width,
    document,
    title,
    subtitle: `1 is best; ${result.settings} settings; ${recipeTitle(selection, study.arms)}; ${seedNote(study, selection.seed)}. ${test}`,
    note: [
      difference === null
        ? ""
        : `Bars join arms whose ranks differ by less than the critical difference (Nemenyi, 5\u00a0%). It knows ranks only: paired differences may tell apart what a bar joins.`,
      result.p !== null && result.p > ALPHA
        ? "Friedman’s test itself does not tell the arms apart, so no pair is told apart either."
        : "",
      result.settings < FEW_SETTINGS
        ? `With ${result.settings} settings${result.smallestP === null ? "" : ` no p below ${formatP(result.smallestP).replace(/^[=<] /, "")} can come out, and`} only ranks that hardly vary differ.`
        : "",
      corpora < result.settings
        ? `All settings are judged by the same trainings, and axes of one corpus share its dialogues, so ${result.settings} settings are fewer independent ones than they look${byCorpus ? `: taken as ${byCorpus.settings}, one a corpus, the critical difference is ${formatNumber(byCorpus.difference)} instead of ${formatNumber(difference)}` : ""}.`
        : "",
      result.incomplete > 0 ? `${result.incomplete} settings are left out: an arm has no value there.` : ""
    ]
      .filter(Boolean)
      .join(" "),
    alt: altText(ranked),
    panels: [
      {
        svg: drawDiagram(ranked, options),
        rows: () =>
          arms.map(({id, mode}, i) => ({
            ...{mode, arm: id, average_rank: result.averageRanks[i], settings: result.settings},
            critical_difference: difference
          }))
      }
    ]
  });
}

function rank({study, levels}: Cubes, {selection}: FigureOptions): Ranked {
  const shown = selectedArms(selection, study);
  const all = goodnessBySetting(levels, study, {arms: shown, selection});
  const has = shown.map((_, arm) => all.some((row) => row[arm] !== null));
  const arms = shown.filter((_, arm) => has[arm]);
  const result = friedman(
    all.map((row) => row.filter((_, arm) => has[arm])),
    "higher"
  );
  const testable = result.reason === null;
  const difference = testable ? differenceFor(arms.length, result.settings) : null;
  const corpora = new Set(settingsIn(study, selection).map(({corpus}) => corpus)).size;
  return {
    arms,
    result,
    difference,
    byCorpus:
      testable && corpora > 1 && corpora < result.settings
        ? {settings: corpora, difference: differenceFor(arms.length, corpora)}
        : null,
    groups: difference === null ? [] : cliques(result.averageRanks, difference)
  };
}

/** Critical differences for one setting, by number of arms: the quantile behind them takes longer than the drawing. */
const ofOneSetting = new Map<number, number>();

function differenceFor(arms: number, settings: number): number {
  const one = ofOneSetting.get(arms) ?? criticalDifference(arms, 1, ALPHA);
  ofOneSetting.set(arms, one);
  return one / Math.sqrt(settings);
}

function altText({arms, result, difference, groups}: Ranked): string {
  const order = inOrder(result.averageRanks);
  const name = (i: number) => MODE_LOOKS[arms[i]!.mode].title.toLowerCase();
  const ranks = order.map((i) => `${name(i)} ${formatNumber(result.averageRanks[i])}`).join(", ");
  if (difference === null) return `Average ranks: ${ranks}. ${result.reason ?? ""}`.trim();
  const alike = groups.map((group) => group.map(name).join(", ")).join("; ");
  return `Average ranks: ${ranks}. Critical difference ${formatNumber(difference)}. ${alike ? `Not told apart: ${alike}.` : "All are told apart."}`;
}

function inOrder(ranks: readonly number[]): number[] {
  return ranks.map((_, i) => i).sort((a, b) => ranks[a]! - ranks[b]!);
}

const AXIS = 68;
const ROW = 22;

function drawDiagram(ranked: Ranked, options: FigureOptions): SVGSVGElement {
  const {width, document} = options;
  const {arms, result, groups} = ranked;
  const narrow = isNarrow(options);
  const room = narrow ? 8 : 150;
  const half = Math.ceil(arms.length / 2);
  const below = AXIS + 16 + groups.length * 8;
  const svg = sheet(width, below + (narrow ? arms.length : half) * ROW + 8, document);
  const x = scaleLinear([1, arms.length], [room + 4, width - room - 4]);
  drawAxis(svg, x, arms.length);
  drawDifferences(svg, x, ranked);
  groups.forEach((group, i) => {
    const [from, to] = [result.averageRanks[group[0]!]!, result.averageRanks[group.at(-1)!]!];
    const y = AXIS + 14 + i * 8;
    const d = `M${round(x(from) - 4)},${y}H${round(x(to) + 4)}`;
    add(svg, "path", {class: "clique", d, stroke: INK, "stroke-width": 3.5, "stroke-linecap": "round"});
  });
  inOrder(result.averageRanks).forEach((arm, place) => {
    const at = {arm: arms[arm]!, rank: result.averageRanks[arm]!, place, below, x};
    if (narrow) drawBesideMarker(svg, at, arms.length);
    else drawAtEdge(svg, at, {width, half, count: arms.length});
  });
  return svg;
}

interface Place {
  arm: StudyArm;
  rank: number;
  /** 0 is best. */
  place: number;
  /** Where names begin. */
  below: number;
  x: ScaleLinear<number, number>;
}

function drawAxis(svg: Element, x: ScaleLinear<number, number>, count: number): void {
  const ranks = Array.from({length: count}, (_, i) => i + 1);
  const ticks = ranks.map((tick) => `M${round(x(tick))},${AXIS}v-6`).join("");
  add(svg, "path", {class: "axis", d: `M${x.range().join(`,${AXIS}H`)}${ticks}`, stroke: MUTED});
  const labels = add(svg, "g", {class: "ticks", fill: MUTED, "font-size": 12});
  for (const tick of ranks) add(labels, "text", {x: round(x(tick)), y: AXIS - 10}, String(tick));
}

/** How long a difference of ranks must be, over the axis: taking settings as independent, and whole corpora only. */
function drawDifferences(
  svg: Element,
  x: ScaleLinear<number, number>,
  {difference, byCorpus, result}: Ranked
): void {
  if (difference === null) return;
  const [left] = x.range() as [number, number];
  const bars = [
    {
      length: difference,
      text: `critical difference, ${result.settings} settings`,
      dash: null
    },
    ...(byCorpus
      ? [
          {
            length: byCorpus.difference,
            text: `if only the ${byCorpus.settings} corpora counted`,
            dash: "3,3"
          }
        ]
      : [])
  ];
  bars.forEach(({length, text, dash}, i) => {
    const y = 18 + i * 20;
    const end = Math.min(x(1 + length), x.range()[1]!);
    const attributes = {
      d: `M${left},${y}H${round(end)}`,
      stroke: INK,
      "stroke-width": 1.75,
      "stroke-dasharray": dash
    };
    add(svg, "path", {class: "difference", ...attributes});
    add(svg, "text", {x: left, y: y - 5, "text-anchor": "start", fill: MUTED, "font-size": 11.5}, text);
  });
}

/** Better arms are named on the left, from the top; worse ones on the right, the worst on top. */
function drawAtEdge(
  svg: Element,
  {arm, rank: at, place, below, x}: Place,
  {width, half, count}: {width: number; half: number; count: number}
): void {
  const isLeft = place < half;
  const y = below + (isLeft ? place : count - 1 - place) * ROW + 10;
  const {title} = MODE_LOOKS[arm.mode];
  const room = title.length * 8.3 + 48;
  const to = isLeft ? Math.min(room, x(at)) : Math.max(width - room, x(at));
  const leader = {d: `M${round(x(at))},${AXIS}V${y}H${round(to)}`, fill: "none"};
  add(svg, "path", {class: "leader", ...leader, stroke: modeColor(arm.mode), "stroke-opacity": 0.7});
  drawMarker(svg, arm, at, {x: x(at), y: AXIS});
  const label = isLeft ? {x: 0, "text-anchor": "start"} : {x: width, "text-anchor": "end"};
  const words = isLeft ? `${title}  ${formatNumber(at)}` : `${formatNumber(at)}  ${title}`;
  add(
    svg,
    "text",
    {...label, y: y + 4, class: "arm", fill: modeTextColor(arm.mode), "font-weight": 600},
    words
  );
}

/** Where there is no room at the edges: one line an arm, its name beside its marker. */
function drawBesideMarker(svg: Element, {arm, rank: at, place, below, x}: Place, count: number): void {
  const y = below + place * ROW + 10;
  const isLeft = at < (count + 1) / 2;
  drawMarker(svg, arm, at, {x: x(at), y});
  const label = isLeft
    ? {x: round(x(at)) + 10, "text-anchor": "start"}
    : {x: round(x(at)) - 10, "text-anchor": "end"};
  const words = `${MODE_LOOKS[arm.mode].title} ${formatNumber(at)}`;
  add(
    svg,
    "text",
    {...label, y: y + 4, class: "arm", fill: modeTextColor(arm.mode), "font-weight": 600},
    words
  );
}

function drawMarker(svg: Element, {mode}: StudyArm, at: number, {x, y}: {x: number; y: number}): void {
  const marker = add(svg, "path", {
    ...{class: "rank", d: shapeOf(mode, 4.5), transform: `translate(${round(x)},${y})`, fill: modeColor(mode)}
  });
  add(marker, "title", {}, `${MODE_LOOKS[mode].title}\naverage rank ${formatNumber(at)}`);
}
