/** Hypotheses that ask of a measure what it can't say: found before anything is trained. */
import type {BadInput} from "../../src/core/bad-input.js";
import {betterSign, measureOf, type Measure} from "../../src/core/measures.js";
import {problem, settingsOf, type Checking} from "./checked-hypothesis.js";

/** Everything that is wrong between a hypothesis and its measure. */
export function findMeasureContradictions(checking: Checking): BadInput[] {
  return [...undefinedThere(checking), ...withoutBetterSide(checking), ...largerThanPossible(checking)];
}

/** A measure over axes that it can't be pooled over would leave the hypothesis untestable. */
function undefinedThere(checking: Checking): BadInput[] {
  const {hypothesis, study} = checking;
  const {id, pools} = measureOf(hypothesis.measure);
  const axes = [...new Set(settingsOf(checking).map(({axis}) => axis))];
  if (definedOver(pools, axes, study.axes)) return [];
  const possible = Object.keys(study.axes).filter((axis) => definedOver(pools, [axis], study.axes));
  const here = hypothesis.axis === "all" ? possible.filter((axis) => axes.includes(axis)) : possible;
  const mend =
    here.length === 0
      ? "It is defined on none of these axes: use another measure, such as accuracy."
      : `Name an axis that it is defined on (${here.join(", ")}), or use another measure, such as accuracy.`;
  const found = axes.map(
    (axis) => `${axis} (${study.axes[axis]!.kind}, ${study.axes[axis]!.labels.length} labels)`
  );
  return [problem(checking, "measure", `${NEEDS[pools]} for measure ${id}`, found.join(", "), mend)];
}

const NEEDS: Record<Measure["pools"], string> = {
  any: "any axes",
  ordinal: "ordinal axes only",
  "same-labels": "one axis, or axes with the same labels,",
  "same-ordinal": "one ordinal axis, or ordinal axes with the same labels,"
};

/** Whether a measure has a value in a cell that pools these axes, as the tables decide it. */
function definedOver(pools: Measure["pools"], axes: string[], known: Checking["study"]["axes"]): boolean {
  const judged = axes.flatMap((axis) => known[axis] ?? []);
  const ordinal = judged.every(({kind}) => kind === "ordinal");
  const same = new Set(judged.map(({labels}) => JSON.stringify(labels))).size <= 1;
  return {any: true, ordinal, "same-labels": same, "same-ordinal": ordinal && same}[pools];
}

/** Where zero is best, a difference alone doesn't say which arm is closer to it. */
function withoutBetterSide(checking: Checking): BadInput[] {
  const {measure, direction} = checking.hypothesis;
  if (betterSign(measure) !== 0 || (direction !== "better" && direction !== "worse")) return [];
  return [
    problem(
      checking,
      "direction",
      `different or equivalent for measure ${measure}, of which values close to zero are best`,
      direction,
      "Use another direction, or a measure with a better side, such as ece."
    )
  ];
}

/** A difference is smaller than the width of the measure's domain. Usually points were meant. */
function largerThanPossible(checking: Checking): BadInput[] {
  const {smallest, measure} = checking.hypothesis;
  const [lowest, highest] = measureOf(measure).domain;
  if (smallest === undefined || highest === null || smallest < highest - lowest) return [];
  const hundredth = Number((smallest / 100).toPrecision(6));
  const mend =
    hundredth < highest - lowest
      ? `Did you mean ${hundredth}? It is in the measure's unit: 0.02 is two points of accuracy.`
      : "Give it in the measure's unit: 0.02 is two points of accuracy.";
  return [
    problem(
      checking,
      "smallest",
      `a difference below ${highest - lowest}, the largest that there can be in ${measure}`,
      `${smallest}`,
      mend
    )
  ];
}
