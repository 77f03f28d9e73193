/** What became of the questions to each judge: shares of those that ended without a usable vote, by the reason. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {JudgeCallRow} from "../core/cubes.js";
import {formatCount, formatCounted, formatNumber} from "../core/format.js";
import {promptTitle, raterOf} from "../core/judging/raters.js";
import {VOTE_STATUSES} from "../core/judging/votes.js";
import type {VoteStatus} from "../core/judging/votes.js";
import type {Selection} from "../core/selection.js";
import {add, sheet} from "./elements.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame, wrap} from "./frame.js";
import {round} from "./interval-panels.js";
import {BAR, INK, MUTED, RULE} from "./marks.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "judgeCalls" | "votes">;

/** A reason for which a vote is not usable, or all of them. */
type Reason = Exclude<VoteStatus, "scored"> | "all";

interface Drawn {
  svg: SVGSVGElement;
  readings: Reading[];
}

/** One judge with one prompt; or, where `prompt` is empty, with all; all judges where `judge` is empty too. */
interface ReplyRow {
  judge: string;
  prompt: string;
  title: string;
  questions: number;
  attempts: number;
  votes: Map<VoteStatus, number>;
}

const TITLE = "Questions that ended without a usable vote";

export const STATUS_TITLES: Record<VoteStatus, string> = {
  scored: "Scored",
  refused: "Refused",
  empty: "Empty",
  "cut-off": "Cut off",
  unreadable: "Unreadable",
  "out-of-scale": "Out of scale",
  failed: "No reply"
};

export function judgeReplies(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const rows = replyRows(cubes, selection, isNarrow(options));
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason: "No judge was asked about this selection, so there are no replies to count."
    });
  const judges = rows.filter(({judge, prompt}) => judge !== "" && prompt === "");
  const sum = (of: (row: ReplyRow) => number) => judges.reduce((total, row) => total + of(row), 0);
  const questions = sum((row) => row.questions);
  const statuses = VOTE_STATUSES.filter(
    (status): status is Exclude<VoteStatus, "scored"> =>
      status !== "scored" && rows.some(({votes}) => (votes.get(status) ?? 0) > 0)
  );
  const reasons: Reason[] = ["all", ...(statuses.length > 1 ? statuses : [])];
  const drawn = (isNarrow(options) ? drawBlocks : drawColumns)(options, rows, reasons);
  const again = sum((row) => row.attempts - row.questions);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `% of questions after the last attempt; ${scopeTitle(cubes, selection)}; ${formatCounted(questions, "question")}, ${formatCount(again)} more ${again === 1 ? "reply" : "replies"} to questions asked again`,
    note: "One scale for all. A question without a usable vote counts as missing: no score is made up for it.",
    alt: altText(judges, statuses, questions),
    panels: [
      {
        svg: drawn.svg,
        readings: () => drawn.readings,
        rows: () =>
          rows.flatMap(({judge, prompt, questions, votes}) =>
            [...votes].map(([status, count]) => ({judge, prompt, status, votes: count, questions}))
          )
      }
    ]
  });
}

/** All judges where there are several; then a row a judge over its prompts, followed by its prompts where it has several and the drawing has room. */
function replyRows({judgeCalls, votes}: Cubes, {corpus, axis}: Selection, narrow: boolean): ReplyRow[] {
  const calls = judgeCalls.filter(
    (row) =>
      (corpus === "all" ? row.corpus !== "all" : row.corpus === corpus) &&
      (axis === "all" ? row.axis !== "all" : row.axis === axis)
  );
  const judges = [...new Set(calls.map(({judge}) => judge))];
  const together = sumOf(calls, {judge: "", prompt: "", title: "All judges"});
  const byJudge = judges.flatMap((judge) => {
    const own = calls.filter((row) => row.judge === judge);
    const prompts = [...new Set(own.map(({prompt}) => prompt))];
    const all = sumOf(own, {judge, prompt: "", title: raterOf(votes, judge).title});
    if (prompts.length < 2 || narrow) return [all];
    const parts = prompts.map((prompt) =>
      sumOf(
        own.filter((row) => row.prompt === prompt),
        {judge, prompt, title: promptTitle(prompt)}
      )
    );
    return [all, ...parts];
  });
  return judges.length > 1 ? [together, ...byJudge] : byJudge;
}

function sumOf(calls: JudgeCallRow[], names: Pick<ReplyRow, "judge" | "prompt" | "title">): ReplyRow {
  const votes = new Map<VoteStatus, number>();
  for (const call of calls) votes.set(call.status, (votes.get(call.status) ?? 0) + call.votes);
  const questions = [...votes.values()].reduce((a, b) => a + b, 0);
  return {...names, votes, questions, attempts: calls.reduce((sum, call) => sum + call.attempts, 0)};
}

/** Share of a row's questions that ended with a status, or, for `all`, without a usable vote. */
function shareOf(row: ReplyRow, reason: Reason): number {
  return row.questions === 0 ? 0 : countOf(row, reason) / row.questions;
}

function countOf({votes, questions}: ReplyRow, reason: Reason): number {
  return reason === "all" ? questions - (votes.get("scored") ?? 0) : (votes.get(reason) ?? 0);
}

const [ROW, HEAD, NUMBER] = [20, 34, 30];
/** Of the names of reasons on a narrow page. */
const REASONS = 96;

interface Bar {
  x: number;
  /** Its middle. */
  y: number;
  length: number;
  share: number;
  title: string;
}

/** A column a reason, on one scale. */
function drawColumns(options: FigureOptions, rows: ReplyRow[], reasons: Reason[]): Drawn {
  const {width, document} = options;
  const longest = Math.max(...rows.map(({title, prompt}) => title.length + (prompt ? 3 : 0)));
  const gutter = Math.min(width * 0.3, longest * 6.6 + 12);
  const step = (width - gutter) / reasons.length;
  const most = mostOf(rows, reasons);
  const gaps = rows.map(({prompt}, i): number => (i > 0 && prompt === "" ? 8 : 0));
  const tops = gaps.map((_, i) => HEAD + i * ROW + gaps.slice(0, i + 1).reduce((a, b) => a + b, 0));
  const svg = sheet(width, tops.at(-1)! + ROW + 8, document);
  const texts = add(svg, "g", {"text-anchor": "start", fill: MUTED, "font-size": 12});
  let zeros = "";
  reasons.forEach((reason, s) => {
    const x = gutter + s * step;
    const lines = wrap(reasonTitle(reason), step - 6, 12);
    lines.forEach((line, i) =>
      add(texts, "text", {x, y: HEAD - 8 - 14 * (lines.length - 1 - i), "font-weight": 600, fill: INK}, line)
    );
    zeros += `M${round(x)},${HEAD - 2}V${tops.at(-1)! + ROW}`;
  });
  const bars = rows.flatMap((row, i) => {
    const y = tops[i]! + ROW / 2;
    const name = {x: row.prompt ? 14 : 0, y: y + 4, "font-weight": row.prompt ? null : 600};
    add(texts, "text", {...name, fill: row.prompt ? MUTED : INK}, clipped(row.title, gutter - 8));
    return reasons.map((reason, s) =>
      barOf(row, reason, {x: gutter + s * step, y, room: step - NUMBER - 8, most})
    );
  });
  return {svg, readings: drawBars(svg, texts, bars, {zeros, reach: step - 4})};
}

/** A block a judge with a line a reason, where columns would have no room for their heads. */
function drawBlocks(options: FigureOptions, rows: ReplyRow[], reasons: Reason[]): Drawn {
  const {width, document} = options;
  const most = mostOf(rows, reasons);
  const block = ROW * (reasons.length + 1) + 10;
  const svg = sheet(width, rows.length * block, document);
  const texts = add(svg, "g", {"text-anchor": "start", fill: MUTED, "font-size": 12});
  let zeros = "";
  const bars = rows.flatMap((row, i) => {
    const top = i * block;
    add(texts, "text", {x: 0, y: top + 14, "font-weight": 600, fill: INK}, clipped(row.title, width));
    zeros += `M${REASONS},${top + ROW}V${top + ROW * (reasons.length + 1)}`;
    return reasons.map((reason, s) => {
      const y = top + ROW * (s + 1.5);
      add(texts, "text", {x: 10, y: y + 4}, reasonTitle(reason));
      return barOf(row, reason, {x: REASONS, y, room: width - REASONS - NUMBER - 8, most});
    });
  });
  return {svg, readings: drawBars(svg, texts, bars, {zeros, reach: width - REASONS})};
}

function mostOf(rows: ReplyRow[], reasons: Reason[]): number {
  return Math.max(0.001, ...rows.flatMap((row) => reasons.map((reason) => shareOf(row, reason))));
}

function barOf(
  row: ReplyRow,
  reason: Reason,
  {x, y, room, most}: {x: number; y: number; room: number; most: number}
): Bar {
  const share = shareOf(row, reason);
  const said = `${shareText(share)} %: ${formatCount(countOf(row, reason))} of ${formatCounted(row.questions, "question")}`;
  const title = `${row.prompt ? `${row.judge}, ` : ""}${row.title} · ${reasonTitle(reason)}\n${said}`;
  return {x, y, length: (share / most) * room, share, title};
}

/** One path for all bars, their numbers, and what each is in words. */
function drawBars(
  svg: SVGSVGElement,
  texts: Element,
  bars: Bar[],
  {zeros, reach}: {zeros: string; reach: number}
): Reading[] {
  const shapes = bars.map(({x, y, length, share}) =>
    share > 0 ? `M${round(x)},${y - 5}h${round(Math.max(1, length))}v10H${round(x)}Z` : ""
  );
  add(svg, "path", {class: "zero", d: zeros, stroke: RULE});
  add(svg, "path", {class: "bar", d: shapes.join(""), fill: BAR});
  const isUsable = bars.every(({share}) => share === 0);
  for (const {x, y, length, share} of bars) {
    const text = isUsable ? "all usable" : shareText(share);
    add(texts, "text", {x: round(x + length + 4), y: y + 4, "font-size": 11}, text);
  }
  return bars.map(({x, y, title}) => ({x: x + reach / 2, y, width: reach, height: ROW, title}));
}

function reasonTitle(reason: Reason): string {
  return reason === "all" ? "All" : STATUS_TITLES[reason];
}

function clipped(text: string, width: number): string {
  const room = Math.floor(width / 6.4);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** `0`, `0.4`, `12`. */
function shareText(share: number): string {
  return share === 0 ? "0" : formatNumber(share * 100, share < 0.0995 ? 1 : 0);
}

function altText(rows: ReplyRow[], statuses: Exclude<VoteStatus, "scored">[], questions: number): string {
  const said = rows.map((row) => {
    const unusable = shareOf(row, "all");
    const reasons = statuses
      .filter((status) => shareOf(row, status) > 0)
      .map((status) => `${STATUS_TITLES[status].toLowerCase()} ${shareText(shareOf(row, status))} %`);
    return `${row.title}: ${shareText(unusable)} %${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`;
  });
  return `Of ${formatCounted(questions, "question")} ended without a usable vote: ${said.join("; ")}.`;
}
