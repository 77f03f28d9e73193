/** What contradicts itself about judges, prompts, merging and golden sets. */
import {BadInput} from "../../src/core/bad-input.js";
import {BUILT_IN, promptConfigs} from "../../src/core/judging/prompts.js";
import type {CorpusConfig, PromptConfig, Study} from "../../src/core/study.js";
import {identityOf} from "../judges/judge-identity.js";
import {axesJudged, hasOwnLabels, isJudged, isLabelledByPeople, labelsFrom} from "./corpus-axes.js";
import {nearest, whereIs} from "./describe-issue.js";
import type {Place} from "./describe-issue.js";

export function findJudgingContradictions(study: Study, place: Place): BadInput[] {
  return [
    ...Object.entries(study.corpora).flatMap(([id, corpus]) => corpusProblems(id, corpus, study, place)),
    ...sameJudges(study, place),
    ...promptProblems(study, place),
    ...mergeProblems(study, place),
    ...budgetWithoutPrices(study, place),
    ...tooManyVotesNeeded(study, place)
  ];
}

function corpusProblems(id: string, corpus: CorpusConfig, study: Study, place: Place): BadInput[] {
  if (corpus.reader === "embedded") return [];
  const at = (...keys: string[]) => ["corpora", id, ...keys];
  const found: BadInput[] = [];
  if (!hasSource(corpus))
    found.push(
      problem(
        place,
        at(),
        "`path` or `hub`, to read it from",
        "neither",
        "Say where its files are (`path`), or where `because fetch` gets them (`hub`)."
      )
    );
  if (corpus.labels_from === "own" && !hasOwnLabels(corpus))
    found.push(
      problem(
        place,
        at("labels_from"),
        "labels or scores of its own to take labels from",
        "none",
        "Map them (`labels` or `scores`), or say `labels_from: judges`."
      )
    );
  if (labelsFrom(corpus, study) === "judges" && corpus.judged === false)
    found.push(
      problem(
        place,
        at("judged"),
        "true, since its labels come from the judges",
        "false",
        "Remove `judged: false`, or `labels_from: judges`."
      )
    );
  else if (!isJudged(corpus, study) && !hasOwnLabels(corpus) && corpus.labels_from !== "own")
    found.push(unlabelled(corpus, at(), study, place));
  if (isJudged(corpus, study)) found.push(...judgedProblems(corpus, at(), study, place));
  if (isJudged(corpus, study) && "labels" in corpus && corpus.labels && corpus.labels_by === undefined)
    found.push(
      problem(
        place,
        at("labels_by"),
        "who gave the labels that it brings, since judges rate it too and are measured by people's alone",
        "nothing",
        "Say `labels_by: people`, or `labels_by: other` where a model or a rule gave them."
      )
    );
  return found;
}

/** Published corpora are read from a path, or fetched from the hub. */
function hasSource(corpus: Exclude<CorpusConfig, {reader: "embedded"}>): boolean {
  return corpus.path !== undefined || ("hub" in corpus && corpus.hub !== undefined);
}

function unlabelled(corpus: CorpusConfig, path: string[], study: Study, place: Place): BadInput {
  const judges = Object.keys(study.judges).length;
  const mends = [
    ...("columns" in corpus || "scores" in corpus ? ["map its own (`labels` or `scores`)"] : []),
    judges > 0 ? "remove `judged: false`" : "name judges (`judges`; see docs/judges.md)"
  ];
  return problem(
    place,
    path,
    "labels for at least one of the study's axes",
    judges > 0 ? "none, and the judges don't rate it" : "none, and no judges to give them",
    `${capital(mends.join(", or "))}.`
  );
}

function judgedProblems(corpus: CorpusConfig, path: string[], study: Study, place: Place): BadInput[] {
  const found: BadInput[] = [];
  if (Object.keys(study.judges).length === 0)
    found.push(
      problem(
        place,
        [...path, "judged"],
        "judges, since they are to rate this corpus",
        "none",
        "Name them under `judges` (see docs/judges.md), or remove what asks for them here."
      )
    );
  if (axesJudged(corpus, study).length === 0)
    found.push(
      problem(
        place,
        path,
        "an ordinal axis for the judges to rate it on, since they give scores",
        Object.entries(study.axes)
          .map(([axis, {kind}]) => `${axis} (${kind})`)
          .join(", "),
        "Add an axis whose labels have an order; nominal axes need labels of a corpus' own."
      )
    );
  return found;
}

/** One reply would count as the votes of both. */
function sameJudges({judges}: Study, place: Place): BadInput[] {
  const seen = new Map<string, string>();
  return Object.entries(judges).flatMap(([id, judge]) => {
    const identity = JSON.stringify(identityOf(judge));
    const other = seen.get(identity);
    seen.set(identity, other ?? id);
    if (other === undefined) return [];
    return [
      problem(
        place,
        ["judges", id],
        "judges that differ in service, model or parameters, since one reply to the same question is one vote",
        `${other} and ${id} are the same`,
        "Give one another seed or temperature, or remove it."
      )
    ];
  });
}

function promptProblems(study: Study, place: Place): BadInput[] {
  const {axis, positions} = shortestAxis(study);
  return Object.entries(study.prompts).flatMap(([id, config]) => {
    const [low, high] = scaleOf(config);
    const {map} = config;
    if (low >= high)
      return [
        problem(
          place,
          ["prompts", id, "scale"],
          "the lowest score before the highest",
          JSON.stringify([low, high]),
          "Swap or correct them."
        )
      ];
    if (!map) return [];
    const where = ["prompts", id, "map"];
    if (map.length !== high - low + 1)
      return [
        problem(
          place,
          where,
          `${high - low + 1} numbers, one for each score from ${low} to ${high}`,
          `${map.length}`,
          "Give one for each score of the scale."
        )
      ];
    if (map.some((value, i) => i > 0 && value <= map[i - 1]!))
      return [problem(place, where, "ascending numbers", JSON.stringify(map), "Sort them, each once.")];
    if (map[0]! < 1 || map.at(-1)! > positions)
      return [
        problem(
          place,
          where,
          `numbers from 1 to ${positions}, the positions of the labels of ${axis}`,
          JSON.stringify(map),
          "Labels are numbered from 1, and a map must fit every axis that judges rate."
        )
      ];
    return [];
  });
}

/** Of the axes that judges rate, the one with the fewest labels; where they rate none, of all. */
function shortestAxis(study: Study): {axis: string; positions: number} {
  const judged = Object.values(study.corpora).flatMap((corpus) => axesJudged(corpus, study));
  const axes = judged.length > 0 ? judged : Object.keys(study.axes);
  return axes
    .map((axis) => ({axis, positions: study.axes[axis]!.labels.length}))
    .reduce((least, each) => (each.positions < least.positions ? each : least));
}

function mergeProblems(study: Study, place: Place): BadInput[] {
  const {merge, judges, axes, golden, corpora} = study;
  const comparesWithPeople = Object.values(corpora).some(
    (corpus) => isLabelledByPeople(corpus) && axesJudged(corpus, study).length > 0
  );
  const found: BadInput[] = [];
  const known = Object.keys(judges);
  if (typeof merge.explanations === "object" && !known.includes(merge.explanations.judge)) {
    const {judge} = merge.explanations;
    const near = nearest(judge, known);
    found.push(
      problem(
        place,
        ["merge", "explanations", "judge"],
        known.length > 0 ? `one of the study's judges (${known.join(", ")})` : "one of the study's judges",
        `“${judge}”`,
        near ? `Did you mean “${near}”?` : "Name it under `judges`, or say `explanations: nearest`."
      )
    );
  }
  if (merge.scores === "best" && golden.length === 0 && !comparesWithPeople)
    found.push(
      problem(
        place,
        ["merge", "scores"],
        "people's ratings to choose the best rule by",
        "none: no `golden`, and no corpus that both people and judges rate",
        "Name ratings under `golden`, say `judged: true` at a corpus that people rated, or name a rule."
      )
    );
  const {cuts} = merge;
  if (!cuts) return found;
  const sizes = new Set(
    Object.values(axes)
      .filter(({kind}) => kind === "ordinal")
      .map(({labels}) => labels.length)
  );
  const where = ["merge", "cuts"];
  if ([...sizes].some((labels) => labels - 1 !== cuts.length))
    found.push(
      problem(
        place,
        where,
        `${[...sizes].map((labels) => labels - 1).join(" or ")} thresholds, one between each two neighbouring labels of every ordinal axis`,
        `${cuts.length}`,
        sizes.size > 1
          ? "Remove them: the axes have different numbers of labels, and one list can't fit all."
          : "Give one threshold between each two neighbouring labels."
      )
    );
  else if (cuts.some((cut, i) => i > 0 && cut <= cuts[i - 1]!))
    found.push(problem(place, where, "ascending thresholds", JSON.stringify(cuts), "Sort them, each once."));
  return found;
}

/** Money can only be counted where every judge has a price. */
function budgetWithoutPrices({judging, judges}: Study, place: Place): BadInput[] {
  if (judging.budget.money === undefined) return [];
  const without = Object.entries(judges).flatMap(([id, {price}]) => (price ? [] : [id]));
  if (without.length === 0) return [];
  return [
    problem(
      place,
      ["judging", "budget", "money"],
      "the price of every judge, so that spending can be counted",
      `none for ${without.join(", ")}`,
      "Add `price: {input: …, output: …}` (a million tokens) to each, 0 where it costs nothing, or use `budget.tokens`."
    )
  ];
}

/** An example gets one vote of each judge with each prompt, and no more. */
function tooManyVotesNeeded(study: Study, place: Place): BadInput[] {
  const votes = Object.keys(study.judges).length * promptConfigs(study.prompts).length;
  const {fewest} = study.judging;
  if (votes === 0 || fewest <= votes) return [];
  return [
    problem(
      place,
      ["judging", "fewest"],
      `at most ${votes}, the votes that an example gets (judges × prompts)`,
      String(fewest),
      "Lower it, or add judges or prompts."
    )
  ];
}

function scaleOf(config: PromptConfig): readonly [number, number] {
  return "built_in" in config ? BUILT_IN[config.built_in].scale : config.scale;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function problem(place: Place, path: PropertyKey[], expected: string, found: string, mend: string): BadInput {
  return new BadInput({where: whereIs(path, place), expected, found, mend});
}
