/** What no schema can say: parts of a study that contradict each other. */
import {BadInput} from "../../src/core/bad-input.js";
import type {CorpusConfig, Study} from "../../src/core/study.js";
import {nearest, whereIs} from "./describe-issue.js";
import type {Place} from "./describe-issue.js";
import {axesNamed, axesOfCorpus, EMBEDDED_AXES, labelsFrom} from "./corpus-axes.js";
import {findHypothesisContradictions} from "./hypothesis-contradictions.js";
import {findJudgingContradictions} from "./judging-contradictions.js";
import {findModelContradictions} from "./model-contradictions.js";

export {axesOfCorpus} from "./corpus-axes.js";

export function findContradictions(study: Study, place: Place): BadInput[] {
  const corpora = Object.entries(study.corpora);
  if (corpora.length === 0)
    return [problem(place, ["corpora"], "at least one corpus", "none", "Name one; see docs/own-data.md.")];
  const repeated = [
    ...Object.entries(study.axes).flatMap(([axis, {labels}]) =>
      twice(place, ["axes", axis, "labels"], labels)
    ),
    ...twice(place, ["seeds"], study.seeds),
    ...twice(place, ["arms", "tokens"], [study.arms.tokens].flat())
  ];
  const settings = corpora.flatMap(([id, corpus]) =>
    axesOfCorpus(corpus, study).map((axis) => ({corpus: id, axis}))
  );
  return [
    ...repeated,
    ...longBudgets(study, place),
    ...corpora.flatMap(([id, corpus]) => problemsOf(id, corpus, study, place)),
    ...findModelContradictions(study, place),
    ...findJudgingContradictions(study, place),
    ...findHypothesisContradictions(study, settings, place)
  ];
}

function twice(place: Place, path: PropertyKey[], values: (string | number)[]): BadInput[] {
  const repeated = values.find((value, i) => values.indexOf(value) !== i);
  if (repeated === undefined) return [];
  return [problem(place, path, "each value once", `${repeated} twice`, "Remove one.")];
}

/** Prompt, label and explanation share a sequence: an explanation can't be as long as all of it. */
function longBudgets({arms, training}: Study, place: Place): BadInput[] {
  const crossed = Array.isArray(arms.tokens)
    ? arms.tokens.map((tokens, i) => ({tokens, path: ["arms", "tokens", i]}))
    : [{tokens: arms.tokens, path: ["arms", "tokens"]}];
  const single = arms.also.map(({tokens}, i) => ({tokens, path: ["arms", "also", i, "tokens"]}));
  return [...crossed, ...single]
    .filter(({tokens}) => typeof tokens === "number" && tokens >= training.max_tokens)
    .map(({tokens, path}) =>
      problem(
        place,
        path,
        `a budget below training.max_tokens (${training.max_tokens}), which holds prompt, label and explanation`,
        `${tokens}`,
        "Lower it, or raise training.max_tokens."
      )
    );
}

function problemsOf(id: string, corpus: CorpusConfig, study: Study, place: Place): BadInput[] {
  return [
    ...unknownAxes(id, corpus, study, place),
    ...noAxis(id, corpus, study, place),
    ...badScales(id, corpus, study, place),
    ...explanationsMissing(id, corpus, study, place)
  ];
}

function unknownAxes(id: string, corpus: CorpusConfig, study: Study, place: Place): BadInput[] {
  const known = Object.keys(study.axes);
  return axesNamed(corpus)
    .filter(([, axis]) => !known.includes(axis))
    .map(([key, axis]) => {
      const near = nearest(axis, known);
      return problem(
        place,
        ["corpora", id, key, axis],
        `one of the study's axes (${known.join(", ")})`,
        `“${axis}”`,
        near ? `Did you mean “${near}”?` : "Name it under axes, or remove it here."
      );
    });
}

/** Corpora that bring no labels are looked at with the judges. */
function noAxis(id: string, corpus: CorpusConfig, study: Study, place: Place): BadInput[] {
  if (corpus.reader !== "embedded" || axesOfCorpus(corpus, study).length > 0) return [];
  return [
    problem(
      place,
      ["corpora", id],
      "labels for at least one of the study's axes",
      EMBEDDED_AXES.join(", "),
      "Name one of these under axes."
    )
  ];
}

function badScales(id: string, corpus: CorpusConfig, study: Study, place: Place): BadInput[] {
  const scores = "scores" in corpus ? (corpus.scores ?? {}) : {};
  return Object.entries(scores).flatMap(([axis, {scale, cuts}]) => {
    const path = ["corpora", id, "scores", axis];
    const labels = study.axes[axis]?.labels.length ?? 0;
    const found: BadInput[] = [];
    if (scale[0] >= scale[1])
      found.push(
        problem(
          place,
          [...path, "scale"],
          "the lowest score before the highest",
          JSON.stringify(scale),
          "Swap or correct them."
        )
      );
    if (cuts && labels > 0 && cuts.length !== labels - 1)
      found.push(
        problem(
          place,
          [...path, "cuts"],
          `${labels - 1} thresholds between ${labels} labels`,
          `${cuts.length}`,
          "Give one threshold between each two neighbouring labels."
        )
      );
    if (cuts?.some((cut, i) => i > 0 && cut <= cuts[i - 1]!))
      found.push(
        problem(
          place,
          [...path, "cuts"],
          "ascending thresholds",
          JSON.stringify(cuts),
          "Sort them, each once."
        )
      );
    return found;
  });
}

/** Without an explanation only label-only can be trained. */
function explanationsMissing(id: string, corpus: CorpusConfig, study: Study, place: Place): BadInput[] {
  const needed = [...study.arms.modes, ...study.arms.also.map(({mode}) => mode)].find(
    (mode) => mode !== "label-only"
  );
  if (corpus.reader === "embedded" || needed === undefined) return [];
  if (labelsFrom(corpus, study) === "judges") return []; // judges explain what they rate
  const explanations = "explanations" in corpus ? corpus.explanations : undefined;
  if (explanations === "raters") return [];
  const without = axesOfCorpus(corpus, study).filter((axis) => !explanations?.[axis]);
  if (without.length === 0) return [];
  return [
    problem(
      place,
      ["corpora", id, "explanations"],
      `explanations for ${without.join(", ")}, since mode ${needed} needs them`,
      "none",
      "Map a column to each axis (`explanations: {axis: column}`), say `explanations: raters`, or keep only mode label-only."
    )
  ];
}

function problem(place: Place, path: PropertyKey[], expected: string, found: string, mend: string): BadInput {
  return new BadInput({where: whereIs(path, place), expected, found, mend});
}
