/** How far each two raters agree: the lower half of a matrix, each rater's name where its row and its column meet. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {AgreementRow} from "../core/cubes.js";
import {formatCount, formatNumber} from "../core/format.js";
import {MERGED, PEOPLE, promptsNote, raterOf} from "../core/judging/raters.js";
import type {Rater} from "../core/judging/raters.js";
import {add, sheet} from "./elements.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {INK, LESS, MUTED} from "./marks.js";
import {estimateText} from "./rater-rows.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "agreement" | "votes">;
type Pairs = Map<string, AgreementRow>;

const TITLE = "Who agrees with whom";
/** Raters that a drawing has room for; with more, prompts are left to their judges. */
const ROOM = {wide: 16, narrow: 7};

export function raterPairs(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {corpus, axis} = selection;
  const rows = rowsWhere(cubes.agreement, {measure: "qwk", corpus, axis}).filter(({value}) => value !== null);
  const {raters, whole} = ratersOf(cubes, rows, isNarrow(options) ? ROOM.narrow : ROOM.wide);
  if (raters.length < 2)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason: "No two raters rated the same examples of this selection, so no pair can be compared."
    });
  const pairs: Pairs = new Map(
    rows.flatMap((row) => [[`${row.a} ${row.b}`, row] as const, [`${row.b} ${row.a}`, row] as const])
  );
  const drawn = drawPairs(options, raters, pairs);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `kappa with quadratic weights; ${scopeTitle(cubes, selection)}`,
    note: noteOf(raters, {whole, complete: pairs.size === raters.length * (raters.length - 1)}),
    alt: altText(raters, pairs),
    panels: [{svg: drawn.svg, readings: () => drawn.readings, rows: () => rows}]
  });
}

function noteOf(raters: Rater[], {whole, complete}: {whole: boolean; complete: boolean}): string {
  return [
    "Read a rater’s row to the left of its name and its column below it. Stronger colour: they agree more.",
    complete ? "" : "Empty: not compared.",
    whole ? "" : "Each judge is the mean of its prompts.",
    promptsNote(raters),
    whole ? "Pairs of one judge’s prompts agree because it is one judge, not because they are right." : "",
    raters.some(({id}) => id === PEOPLE)
      ? "People are compared with all on the examples that every judge has a vote on."
      : ""
  ]
    .filter(Boolean)
    .join(" ");
}

/** Single prompts where there is room for all, else judges over their prompts; then people and the merged label. */
function ratersOf(
  {votes}: Cubes,
  rows: readonly AgreementRow[],
  room: number
): {raters: Rater[]; whole: boolean} {
  const ids = [...new Set(rows.flatMap(({a, b}) => [a, b]))];
  const all = ids.map((id) => raterOf(votes, id));
  const together = [PEOPLE, MERGED].flatMap((id) => all.filter((rater) => rater.id === id));
  const of = (single: boolean) => all.filter(({judge, prompt}) => judge !== "" && (prompt !== "") === single);
  const byJudge = (raters: Rater[]) =>
    [...new Set(raters.map(({judge}) => judge))].flatMap((judge) =>
      raters.filter((each) => each.judge === judge)
    );
  const [prompts, judges] = [byJudge(of(true)), byJudge(of(false))];
  const whole = prompts.length > 0 && (prompts.length + together.length <= room || judges.length === 0);
  return {raters: [...(whole ? prompts : judges), ...together].slice(0, room + 2), whole};
}

/** Mean width of a character of a name, in pixels. */
const CHARACTER = 6.3;

function drawPairs(
  options: FigureOptions,
  raters: Rater[],
  pairs: Pairs
): {svg: SVGSVGElement; readings: Reading[]} {
  const {width, document} = options;
  const tail = Math.max(...raters.map(({title}, i) => title.length - (raters.length - 1 - i) * 5));
  const names = Math.min(width / 2, tail * CHARACTER + 14);
  const side = Math.max(18, Math.min(52, (width - names) / (raters.length - 1)));
  const height = Math.min(34, Math.max(22, side));
  const svg = sheet(width, raters.length * height + 6, document);
  const values = [...pairs.values()].map(({value}) => value!);
  const [least, most] = [Math.min(0, ...values), Math.max(...values, 0.01)];
  const cells = add(svg, "g", {class: "pair"});
  const texts = add(svg, "g", {class: "number", "font-size": side < 26 ? 10.5 : 12});
  const labels = add(svg, "g", {class: "rater", "text-anchor": "start"});
  const readings: Reading[] = [];
  raters.forEach((rater, i) => {
    const y = i * height;
    for (let j = 0; j < i; j++) {
      const row = pairs.get(`${rater.id} ${raters[j]!.id}`);
      if (!row) continue;
      const tint = (row.value! - least) / (most - least);
      add(cells, "rect", {
        ...{x: j * side + 1, y: y + 1, width: side - 2, height: height - 2},
        ...{fill: LESS, "fill-opacity": (0.03 + 0.42 * tint ** 2).toFixed(3)}
      });
      const middle = {x: (j + 0.5) * side, y: y + height / 2};
      add(texts, "text", {x: middle.x, y: middle.y + 4}, shortNumber(row.value!));
      readings.push({...middle, width: side, height, title: titleOf(rater, raters[j]!, row)});
    }
    const strong = rater.judge === "";
    const style = {"font-weight": strong ? 600 : null, fill: strong ? INK : MUTED};
    add(labels, "text", {...style, x: i * side + (i === 0 ? 0 : 7), y: y + height / 2 + 4}, rater.title);
  });
  return {svg, readings};
}

/** `.50`: a zero before the point in each cell would only fill it. */
function shortNumber(value: number): string {
  return formatNumber(value).replace(/^(−?)0\./, "$1.");
}

function titleOf(a: Rater, b: Rater, row: AgreementRow): string {
  return `${a.title} · ${b.title}\nκ ${estimateText(row)}\nn = ${formatCount(row.n)} rows that both rated`;
}

function altText(raters: Rater[], pairs: Pairs): string {
  const known = raters.flatMap((a, i) =>
    raters.slice(0, i).flatMap((b) => {
      const row = pairs.get(`${a.id} ${b.id}`);
      return row ? [{a, b, row}] : [];
    })
  );
  const sorted = known.sort((x, y) => x.row.value! - y.row.value!);
  const say = ({a, b, row}: (typeof known)[number]) => `${b.title} and ${a.title} (${estimateText(row)})`;
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (known.length === 1) return `Agreement of ${say(least)}.`;
  return `Of ${known.length} pairs the two that agree most are ${say(most)}, the least ${say(least)}.`;
}
