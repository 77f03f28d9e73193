/** Hypotheses that a study's other keys contradict, or that ask of a test what it can't do. */
import {armId, crossArms, firstBudget} from "../../src/core/arms.js";
import type {BadInput} from "../../src/core/bad-input.js";
import type {Setting} from "../../src/core/conversation.js";
import {armsNamed} from "../../src/core/hypotheses/declared.js";
import type {Study} from "../../src/core/study.js";
import {problem, settingsOf, type Checking} from "./checked-hypothesis.js";
import {nearest, type Place} from "./describe-issue.js";
import {findMeasureContradictions} from "./measure-contradictions.js";

/** Everything that is wrong with the study's hypotheses. `settings` are the corpus × axis that it judges. */
export function findHypothesisContradictions(study: Study, settings: Setting[], place: Place): BadInput[] {
  const ids = study.hypotheses.map(({id}) => id);
  return study.hypotheses.flatMap((hypothesis, i) => {
    const checking = {hypothesis, study, settings, place, path: ["hypotheses", i]};
    return [
      ...(ids.indexOf(hypothesis.id) < i
        ? [
            problem(
              checking,
              "id",
              "each id once",
              `“${hypothesis.id}” twice`,
              "Give one of them another id."
            )
          ]
        : []),
      ...unknownArm(checking, "arm"),
      ...unknownArm(checking, "against"),
      ...sameArm(checking),
      ...unknownPlace(checking),
      ...unfitTest(checking),
      ...unfitEquivalence(checking),
      ...findMeasureContradictions(checking),
      ...tooFewSeeds(checking)
    ];
  });
}

function unknownArm(checking: Checking, key: "arm" | "against"): BadInput[] {
  const {hypothesis, study} = checking;
  const name = hypothesis[key];
  const named = armsNamed(name, study);
  if (named.length === 1) return [];
  if (named.length > 1)
    return [
      problem(
        checking,
        key,
        `one arm: ${named.join(", ")}`,
        `“${name}”, which is all of them`,
        "Name one by its whole id."
      )
    ];
  const trained = crossArms(study.arms);
  const budgets = trained.filter(({mode}) => mode === name).map(armId);
  if (budgets.length > 0)
    return [
      problem(
        checking,
        key,
        `one arm: ${budgets.join(", ")}`,
        `“${name}”, which means the study's first token budget (${firstBudget(study.arms)})`,
        "Name one by its whole id."
      )
    ];
  const known = [...new Set([...trained.map(({mode}) => mode), ...trained.map(armId)])];
  const near = nearest(name, known);
  const mend = near ? `Did you mean “${near}”?` : "Add it under arms, or name another.";
  return [
    problem(
      checking,
      key,
      `an arm of the study (${trained.map(armId).join(", ")}), or its mode`,
      `“${name}”`,
      mend
    )
  ];
}

function sameArm(checking: Checking): BadInput[] {
  const {hypothesis, study} = checking;
  const [arm, against] = [armsNamed(hypothesis.arm, study), armsNamed(hypothesis.against, study)];
  if (arm.length !== 1 || against.length !== 1 || arm[0] !== against[0]) return [];
  return [
    problem(
      checking,
      "against",
      "another arm than `arm`",
      `${arm[0]} for both`,
      "Name the arm to compare with."
    )
  ];
}

function unknownPlace(checking: Checking): BadInput[] {
  const {hypothesis, study} = checking;
  const known = {corpus: Object.keys(study.corpora), axis: Object.keys(study.axes)};
  const unknown = (["corpus", "axis"] as const).filter(
    (key) => hypothesis[key] !== "all" && !known[key].includes(hypothesis[key])
  );
  const named = unknown.map((key) => {
    const near = nearest(hypothesis[key], known[key]);
    const expected = `all, or one of ${known[key].join(", ")}`;
    return problem(
      checking,
      key,
      expected,
      `“${hypothesis[key]}”`,
      near ? `Did you mean “${near}”?` : "Name one of these."
    );
  });
  if (named.length > 0 || settingsOf(checking).length > 0) return named;
  const found = `no ${hypothesis.axis} labels for ${hypothesis.corpus}`;
  return [
    problem(
      checking,
      "axis",
      `an axis that ${hypothesis.corpus} is judged on`,
      found,
      "Name another axis or corpus."
    )
  ];
}

function unfitTest(checking: Checking): BadInput[] {
  const {test, measure, over} = checking.hypothesis;
  const found: BadInput[] = [];
  if (test === "mcnemar" && measure !== "accuracy")
    found.push(
      problem(
        checking,
        "test",
        "measure accuracy with test mcnemar, which counts right and wrong rows",
        measure,
        "Use test: permutation, or test: interval."
      )
    );
  if ((test === "sign" || test === "wilcoxon") && settingsOf(checking).length < 2)
    found.push(
      problem(
        checking,
        "test",
        `two settings at least for test ${test}, which compares settings' effects`,
        "one setting",
        "Use test: permutation, or leave out corpus or axis."
      )
    );
  if (over !== undefined && test !== "interval" && test !== "permutation")
    found.push(
      problem(
        checking,
        "over",
        "test interval or permutation, which can be made over either",
        `test ${test}`,
        "Leave out over."
      )
    );
  return found;
}

function unfitEquivalence(checking: Checking): BadInput[] {
  const {direction, smallest, test} = checking.hypothesis;
  if (direction !== "equivalent") return [];
  const found: BadInput[] = [];
  if (smallest === undefined)
    found.push(
      problem(
        checking,
        "direction",
        "smallest beside direction equivalent: how large a difference would matter",
        "none",
        "Add smallest, in the measure's unit; 0.02 is two points of accuracy."
      )
    );
  if (test !== "interval")
    found.push(
      problem(
        checking,
        "test",
        "test interval with direction equivalent (two one-sided tests)",
        `test ${test}`,
        "Leave out test."
      )
    );
  return found;
}

function tooFewSeeds(checking: Checking): BadInput[] {
  const {hypothesis, study} = checking;
  if (hypothesis.over !== "trainings" || study.seeds.length > 1) return [];
  return [
    problem(
      checking,
      "over",
      "two seeds at least for over: trainings",
      "one seed",
      "Add seeds, or say over: dialogues."
    )
  ];
}
