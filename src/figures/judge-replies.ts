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
import {INK, MUTED, RULE} from "./marks.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "judgeCalls" | "votes">;

/** One judge with one prompt; or, where `prompt` is empty, with all. */
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
  const total = rows.filter(({prompt}) => prompt === "");
  const questions = total.reduce((sum, row) => sum + row.questions, 0);
  const statuses = VOTE_STATUSES.filter(
    (status) => status !== "scored" && rows.some(({votes}) => (votes.get(status) ?? 0) > 0)
  );
  const drawn = drawRows(options, rows, statuses);
  const again = total.reduce((sum, row) => sum + row.attempts - row.questions, 0);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `% of questions after the last attempt; ${scopeTitle(cubes, selection)}; ${formatCounted(questions, "question")}, ${formatCount(again)} asked again`,
    note: "One scale for all. A question without a usable vote counts as missing: no score is made up for it.",
    alt: altText(total, statuses, questions),
    panels: [{svg: drawn.svg, readings: () => drawn.readings}]
  });
}

/** A row a judge over its prompts, followed by its prompts where it has several and the drawing has room. */
function replyRows({judgeCalls, votes}: Cubes, {corpus, axis}: Selection, narrow: boolean): ReplyRow[] {
  const calls = judgeCalls.filter(
    (row) =>
      (corpus === "all" ? row.corpus !== "all" : row.corpus === corpus) &&
      (axis === "all" ? row.axis !== "all" : row.axis === axis)
  );
  const judges = [...new Set(calls.map(({judge}) => judge))];
  return judges.flatMap((judge) => {
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
}

function sumOf(calls: JudgeCallRow[], names: Pick<ReplyRow, "judge" | "prompt" | "title">): ReplyRow {
  const votes = new Map<VoteStatus, number>();
  for (const call of calls) votes.set(call.status, (votes.get(call.status) ?? 0) + call.votes);
  const questions = [...votes.values()].reduce((a, b) => a + b, 0);
  return {...names, votes, questions, attempts: calls.reduce((sum, call) => sum + call.attempts, 0)};
}

const shareOf = ({votes, questions}: ReplyRow, status: VoteStatus) =>
  questions === 0 ? 0 : (votes.get(status) ?? 0) / questions;

const [ROW, HEAD, NUMBER] = [20, 34, 30];

/** A column a reason, on one scale; one path for all bars. */
function drawRows(
  {width, document}: FigureOptions,
  rows: ReplyRow[],
  statuses: VoteStatus[]
): {svg: SVGSVGElement; readings: Reading[]} {
  const longest = Math.max(...rows.map(({title, prompt}) => title.length + (prompt ? 3 : 0)));
  const gutter = Math.min(width * 0.3, longest * 6.6 + 12);
  const columns = Math.max(1, statuses.length);
  const step = (width - gutter) / columns;
  const most = Math.max(0.001, ...rows.flatMap((row) => statuses.map((status) => shareOf(row, status))));
  const gaps = rows.map(({prompt}, i): number =>
    i > 0 && prompt === "" && rows.some((row) => row.prompt) ? 8 : 0
  );
  const tops = gaps.map((_, i) => HEAD + i * ROW + gaps.slice(0, i + 1).reduce((a, b) => a + b, 0));
  const svg = sheet(width, tops.at(-1)! + ROW + 8, document);
  const readings: Reading[] = [];
  let [bars, zeros] = ["", ""];
  const texts = add(svg, "g", {"text-anchor": "start", fill: MUTED, "font-size": 12});
  statuses.forEach((status, s) => {
    const x = gutter + s * step;
    const lines = wrap(STATUS_TITLES[status], step - 6, 12);
    lines.forEach((line, i) =>
      add(texts, "text", {x, y: HEAD - 8 - 14 * (lines.length - 1 - i), "font-weight": 600, fill: INK}, line)
    );
    zeros += `M${round(x)},${HEAD - 2}V${tops.at(-1)! + ROW}`;
  });
  rows.forEach((row, i) => {
    const middle = tops[i]! + ROW / 2;
    const name = {x: row.prompt ? 14 : 0, y: middle + 4, "font-weight": row.prompt ? null : 600};
    add(texts, "text", {...name, fill: row.prompt ? MUTED : INK}, clipped(row.title, gutter - 8));
    if (statuses.length === 0) add(texts, "text", {x: gutter, y: middle + 4}, "all usable");
    statuses.forEach((status, s) => {
      const share = shareOf(row, status);
      const x = gutter + s * step;
      const length = (share / most) * (step - NUMBER - 8);
      if (share > 0) bars += `M${round(x)},${middle - 5}h${round(Math.max(1, length))}v10H${round(x)}Z`;
      add(texts, "text", {x: round(x + length + 4), y: middle + 4, "font-size": 11}, shareText(share));
      readings.push({
        ...{x: x + step / 2, y: middle, width: step - 4, height: ROW},
        title: `${row.prompt ? `${row.judge}, ` : ""}${row.title} · ${STATUS_TITLES[status]}\n${shareText(share)} %: ${formatCount(row.votes.get(status) ?? 0)} of ${formatCounted(row.questions, "question")}`
      });
    });
  });
  add(svg, "path", {class: "zero", d: zeros, stroke: RULE});
  add(svg, "path", {class: "bar", d: bars, fill: MUTED, "fill-opacity": 0.65});
  return {svg, readings};
}

function clipped(text: string, width: number): string {
  const room = Math.floor(width / 6.4);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** `0`, `0.4`, `12`. */
function shareText(share: number): string {
  return share === 0 ? "0" : formatNumber(share * 100, share < 0.0995 ? 1 : 0);
}

function altText(rows: ReplyRow[], statuses: VoteStatus[], questions: number): string {
  const said = rows.map((row) => {
    const unusable = 1 - shareOf(row, "scored");
    const reasons = statuses
      .filter((status) => shareOf(row, status) > 0)
      .map((status) => `${STATUS_TITLES[status].toLowerCase()} ${shareText(shareOf(row, status))} %`);
    return `${row.title}: ${shareText(unusable)} %${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`;
  });
  return `Of ${formatCounted(questions, "question")} ended without a usable vote: ${said.join("; ")}.`;
}
