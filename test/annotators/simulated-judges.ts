/** Judges of known severity and reliability, and people who err less: what merging and agreement are tested on. */
import {emptyMatrix} from "../../src/core/judging/rating-matrix.js";
import type {JudgedItem, JudgeRater, RatedSet} from "../../src/core/judging/rated-set.js";
import type {Axis} from "../../src/core/conversation.js";
import {createRandom} from "../../src/core/random.js";

export interface Simulation {
  corpora: string[];
  axes: Axis[];
  raters: JudgeRater[];
  /** Dialogues of each corpus; each has two examples. */
  dialogues: number;
  /** Labels that a rater adds, by rater. */
  severities: number[];
  /** Standard deviation of each rater's error, in labels. */
  errors: number[];
  /** Share of votes that are missing. */
  missing: number;
  /** Share of examples that people rated. */
  golden: number;
  seed: number;
  /** Standard deviation of an error that all prompts of a judge share, in labels. */
  shared?: number;
  /** Standard deviation of each person's error, in labels. */
  peopleError?: number;
  /** Items with the places of their true labels, instead of as many dialogues of each corpus with labels by chance. */
  given?: {item: JudgedItem; truth: number}[];
  /** Corpora that people rated; all where it is not said. */
  rated?: string[];
}

export const FIVE = ["1", "2", "3", "4", "5"];

export function axisOf(id: string, labels = FIVE): Axis {
  return {id, title: id, question: `How ${id}?`, kind: "ordinal", labels};
}

export const SIMULATION: Simulation = {
  corpora: ["shop", "film"],
  axes: [axisOf("natural"), axisOf("helpful")],
  raters: ["mild", "fair", "harsh"].flatMap((judge) =>
    ["scale-4", "scale-5"].map((prompt) => ({judge, prompt}))
  ),
  dialogues: 40,
  severities: [0.6, 0.6, 0, 0, -0.6, -0.6],
  errors: [0.5, 0.5, 0.5, 0.5, 0.9, 0.9],
  missing: 0.1,
  golden: 0.4,
  seed: 1
};

/** A rated set, and the truth behind it: places of labels, from 0. */
export function simulate(changes: Partial<Simulation> = {}): {set: RatedSet; truth: number[]} {
  const {corpora, axes, raters, dialogues, severities, errors, missing, golden, seed, ...more} = {
    ...SIMULATION,
    ...changes
  };
  const {shared = 0, peopleError = 0.4, given, rated = given?.map(({item}) => item.corpus) ?? corpora} = more;
  const judges = [...new Set(raters.map(({judge}) => judge))];
  const byPeople = new Set(rated);
  const random = createRandom("simulated judges", seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  const items = given?.map(({item}) => item) ?? drawnItems({corpora, axes, dialogues});
  const matrix = emptyMatrix(items.length, raters.length);
  const people: (number[] | null)[] = [];
  const places = Int16Array.from(items, () => -1);
  const labelsOf = new Map(axes.map((axis) => [axis.id, axis.labels.length]));
  const truth = items.map(({corpus, axis}, item) => {
    const last = labelsOf.get(axis)! - 1;
    const within = (place: number) => Math.min(last, Math.max(0, Math.round(place)));
    const own = given ? given[item]!.truth : random.below(last + 1);
    const seen = new Map(judges.map((judge) => [judge, shared > 0 ? own + shared * normal() : own]));
    raters.forEach(({judge, prompt}, rater) => {
      const place = seen.get(judge)! + severities[rater]! + errors[rater]! * normal();
      if (random.unit() < missing) return;
      const steps = prompt.startsWith("scale-4") ? 3 : last;
      const score = Math.min(steps, Math.max(0, Math.round((place / last) * steps)));
      matrix.positions[item * raters.length + rater] = 1 + (score / steps) * last;
    });
    if (byPeople.has(corpus) && random.unit() < golden) {
      people.push([0, 1, 2].map(() => within(own + peopleError * normal())));
      const mean = people.at(-1)!.reduce((sum, place) => sum + place, 0) / 3;
      places[item] = within(mean);
    } else people.push(null);
    return own;
  });
  return {set: {axes, items, raters, matrix, golden: places, people}, truth};
}

function drawnItems({
  corpora,
  axes,
  dialogues
}: Pick<Simulation, "corpora" | "axes" | "dialogues">): JudgedItem[] {
  return corpora.flatMap((corpus) =>
    Array.from({length: 2 * dialogues}, (_, example) =>
      axes.map((axis) => ({
        corpus,
        example_id: `${corpus}-${example}`,
        dialogue_id: `d${example >> 1}`,
        axis: axis.id
      }))
    ).flat()
  );
}
