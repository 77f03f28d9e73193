/** What judging cost, judge by judge: questions, attempts, tokens, and money where prices are known. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {JudgeCallRow} from "../core/cubes.js";
import {MISSING, formatCount, formatNumber} from "../core/format.js";
import {textElement} from "./dialogue.js";
import {dataTable} from "./tables.js";

interface CostRow {
  title: string;
  model: string;
  questions: number;
  attempts: number;
  input: number;
  output: number;
  cost: number | null;
}

/** A table with a row a judge and one for all, and what is to be said of it. Nothing where no judge was asked. */
export function judgeCosts({judgeCalls, votes}: Pick<AllCubes, "judgeCalls" | "votes">): HTMLElement[] {
  if (judgeCalls.length === 0) return [];
  const judges = [...new Set(judgeCalls.map(({judge}) => judge))];
  const rows = judges.map((id) => {
    const judge = votes.judges.find((each) => each.id === id);
    return costOf(
      judgeCalls.filter((call) => call.judge === id),
      {title: judge?.title ?? id, model: judge?.model ?? ""}
    );
  });
  const all = costOf(judgeCalls, {title: "All", model: ""});
  const unpriced = rows.filter(({cost}) => cost === null).map(({title}) => title);
  const known = rows.reduce((sum, {cost}) => sum + (cost ?? 0), 0);
  const money = (cost: number) => `${formatNumber(cost, 2)} ${votes.currency}`;
  const costText = (row: CostRow) => {
    if (row.cost !== null) return money(row.cost);
    return row === all && unpriced.length < rows.length ? `≥ ${money(known)}` : "not known";
  };
  const table = dataTable(
    rows.length > 1 ? [...rows, all] : rows,
    [
      {title: "Judge", text: ({title}) => title},
      {title: "Model", text: ({model}) => model || MISSING},
      {title: "Questions", text: ({questions}) => formatCount(questions), number: true},
      {title: "Attempts", text: ({attempts}) => formatCount(attempts), number: true},
      {title: "Prompt tokens", text: ({input}) => formatCount(input), number: true},
      {title: "Reply tokens", text: ({output}) => formatCount(output), number: true},
      {title: "Cost", text: costText, number: true}
    ],
    {name: "What judging cost"}
  );
  const note =
    unpriced.length === 0
      ? "Money as the study’s prices have it; services bill by their own count."
      : unpriced.length === rows.length
        ? "The study names no prices, so that only tokens are counted."
        : `The study names no price for ${unpriced.join(", ")}: what is known is the least that all cost.`;
  return [table, textElement("p", note)];
}

/** Unknown as soon as any part of it is. */
function costOf(calls: JudgeCallRow[], names: Pick<CostRow, "title" | "model">): CostRow {
  const sum = (of: (call: JudgeCallRow) => number) => calls.reduce((total, call) => total + of(call), 0);
  return {
    ...names,
    questions: sum(({votes}) => votes),
    attempts: sum(({attempts}) => attempts),
    input: sum(({input_tokens}) => input_tokens),
    output: sum(({output_tokens}) => output_tokens),
    cost: calls.some(({cost, attempts}) => cost === null && attempts > 0) ? null : sum(({cost}) => cost ?? 0)
  };
}
