/**
 * An arm is mode × order × loss reduction. One identity everywhere: its id in files, its order in figures.
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

export const REDUCTIONS = ["token-mean", "part-mean"] as const;
/** How token losses become one number: over all completion tokens, or label part and explanation part apart. */
export type Reduction = (typeof REDUCTIONS)[number];

export interface Arm {
  mode: Mode;
  order: Order;
  reduction: Reduction;
}

/** What a study file says of its arms: a crossing, and single arms besides. */
export interface ArmPlan {
  modes: Mode[];
  orders: Order[];
  reductions: Reduction[];
  also: Arm[];
}

/** The arm that every effect is measured against. Order and reduction coincide where there is no explanation. */
export const LABEL_ONLY: Arm = {mode: "label-only", order: "label-first", reduction: "token-mean"};

/** `explanation.label-first.part-mean`; `label-only` alone, since its order and reduction coincide. */
export function armId({mode, order, reduction}: Arm): string {
  return mode === "label-only" ? mode : `${mode}.${order}.${reduction}`;
}

/** The inverse of {@link armId}. Throws a RangeError on text that is no arm id. */
export function parseArm(id: string): Arm {
  if (id === "label-only") return LABEL_ONLY;
  const [mode, order, reduction, rest] = id.split(".");
  const arm = {mode, order, reduction} as Arm;
  if (
    rest !== undefined ||
    !MODES.includes(arm.mode) ||
    !ORDERS.includes(arm.order) ||
    !REDUCTIONS.includes(arm.reduction)
  )
    throw new RangeError(
      `“${id}” is no arm id; expected mode.order.reduction, such as shuffled.label-first.token-mean`
    );
  return arm;
}

/** All arms of a plan in figure order, each once; label-only is always among them, since effects need it. */
export function crossArms({modes, orders, reductions, also}: ArmPlan): Arm[] {
  const crossed = modes.flatMap((mode) =>
    orders.flatMap((order) => reductions.map((reduction) => ({mode, order, reduction})))
  );
  const byId = new Map(
    [LABEL_ONLY, ...crossed, ...also].map((arm) => [armId(arm), arm.mode === "label-only" ? LABEL_ONLY : arm])
  );
  return [...byId.values()].sort(compareArms);
}

/** Figure order: by mode, then order, then reduction. */
export function compareArms(a: Arm, b: Arm): number {
  return (
    MODES.indexOf(a.mode) - MODES.indexOf(b.mode) ||
    ORDERS.indexOf(a.order) - ORDERS.indexOf(b.order) ||
    REDUCTIONS.indexOf(a.reduction) - REDUCTIONS.indexOf(b.reduction)
  );
}
