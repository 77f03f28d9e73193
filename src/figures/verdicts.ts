/** The hypotheses that the study declared, judged: effect, interval, smallest effect of interest, p and verdict. */
import {scaleLinear} from "d3";
import type {ScaleLinear} from "d3";
import {parseArm} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {Verdict, VerdictRow} from "../core/cubes.js";
import {formatCount, formatEffectInterval, effectUnitOf, shownScale} from "../core/format.js";
import {formatEffect, measureOf} from "../core/measures.js";
import {armTitle, modeColor} from "../core/palette.js";
import {formatP} from "../core/sentences/hypotheses.js";
import {add, sheet} from "./elements.js";
import {axisTitle, corpusTitle, isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {BOLD_CHARACTER, emptyFigure, frame, wrap} from "./frame.js";
import {intervalStroke} from "./interval-ends.js";
import {linkAttributes, round, shapeOf} from "./interval-panels.js";
import {INK, MUTED, PAPER, RADIUS, RULE, domainOf} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "verdicts">;

const TITLE = "The hypotheses that the study declared";
const LINE = 16;

export const VERDICT_TITLES: Record<Verdict, string> = {
  supported: "Supported",
  contradicted: "Contradicted",
  equivalent: "Equivalent",
  undecided: "Undecided",
  untestable: "Not testable"
};

/** One row a hypothesis, in the study's order; hypotheses of one measure share a scale. */
export function verdicts(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {width, document} = options;
  const rows = cubes.verdicts;
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason:
        "This study declares no hypotheses. Named under “hypotheses” in the study file before the runs, they are judged here."
    });
  const corrections = [...new Set(rows.map(({correction}) => CORRECTIONS[correction]))].join("; ");
  const corrected = rows.some(({correction}) => correction !== "none");
  const measures = [...new Set(rows.map(({measure}) => measure))];
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `differences of two arms; ${rows.length === 1 ? "one hypothesis" : `${rows.length} hypotheses`}; ${corrections}`,
    keys: [
      {text: corrected ? "decided after correction" : "decided", sign: "filled"},
      {text: corrected ? "not decided after correction" : "not decided", sign: "hollow"}
    ],
    note: `Lines: intervals as the reasons name them, not widened for how many hypotheses there are; equivalence is judged by two one-sided tests, not by its line. Grey band: differences smaller than the smallest effect of interest.${options.paper ? "" : " These rows are the study’s own and stay whatever the toggles say."}`,
    alt: rows.map(altText).join(" "),
    panels: measures.map((measure) => {
      const own = rows.filter((row) => row.measure === measure);
      return {svg: measurePanel(cubes, options, own), rows: () => own};
    })
  });
}

const CORRECTIONS: Record<VerdictRow["correction"], string> = {
  holm: "p corrected after Holm",
  "benjamini-hochberg": "p corrected after Benjamini and Hochberg",
  none: "p not corrected"
};

function altText(row: VerdictRow): string {
  const {measure, effect, low, high} = row;
  const size =
    effect === null ? "" : `, ${formatEffect(measure, effect)} ${formatEffectInterval(low, high, measure)}`;
  return `${row.title}: ${VERDICT_TITLES[row.verdict].toLowerCase()}${size}${row.p === null ? "" : `, ${pText(row)}`}.`;
}

/** `p = .012`, corrected where the study says so. */
function pText({p, p_adjusted}: VerdictRow): string {
  const shown = p_adjusted ?? p;
  return shown === null ? "" : `p ${formatP(shown)}`;
}

/** Where text and scale of a row lie. */
interface Layout {
  narrow: boolean;
  /** Left edge and width of the scale. */
  from: number;
  room: number;
  /** Characters a line of the title and of the reason. */
  titleWidth: number;
  reasonWidth: number;
  reasonLeft: number;
}

interface Block {
  row: VerdictRow;
  title: string[];
  what: string[];
  reason: string[];
  height: number;
}

function measurePanel({study}: Cubes, options: FigureOptions, rows: VerdictRow[]): SVGSVGElement {
  const {width, document} = options;
  const layout = layoutOf(width, isNarrow(options));
  const blocks = rows.map((row) => blockOf(study, row, layout));
  const head = 40;
  const bottom = head + blocks.reduce((sum, {height}) => sum + height, 0);
  const svg = sheet(width, bottom + 34, document);
  const {measure} = rows[0]!;
  const scale = shownScale(measure);
  const values = rows.flatMap(({effect, low, high, smallest}) => [
    ...[effect, low, high].map((value) => (value === null ? null : value * scale)),
    ...(smallest === null ? [] : [smallest * scale, -smallest * scale])
  ]);
  const x = scaleLinear(domainOf(values, {through: 0}), [layout.from, layout.from + layout.room]);
  const unit = effectUnitOf(measure);
  const name = `${measureOf(measure).title}${unit ? `, ${unit}` : ""}`;
  add(svg, "text", {x: layout.from, y: 12, "text-anchor": "start", fill: MUTED, "font-size": 12}, name);
  drawScale(svg, x, {top: head, bottom, through: !layout.narrow});
  let y = head;
  for (const block of blocks) {
    drawBlock(svg, block, {x, y, layout, scale, link: options.link});
    y += block.height;
  }
  return svg;
}

function layoutOf(width: number, narrow: boolean): Layout {
  if (narrow)
    return {narrow, from: 14, room: width - 28, titleWidth: width, reasonWidth: width, reasonLeft: 0};
  const from = Math.round(width * 0.34);
  const room = Math.round(width * 0.3);
  const reasonLeft = from + room + 24;
  return {narrow, from, room, titleWidth: from - 24, reasonWidth: width - reasonLeft, reasonLeft};
}

function blockOf(
  study: AllCubes["study"],
  row: VerdictRow,
  {narrow, titleWidth, reasonWidth}: Layout
): Block {
  const arm = armTitle(row.arm, study.arms);
  const against = armTitle(row.against, study.arms).toLowerCase();
  const place = `${corpusTitle(study, row.corpus)}, ${axisTitle(study, row.axis).toLowerCase()}`;
  const title = wrap(row.title, titleWidth, 12.5, BOLD_CHARACTER);
  const arms = row.title.includes(arm) ? "" : `${arm} against ${against}; `;
  const what = wrap(`${arms}${place}`, titleWidth, 12);
  const reason = wrap(row.reason, reasonWidth, 12);
  const height = narrow
    ? (title.length + what.length + reason.length + 1) * LINE + 26 + 22
    : Math.max(title.length + what.length, reason.length + 1) * LINE + 18;
  return {row, title, what, reason, height};
}

/** Ticks stand above and below all rows; lines run through where no text is in their way. */
function drawScale(
  svg: Element,
  x: ScaleLinear<number, number>,
  {top, bottom, through}: {top: number; bottom: number; through: boolean}
): void {
  const ticks = x.ticks(5);
  const format = x.tickFormat(5);
  const line = (at: number, over: number) =>
    through
      ? `M${round(x(at))},${top - over}V${bottom + over}`
      : `M${round(x(at))},${top - over}v${6 + over}M${round(x(at))},${bottom - 6}v${6 + over}`;
  add(svg, "path", {class: "grid", d: ticks.map((tick) => line(tick, 0)).join(""), stroke: RULE});
  const labels = add(svg, "g", {class: "ticks", fill: MUTED, "font-size": 12});
  for (const y of [top - 7, bottom + 16])
    for (const tick of ticks) add(labels, "text", {x: round(x(tick)), y}, format(tick));
  add(svg, "path", {
    class: "zero",
    d: line(0, 2),
    stroke: INK,
    "stroke-opacity": 0.55
  });
}

type Placed = {
  x: ScaleLinear<number, number>;
  y: number;
  layout: Layout;
  scale: number;
  link: FigureOptions["link"];
};

function drawBlock(svg: Element, block: Block, placed: Placed): void {
  const {row, title, what, reason} = block;
  const {layout, y} = placed;
  const below = title.length + what.length;
  const group = add(svg, "g", {class: "verdict", "text-anchor": "start"});
  const write = (lines: string[], x: number, from: number, style: Record<string, string | number>) =>
    lines.forEach((line, i) => add(group, "text", {x, y: from + i * LINE, ...style}, line));
  const first = y + 18;
  write(title, 0, first, {fill: INK, "font-weight": 600});
  write(what, 0, first + title.length * LINE, {fill: MUTED, "font-size": 12});
  const [verdictY, markY] = layout.narrow
    ? [first + below * LINE + 26, first + below * LINE + 2]
    : [first, y + Math.min(block.height / 2, 26)];
  const verdict = VERDICT_TITLES[row.verdict];
  const p = pText(row);
  write([p ? `${verdict} · ${p}` : verdict], layout.reasonLeft, verdictY, {fill: INK, "font-weight": 600});
  write(reason, layout.reasonLeft, verdictY + LINE, {fill: MUTED, "font-size": 12});
  drawMark(group, row, {...placed, y: markY});
}

/** Band, interval and effect of one hypothesis. */
function drawMark(group: Element, row: VerdictRow, {x, y, scale, link, layout}: Placed): void {
  const {measure, effect, low, high, smallest, arm} = row;
  if (smallest !== null)
    add(group, "rect", {
      ...{class: "smallest", x: round(x(-smallest * scale)), y: y - 9, height: 18},
      ...{width: round(x(smallest * scale) - x(-smallest * scale)), fill: INK, "fill-opacity": 0.12}
    });
  if (layout.narrow)
    add(group, "path", {
      ...{d: `M${round(x(0))},${y - 12}v24M${x.range().join(`,${y}H`)}`, stroke: RULE, class: "axis"}
    });
  if (layout.narrow)
    add(group, "path", {
      ...{
        d: x
          .ticks(5)
          .map((tick) => `M${round(x(tick))},${y - 3}v6`)
          .join(""),
        stroke: RULE,
        class: "axis"
      }
    });
  if (effect === null) return;
  const {mode} = parseArm(arm);
  const color = modeColor(mode);
  if (low !== null && high !== null)
    add(group, "path", {
      ...{class: "interval"},
      d: intervalStroke(x(low * scale), x(high * scale), y),
      ...{stroke: color, "stroke-width": 1.75}
    });
  const title =
    `${row.title}\n${formatEffect(measure, effect)} ${formatEffectInterval(low, high, measure)}\n` +
    `${smallest === null ? "" : `smallest effect of interest: ${formatEffect(measure, smallest).replace("+", "")}\n`}` +
    `${[pText(row), `n = ${formatCount(row.n)}, ${formatCount(row.dialogues)} dialogues`].filter(Boolean).join("; ")}`;
  const href = link?.({arm, corpus: row.corpus, axis: row.axis});
  const decided = row.verdict !== "undecided";
  const marker = add(href ? add(group, "a", linkAttributes(href, title)) : group, "path", {
    ...{class: "value", d: shapeOf(mode, RADIUS), transform: `translate(${round(x(effect * scale))},${y})`},
    ...{stroke: color, "stroke-width": 1.5, fill: decided ? color : PAPER}
  });
  add(marker, "title", {}, title);
}
