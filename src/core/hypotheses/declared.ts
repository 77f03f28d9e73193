/** Hypotheses as the study declares them, with every name resolved and every default filled in. */
import {armId, crossArms} from "../arms.js";
import type {VerdictRow} from "../cubes.js";
import {hypothesisTitle} from "../sentences/hypotheses.js";
import type {HypothesisConfig, Study} from "../study.js";

/** One hypothesis, ready to be judged: arms are whole ids, `over` and `title` are decided. */
export type DeclaredHypothesis = Pick<
  VerdictRow,
  | "id"
  | "title"
  | "arm"
  | "against"
  | "corpus"
  | "axis"
  | "measure"
  | "direction"
  | "test"
  | "over"
  | "smallest"
>;

/** All hypotheses of a study, and how they are judged together. */
export interface Declaration {
  hypotheses: DeclaredHypothesis[];
  correction: VerdictRow["correction"];
  alpha: number;
}

/** The study's hypotheses, in its order. The study must be free of contradictions. */
export function declaredHypotheses(study: Study): Declaration {
  return {
    hypotheses: study.hypotheses.map((hypothesis) => resolve(hypothesis, study)),
    correction: study.correction,
    alpha: study.alpha
  };
}

function resolve(config: HypothesisConfig, study: Study): DeclaredHypothesis {
  const {id, measure, direction, corpus, axis, test} = config;
  const declared = {
    id,
    arm: onlyArm(config.arm, study),
    against: onlyArm(config.against, study),
    corpus,
    axis,
    measure,
    direction,
    test,
    over: overOf(config, study),
    smallest: config.smallest ?? null
  };
  return {...declared, title: config.title ?? hypothesisTitle(declared)};
}

/** Tests over rows or settings take the trained models as given; the others cover trainings where seeds allow it. */
function overOf({test, over}: HypothesisConfig, {seeds}: Study): VerdictRow["over"] {
  if (test !== "interval" && test !== "permutation") return "dialogues";
  return over ?? (seeds.length > 1 ? "trainings" : "dialogues");
}

/**
 * Ids of the study's arms that a name may mean: all arms of a mode with the study's first token budget, or the one
 * whose whole id it is. Empty where the study trains none.
 */
export function armsNamed(name: string, {arms}: Pick<Study, "arms">): string[] {
  return crossArms(arms)
    .filter((arm) => (arm.mode === name && arm.tokens === undefined) || armId(arm) === name)
    .map(armId);
}

function onlyArm(name: string, study: Study): string {
  const [arm, second] = armsNamed(name, study);
  if (arm === undefined || second !== undefined)
    throw new RangeError(`“${name}” names ${arm === undefined ? "no" : "more than one"} arm of the study`);
  return arm;
}
