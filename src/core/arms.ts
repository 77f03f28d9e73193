/**
 * An arm is mode × order × loss reduction × token budget. One identity everywhere: its id in files, its order in figures.
 */

/** The modes, in the order in which every figure shows them: from meaning towards none, filler apart. */
export const MODES = [
  "label-only",
  "explanation",
  "key-words",
  "mismatched",
  "shuffled",
  "bag-of-words",
  "random-vocabulary",
  "filler"
] as const;
/** What stands in the explanation's place when training. */
export type Mode = (typeof MODES)[number];

export const ORDERS = ["label-first", "explanation-first"] as const;
/** Whether the label or the explanation comes first in the completion. */
export type Order = (typeof ORDERS)[number];

export const REDUCTIONS = ["token-mean", "example-mean", "part-mean"] as const;
/**
 * How token losses become one number: over all completion tokens of a step, over those of each example and then over
 * examples, or over label part and explanation part apart.
 */
export type Reduction = (typeof REDUCTIONS)[number];

/** What a token budget is written as: as the mode makes it, as long as the real explanation, or so many tokens at most. */
export const TOKEN_BUDGET = /^(free|matched|[1-9]\d*)$/;

/**
 * One way to train. `tokens` is the token budget of its texts where that is not the study's first: `free`, `matched`
 * or a number. Absent for the first, so that a study's arms keep their ids when budgets are added.
 */
export interface Arm {
  mode: Mode;
  order: Order;
  reduction: Reduction;
  tokens?: string;
}

/** A token budget as a study file gives it. */
export type Tokens = "free" | "matched" | number;

/** What a study file says of its arms: a crossing, and single arms besides. No budget means `matched`. */
export interface ArmPlan {
  modes: Mode[];
  orders: Order[];
  reductions: Reduction[];
  tokens?: Tokens | Tokens[];
  also: (Omit<Arm, "tokens"> & {tokens?: Tokens})[];
}

/** The arm that every effect is measured against. Order and reduction coincide where there is no explanation. */
export const LABEL_ONLY: Arm = {mode: "label-only", order: "label-first", reduction: "token-mean"};

/**
 * `explanation.label-first.part-mean`, with `.t8`, `.free` or `.matched` after it for another budget than the study's
 * first; `label-only` alone, since order, reduction and budget coincide there.
 */
export function armId({mode, order, reduction, tokens}: Arm): string {
  if (mode === "label-only") return mode;
  const id = `${mode}.${order}.${reduction}`;
  return tokens ? `${id}.${Number.isNaN(Number(tokens)) ? tokens : `t${tokens}`}` : id;
}

/** The inverse of {@link armId}. Throws a RangeError on text that is no arm id. */
export function parseArm(id: string): Arm {
  if (id === "label-only") return LABEL_ONLY;
  const [mode, order, reduction, budget, rest] = id.split(".");
  const tokens = budget?.replace(/^t(?=\d)/, "");
  const arm = {mode, order, reduction, ...(tokens === undefined ? {} : {tokens})} as Arm;
  if (
    rest !== undefined ||
    armId(arm) !== id ||
    (tokens !== undefined && !TOKEN_BUDGET.test(tokens)) ||
    !MODES.includes(arm.mode) ||
    !ORDERS.includes(arm.order) ||
    !REDUCTIONS.includes(arm.reduction)
  )
    throw new RangeError(
      `“${id}” is no arm id; expected mode.order.reduction, such as shuffled.label-first.token-mean`
    );
  return arm;
}

/** A study's token budgets as text, each once, in its order; 0 is left out, since it is label-only. */
export function budgetsOf({tokens = "matched"}: Pick<ArmPlan, "tokens">): string[] {
  return [...new Set([tokens].flat().filter((budget) => budget !== 0))].map(String);
}

/** The budget that the study's arms have where they name none; `0` where it asks for no text at all. */
export function firstBudget(plan: Pick<ArmPlan, "tokens">): string {
  return budgetsOf(plan)[0] ?? "0";
}

/**
 * All arms of a plan in figure order, each once; label-only is always among them, since effects need it. An arm of 0
 * tokens is label-only.
 */
export function crossArms(plan: ArmPlan): Arm[] {
  const first = firstBudget(plan);
  const budgets = budgetsOf(plan);
  const arms = [
    ...plan.modes.flatMap((mode) =>
      plan.orders.flatMap((order) =>
        plan.reductions.flatMap((reduction) => budgets.map((tokens) => ({mode, order, reduction, tokens})))
      )
    ),
    ...plan.also.map((arm) => ({...arm, tokens: String(arm.tokens ?? first)}))
  ].map(({tokens, ...arm}): Arm => {
    if (arm.mode === "label-only" || tokens === "0") return LABEL_ONLY;
    return tokens === first ? arm : {...arm, tokens};
  });
  return [...new Map([LABEL_ONLY, ...arms].map((arm) => [armId(arm), arm])).values()].sort(compareArms);
}

/** Figure order: by mode, then order, then reduction, then budget: the study's first, numbers, matched, free. */
export function compareArms(a: Arm, b: Arm): number {
  return (
    MODES.indexOf(a.mode) - MODES.indexOf(b.mode) ||
    ORDERS.indexOf(a.order) - ORDERS.indexOf(b.order) ||
    REDUCTIONS.indexOf(a.reduction) - REDUCTIONS.indexOf(b.reduction) ||
    compareBudgets(a.tokens, b.tokens)
  );
}

/** The study's first budget (absent or empty), then numbers, then matched, then free. */
export function compareBudgets(a = "", b = ""): number {
  return budgetRank(a) - budgetRank(b);
}

function budgetRank(tokens: string): number {
  return {"": -1, matched: Number.MAX_SAFE_INTEGER, free: Number.MAX_VALUE}[tokens] ?? Number(tokens);
}
