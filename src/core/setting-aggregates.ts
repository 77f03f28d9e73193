/** Robust aggregates of each arm over settings × trainings: what another training in another setting may give. */
import type {LevelRow, StudyFacts} from "./cubes.js";
import {betterSign} from "./measures.js";
import {selectedArms, type Selection, type StudyArm} from "./selection.js";
import {scoresBySeed} from "./setting-scores.js";
import {NO_INTERVAL, type Interval} from "./statistics/cluster-bootstrap.js";
import {interquartileMean, probabilityOfImprovement, type Scores} from "./statistics/robust-aggregates.js";
import {FEW_SEEDS, seedBootstrap, type SeedBootstrap} from "./statistics/seed-bootstrap.js";

/** A statistic with what single trainings give, and an interval where there are {@link FEW_SEEDS} of them at least. */
export interface Aggregate extends Interval {
  value: number;
  seeds: number[];
}

export interface ArmAggregates {
  arm: StudyArm;
  /** Settings × seeds, in the measure's own unit. */
  scores: Scores;
  interquartileMean: Aggregate;
  /** Probability that a training is better than one of label-only in the same setting; null for label-only. */
  improvement: Aggregate | null;
}

/** Enough that the ends of an interval don't move in its figure. */
const DRAWS = 400;
/** Results by cube and selection: the bootstrap takes longer than drawing them. */
const kept = new WeakMap<object, Map<string, ArmAggregates[]>>();

/** Aggregates of the selected arms over the selection's settings; those in which every arm has every seed. */
export function armAggregates(
  levels: readonly LevelRow[],
  study: StudyFacts,
  selection: Selection
): ArmAggregates[] {
  const arms = selectedArms(selection, study);
  const {measure, corpus, axis} = selection;
  const key = [measure, corpus, axis, ...arms.map(({id}) => id)].join(" ");
  const ofCube = kept.get(levels) ?? new Map<string, ArmAggregates[]>();
  kept.set(levels, ofCube);
  const found =
    ofCube.get(key) ?? aggregate(arms, scoresBySeed(levels, study, {arms, selection}), {measure, study});
  ofCube.set(key, found);
  return found;
}

function aggregate(
  arms: StudyArm[],
  scores: Scores[],
  {measure, study}: {measure: Selection["measure"]; study: StudyFacts}
): ArmAggregates[] {
  const {regime} = study;
  const sign = betterSign(measure);
  const base = scores[arms.findIndex(({mode}) => mode === "label-only")];
  const improvement = (own: Scores, other: Scores) =>
    sign > 0 ? probabilityOfImprovement(own, other) : probabilityOfImprovement(other, own);
  return arms.map((arm, i) => ({
    arm,
    scores: scores[i]!,
    interquartileMean: withSeeds([scores[i]!], interquartileMean, regime),
    improvement:
      arm.mode === "label-only" || !base || sign === 0
        ? null
        : withSeeds([scores[i]!, base], improvement, regime)
  }));
}

function withSeeds(
  scores: Scores[],
  statistic: (...scores: Scores[]) => number,
  regime: SeedBootstrap["regime"]
): Aggregate {
  const seeds = scores[0]?.[0]?.length ?? 0;
  const single = (seed: number) => scores.map((own) => own.map((values) => [values[seed]!]));
  return {
    value: statistic(...scores),
    seeds: Array.from({length: seeds}, (_, seed) => statistic(...single(seed))),
    ...(seeds < FEW_SEEDS ? NO_INTERVAL : seedBootstrap(scores, statistic, {regime, draws: DRAWS}))
  };
}
